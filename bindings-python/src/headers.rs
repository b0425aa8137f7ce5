//! Headers as the caller has them, and which requests a middleware lets through without credentials.

use crate::arguments::presented;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use sandgate::Header;
use std::borrow::Cow;

/// A header: `None`, its value, or a list or tuple of all the values that were given.
pub(crate) struct HeaderValues<'py>(Vec<Bound<'py, PyAny>>);

impl<'py> HeaderValues<'py> {
    pub(crate) fn new(value: Option<&Bound<'py, PyAny>>) -> Self {
        let Some(value) = value else { return Self(Vec::new()) };
        if let Ok(list) = value.cast::<PyList>() {
            return Self(list.iter().collect());
        }
        if let Ok(tuple) = value.cast::<PyTuple>() {
            return Self(tuple.iter().collect());
        }
        Self(vec![value.clone()])
    }

    /// Each value as bytes.
    pub(crate) fn presented(&self, name: &str) -> PyResult<Presented<'_>> {
        self.0.iter().map(|value| presented(value, name)).collect::<PyResult<_>>().map(Presented)
    }
}

/// The values of a header that a client presents.
pub(crate) struct Presented<'a>(Vec<Cow<'a, [u8]>>);

impl Presented<'_> {
    pub(crate) fn header(&self) -> Header<'_> {
        self.0.iter().map(Cow::as_ref).collect()
    }

    pub(crate) fn lines(&self) -> Vec<&[u8]> {
        self.0.iter().map(Cow::as_ref).collect()
    }
}

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
        &presented(method, "method")?,
        origin.presented("origin")?.header(),
        request_method.presented("request_method")?.header(),
        upgrade.presented("upgrade")?.header(),
    ))
}
