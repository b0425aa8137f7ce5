//! The mapping in which a server describes a request.

use pyo3::exceptions::PyKeyError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

/// Servers pass a `dict`. Other mappings, which middleware or a test may pass, are read by their own methods.
#[derive(Clone, Copy)]
pub(crate) enum Mapping<'a, 'py> {
    Dict(&'a Bound<'py, PyDict>),
    Other(&'a Bound<'py, PyAny>),
}

impl<'a, 'py> Mapping<'a, 'py> {
    pub(crate) fn new(mapping: &'a Bound<'py, PyAny>) -> Self {
        // A subclass may have methods of its own.
        mapping.cast_exact::<PyDict>().map_or(Self::Other(mapping), Self::Dict)
    }

    pub(crate) fn py(self) -> Python<'py> {
        match self {
            Self::Dict(dict) => dict.py(),
            Self::Other(other) => other.py(),
        }
    }

    /// The value under a name, or none.
    #[inline]
    pub(crate) fn get(self, name: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyAny>>> {
        match self {
            Self::Dict(dict) => dict.get_item(name),
            Self::Other(other) => other.contains(name)?.then(|| other.get_item(name)).transpose(),
        }
    }

    /// The value under a name, or a `KeyError`.
    #[inline]
    pub(crate) fn item(self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Dict(dict) => dict.get_item(name)?.ok_or_else(|| PyKeyError::new_err(name.clone().unbind())),
            Self::Other(other) => other.get_item(name),
        }
    }

    /// A new dict with the same values.
    pub(crate) fn copy(self) -> PyResult<Bound<'py, PyDict>> {
        match self {
            Self::Dict(dict) => dict.copy(),
            Self::Other(other) => {
                let copy = PyDict::new(other.py());
                copy.call_method1(intern!(other.py(), "update"), (other,))?;
                Ok(copy)
            }
        }
    }
}
