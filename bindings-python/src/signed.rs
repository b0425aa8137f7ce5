//! A signature together with the expiry that was signed.

use crate::classes::class;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;
use sandgate::UnixSeconds;

/// A `Signed` of the package.
pub(crate) fn make<'py>(
    py: Python<'py>,
    signature: &[u8],
    expires: Option<UnixSeconds>,
) -> PyResult<Bound<'py, PyAny>> {
    let signature = PyString::from_bytes(py, signature)?;
    class(intern!(py, "Signed"))?.call1((signature, expires.map(UnixSeconds::get)))
}
