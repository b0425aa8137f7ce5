//! The classes that the package defines in Python and that the extension instantiates.

use crate::arguments::value_error;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString};

static KEPT: PyOnceLock<Py<PyDict>> = PyOnceLock::new();

/// Keeps the first class passed for each name, and returns the kept classes. A process loads the extension once, but may
/// import the package again or under another name; every import then uses the classes of the first one.
#[pyfunction]
#[pyo3(signature = (classes, /))]
pub(crate) fn keep_classes<'py>(classes: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyDict>> {
    let py = classes.py();
    let kept = KEPT.get_or_init(py, || PyDict::new(py).unbind()).bind(py);
    let first = PyDict::new(py);
    for (name, class) in classes {
        first.set_item(&name, kept.call_method1(intern!(py, "setdefault"), (&name, class))?)?;
    }
    Ok(first)
}

/// Returns the class that is kept under this name.
pub(crate) fn class<'py>(name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    let kept = KEPT.get(name.py()).map(|kept| kept.bind(name.py()).get_item(name)).transpose()?.flatten();
    kept.ok_or_else(|| value_error("sandgate", "the package must be imported first"))
}
