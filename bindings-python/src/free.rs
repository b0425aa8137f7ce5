//! Functions that need no object.

use crate::arguments::{bytes, misuse, presented};
use pyo3::prelude::*;
use sandgate::SandboxId;

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

/// Returns the id of a sandbox that an old client calls `{sandboxID}-{clientID}`: the part before the first `-`. An id without
/// a `-` is returned unchanged. Shorten an id before you derive from it: the long form has other tokens.
///
/// >>> sandgate.shorten_sandbox_id("i94gcaqbpvohfr764s5l-2f7b3ac1")
/// 'i94gcaqbpvohfr764s5l'
#[pyfunction]
#[pyo3(signature = (sandbox_id, /))]
pub(crate) fn shorten_sandbox_id(sandbox_id: &Bound<'_, PyAny>) -> PyResult<String> {
    let id = SandboxId::shorten(bytes(sandbox_id, "sandbox_id")?).map_err(misuse("sandbox_id"))?;
    Ok(id.as_str().to_owned())
}
