//! What needs no object.

use crate::arguments::presented;
use pyo3::prelude::*;

/// Whether two secrets are equal, in time that depends on their lengths alone.
///
/// >>> sandgate.equal("right", b"right"), sandgate.equal("right", "wrong")
/// (True, False)
#[pyfunction]
#[pyo3(signature = (a, b, /))]
pub(crate) fn equal(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(sandgate::compare::equal(&presented(a, "a")?, &presented(b, "b")?))
}

/// What a log may show of a token: 8 hex digits of its SHA-256.
///
/// >>> sandgate.fingerprint("abc")
/// 'ba7816bf'
#[pyfunction]
#[pyo3(signature = (token, /))]
pub(crate) fn fingerprint(token: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(sandgate::fingerprint(&presented(token, "token")?).as_str().to_owned())
}
