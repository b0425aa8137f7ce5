//! Functions that need no object.

use crate::arguments::presented;
use pyo3::prelude::*;

/// Returns whether two secrets are equal. The time depends only on their lengths.
///
/// >>> sandgate.equal("right", b"right"), sandgate.equal("right", "wrong")
/// (True, False)
#[pyfunction]
#[pyo3(signature = (a, b, /))]
pub(crate) fn equal(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(sandgate::compare::equal(&presented(a, "a")?, &presented(b, "b")?))
}

/// Returns 8 hex digits of a token's SHA-256, which a log may show.
///
/// >>> sandgate.fingerprint("abc")
/// 'ba7816bf'
#[pyfunction]
#[pyo3(signature = (token, /))]
pub(crate) fn fingerprint(token: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(sandgate::fingerprint(&presented(token, "token")?).as_str().to_owned())
}
