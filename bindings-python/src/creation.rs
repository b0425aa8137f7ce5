//! The decision at creation.

use crate::arguments::{flag, presented};
use crate::errors::refused;
use pyo3::prelude::*;
use sandgate::creation::{Options, read_version};

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// Returns `(access_token, traffic_token)`: which credentials a new sandbox gets. `allow_public_traffic` is None if the
/// request does not mention it.
#[pyfunction]
#[pyo3(signature = (secure, allow_public_traffic, restricted_by_default, envd_version))]
pub(crate) fn decide(
    py: Python<'_>,
    secure: Option<bool>,
    allow_public_traffic: Option<bool>,
    restricted_by_default: &Bound<'_, PyAny>,
    envd_version: Any<'_, '_>,
) -> PyResult<(bool, bool)> {
    let envd_version = envd_version.map(|version| presented(version, "envd_version")).transpose()?;
    let envd_version = envd_version.as_deref().map(read_version);
    let restricted_by_default = flag(restricted_by_default, "restricted_by_default")?;
    let options = Options { secure, allow_public_traffic, restricted_by_default, envd_version };
    let credentials = sandgate::creation::decide(&options).map_err(|why| refused(py, why))?;
    Ok((credentials.access_token, credentials.traffic_token))
}
