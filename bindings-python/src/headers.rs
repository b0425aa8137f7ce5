//! Headers, as the caller passes them.

use crate::arguments::{is_text_like, presented};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use sandgate::Header;
use std::borrow::Cow;

/// A header: `None`, its value, or an iterable of all its values.
pub(crate) enum HeaderValues<'a, 'py> {
    /// Most headers are absent or one text.
    One(Option<&'a Bound<'py, PyAny>>),
    All(Vec<Bound<'py, PyAny>>),
}

impl<'a, 'py> HeaderValues<'a, 'py> {
    pub(crate) fn new(value: Option<&'a Bound<'py, PyAny>>) -> PyResult<Self> {
        match value {
            Some(value) if !is_text_like(value) => all(value).map(Self::All),
            _ => Ok(Self::One(value)),
        }
    }

    /// Each value as bytes.
    pub(crate) fn presented(&self, name: &str) -> PyResult<Presented<'_>> {
        match self {
            Self::One(value) => value.map(|value| presented(value, name)).transpose().map(Presented::One),
            Self::All(values) => {
                values.iter().map(|value| presented(value, name)).collect::<PyResult<_>>().map(Presented::All)
            }
        }
    }
}

#[cold]
fn all<'py>(value: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    if let Ok(list) = value.cast::<PyList>() {
        return Ok(list.iter().collect());
    }
    if let Ok(tuple) = value.cast::<PyTuple>() {
        return Ok(tuple.iter().collect());
    }
    match value.try_iter() {
        Ok(values) => values.collect(),
        // Not an iterable: `presented` names its type. Keep an error that `__iter__` itself raises.
        Err(error) if error.is_instance_of::<PyTypeError>(value.py()) => Ok(vec![value.clone()]),
        Err(error) => Err(error),
    }
}

/// The values of a header that a client presents.
pub(crate) enum Presented<'a> {
    One(Option<Cow<'a, [u8]>>),
    All(Vec<Cow<'a, [u8]>>),
}

impl Presented<'_> {
    pub(crate) fn header(&self) -> Header<'_> {
        match self {
            Self::One(value) => value.as_deref().into(),
            Self::All(values) => values.iter().map(Cow::as_ref).collect(),
        }
    }

    pub(crate) fn lines(&self) -> Vec<&[u8]> {
        match self {
            Self::One(value) => value.as_deref().into_iter().collect(),
            Self::All(values) => values.iter().map(Cow::as_ref).collect(),
        }
    }
}
