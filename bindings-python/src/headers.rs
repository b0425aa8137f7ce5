//! Which requests a middleware lets through without credentials.

use crate::arguments::{HeaderValues, bytes};
use pyo3::prelude::*;

/// Whether a browser asks what it may send. Each header is a list of all its values.
#[pyfunction]
#[pyo3(signature = (method, origin, request_method, upgrade))]
pub(crate) fn is_preflight(
    method: &Bound<'_, PyAny>,
    origin: &Bound<'_, PyAny>,
    request_method: &Bound<'_, PyAny>,
    upgrade: &Bound<'_, PyAny>,
) -> PyResult<bool> {
    let [origin, request_method, upgrade] =
        [origin, request_method, upgrade].map(|header| HeaderValues::new(Some(header)));
    Ok(sandgate::headers::is_preflight(
        bytes(method, "method")?,
        origin.header("origin")?,
        request_method.header("request_method")?,
        upgrade.header("upgrade")?,
    ))
}
