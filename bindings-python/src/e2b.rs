//! The SDK's own function, for `sandgate.e2b`.

use crate::arguments::{as_integer, bytes, in_range, misuse, operation, out_of_range, type_error, value_error};
use crate::clock;
use crate::v2::unsignable;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use pyo3::{intern, pyfunction};
use sandgate::e2b::{self, SignError};
use sandgate::{Misuse, UnixSeconds};

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// The signature of a file URL, as the SDK of E2B makes it; with an access token of v2 (`sg2a.…`) it is one of v2, which
/// requires an expiration.
///
/// >>> sandgate.e2b.get_signature("/a.txt", "read", "user", "the sandbox's access token")
/// {'signature': 'v1_/Wu38pQLAVgnXLo5RUJk36JmzOgeUPL/E/7C8EDlx64', 'expiration': None}
#[pyfunction]
#[pyo3(signature = (path, operation, user, envd_access_token, expiration_in_seconds=None))]
pub(crate) fn get_signature<'py>(
    path: &Bound<'py, PyAny>,
    operation: &Bound<'py, PyAny>,
    user: Any<'_, 'py>,
    envd_access_token: Any<'_, 'py>,
    expiration_in_seconds: Any<'_, 'py>,
) -> PyResult<Bound<'py, PyDict>> {
    let py = path.py();
    let token = envd_access_token.map(|token| bytes(token, "envd_access_token")).transpose()?.unwrap_or_default();
    if token.is_empty() {
        // The SDK's words.
        let message = "Access token is not set and signature cannot be generated!";
        return Err(pyo3::exceptions::PyValueError::new_err(message));
    }
    let (path, operation) = (bytes(path, "path")?, self::operation(Some(operation))?);
    let user = user.map(|user| bytes(user, "user")).transpose()?;
    let expires = expiration_in_seconds.map(|lifetime| end(lifetime)).transpose()?;
    let signature = e2b::sign(token, operation, path, user.unwrap_or_default(), expires).map_err(unsigned)?;
    let made = PyDict::new(py);
    made.set_item(intern!(py, "signature"), PyString::from_bytes(py, signature.as_bytes())?)?;
    made.set_item(intern!(py, "expiration"), expires.map(UnixSeconds::get))?;
    Ok(made)
}

/// Which argument core found wrong.
fn unsigned(error: SignError) -> PyErr {
    match error {
        SignError::Misuse(
            wrong @ (Misuse::Token | Misuse::TokenShape | Misuse::TrafficTokenGiven | Misuse::TrafficRootGiven),
        ) => misuse("envd_access_token")(wrong),
        SignError::Misuse(wrong) => unsignable(wrong),
        no_expiry => value_error("expiration_in_seconds", no_expiry),
    }
}

/// This number of seconds from now; 0 is now.
fn end(lifetime: &Bound<'_, PyAny>) -> PyResult<UnixSeconds> {
    let name = "expiration_in_seconds";
    let seconds = as_integer(lifetime).ok_or_else(|| type_error(name, "int or None", lifetime))?;
    let end = clock::now(None)?.get().checked_add(in_range(seconds, name)?);
    end.map(UnixSeconds::new).ok_or_else(|| out_of_range(name))
}
