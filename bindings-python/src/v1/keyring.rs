//! The deployment's seeds, v1.

use crate::arguments::{bytes, misuse, presented, sandbox_id};
use crate::errors::denied;
use crate::secrecy::refuse_pickling;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use sandgate::boxed;

/// 1 to 8 seeds of at least 16 bytes each: the first one derives tokens, all verify them.
///
/// >>> keyring = sandgate.v1.Keyring("a seed of at least 16 bytes")
/// >>> token = keyring.access_token("i94gcaqbpvohfr764s5l")
/// >>> keyring.verify_access_token("i94gcaqbpvohfr764s5l", token)
/// >>> keyring.is_valid_access_token("another", token)
/// False
#[pyclass(frozen, module = "sandgate.v1")]
pub(crate) struct Keyring(pub(crate) Box<sandgate::v1::Keyring>);

#[pymethods]
impl Keyring {
    #[new]
    #[pyo3(signature = (seed, /, *more))]
    fn new(seed: &Bound<'_, PyAny>, more: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let keyring = boxed(|| {
            let mut keyring = sandgate::v1::Keyring::new(bytes(seed, "seed")?).map_err(misuse("seed"))?;
            for seed in more {
                keyring.add(bytes(&seed, "seed")?).map_err(misuse("seed"))?;
            }
            Ok(keyring)
        });
        keyring.map(Self)
    }

    /// Derives the sandbox's access token, 64 hex digits.
    #[pyo3(signature = (sandbox_id, /))]
    fn access_token<'py>(&self, sandbox_id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
        self.0.with_access_token(&self::sandbox_id(sandbox_id, "sandbox_id")?, |token| {
            PyString::from_bytes(sandbox_id.py(), token)
        })
    }

    /// Derives the sandbox's traffic token, 64 hex digits.
    #[pyo3(signature = (sandbox_id, /))]
    fn traffic_token<'py>(&self, sandbox_id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
        self.0.with_traffic_token(&self::sandbox_id(sandbox_id, "sandbox_id")?, |token| {
            PyString::from_bytes(sandbox_id.py(), token)
        })
    }

    /// Raises unless a seed derives this access token.
    #[pyo3(signature = (sandbox_id, presented, /))]
    fn verify_access_token(&self, sandbox_id: &Bound<'_, PyAny>, presented: &Bound<'_, PyAny>) -> PyResult<()> {
        let id = self::sandbox_id(sandbox_id, "sandbox_id")?;
        let answer = self.0.verify_access_token(&id, &self::presented(presented, "presented")?);
        answer.map_err(|refusal| denied(presented.py(), refusal))
    }

    /// Raises unless a seed derives this traffic token.
    #[pyo3(signature = (sandbox_id, presented, /))]
    fn verify_traffic_token(&self, sandbox_id: &Bound<'_, PyAny>, presented: &Bound<'_, PyAny>) -> PyResult<()> {
        let id = self::sandbox_id(sandbox_id, "sandbox_id")?;
        let answer = self.0.verify_traffic_token(&id, &self::presented(presented, "presented")?);
        answer.map_err(|refusal| denied(presented.py(), refusal))
    }

    /// Whether a seed derives this access token.
    #[pyo3(signature = (sandbox_id, presented, /))]
    fn is_valid_access_token(&self, sandbox_id: &Bound<'_, PyAny>, presented: &Bound<'_, PyAny>) -> PyResult<bool> {
        let id = self::sandbox_id(sandbox_id, "sandbox_id")?;
        Ok(self.0.is_valid_access_token(&id, &self::presented(presented, "presented")?))
    }

    /// Whether a seed derives this traffic token.
    #[pyo3(signature = (sandbox_id, presented, /))]
    fn is_valid_traffic_token(&self, sandbox_id: &Bound<'_, PyAny>, presented: &Bound<'_, PyAny>) -> PyResult<bool> {
        let id = self::sandbox_id(sandbox_id, "sandbox_id")?;
        Ok(self.0.is_valid_traffic_token(&id, &self::presented(presented, "presented")?))
    }

    fn __repr__(&self) -> &'static str {
        "<sandgate.v1.Keyring>"
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.v1.Keyring")
    }
}
