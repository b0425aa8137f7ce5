//! Headers, as the caller passes them.

use crate::arguments::{is_text_like, presented};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use sandgate::Header;
use std::borrow::Cow;

/// A header: `None`, its value, or an iterable of all its values.
pub(crate) struct HeaderValues<'py>(Vec<Bound<'py, PyAny>>);

impl<'py> HeaderValues<'py> {
    pub(crate) fn new(value: Option<&Bound<'py, PyAny>>) -> PyResult<Self> {
        let Some(value) = value else { return Ok(Self(Vec::new())) };
        if is_text_like(value) {
            return Ok(Self(vec![value.clone()]));
        }
        if let Ok(list) = value.cast::<PyList>() {
            return Ok(Self(list.iter().collect()));
        }
        if let Ok(tuple) = value.cast::<PyTuple>() {
            return Ok(Self(tuple.iter().collect()));
        }
        match value.try_iter() {
            Ok(values) => values.collect::<PyResult<_>>().map(Self),
            // Not an iterable: `presented` names its type. Keep an error that `__iter__` itself raises.
            Err(error) if error.is_instance_of::<PyTypeError>(value.py()) => Ok(Self(vec![value.clone()])),
            Err(error) => Err(error),
        }
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
