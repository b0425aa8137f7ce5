//! Objects that hold a secret cannot be pickled.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

pub(crate) fn refuse_pickling(name: &str) -> PyResult<Py<PyAny>> {
    Err(PyTypeError::new_err(format!("cannot pickle a {name}: it holds a secret")))
}
