//! The deployment's seeds, v2.

use super::TrafficKeyring;
use crate::arguments::{self, bytes, instance, key_id, misuse, presented, sandbox_id, value_error};
use crate::errors::denied;
use crate::secrecy::refuse_pickling;
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyString};
use sandgate::boxed;
use std::convert::Infallible;

/// 1 to 8 seeds of at least 32 bytes each by their key ids, one of `[0-9a-z]`: the first one derives tokens, all verify
/// them. Generations start at 0; a new one revokes what was made for the one before.
///
/// >>> keyring = sandgate.v2.Keyring({"a": "a seed of at least 32 bytes, kept secret"})
/// >>> token = keyring.access_token("i94gcaqbpvohfr764s5l")
/// >>> token[:7], len(token)
/// ('sg2a.a.', 50)
/// >>> keyring.is_valid_access_token("i94gcaqbpvohfr764s5l", token, generation=1)
/// False
#[pyclass(frozen, module = "sandgate.v2")]
pub(crate) struct Keyring(Box<sandgate::v2::Keyring>);

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

#[pymethods]
impl Keyring {
    #[new]
    #[pyo3(signature = (seeds, /))]
    fn new(seeds: &Bound<'_, PyAny>) -> PyResult<Self> {
        let keyring = boxed(|| {
            let mut keyring: Option<sandgate::v2::Keyring> = None;
            for item in instance::<PyMapping>(seeds, "seeds", "a mapping of key ids to seeds")?.items()? {
                let (kid, seed): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
                let (kid, seed) = (key_id(&kid, "seeds")?, bytes(&seed, "seeds")?);
                match &mut keyring {
                    Some(keyring) => keyring.add(kid, seed).map_err(misuse("seeds"))?,
                    None => keyring = Some(sandgate::v2::Keyring::new(kid, seed).map_err(misuse("seeds"))?),
                }
            }
            keyring.ok_or_else(|| value_error("seeds", "must contain at least one seed"))
        });
        keyring.map(Self)
    }

    /// The sandbox's access token, 50 characters.
    #[pyo3(signature = (sandbox_id, /, *, generation=None))]
    fn access_token<'py>(
        &self,
        sandbox_id: &Bound<'py, PyAny>,
        generation: Any<'_, '_>,
    ) -> PyResult<Bound<'py, PyString>> {
        let id = self::sandbox_id(sandbox_id, "sandbox_id")?;
        self.0.with_access_token(&id, arguments::generation(generation)?, |token| {
            PyString::from_bytes(sandbox_id.py(), token)
        })
    }

    /// The sandbox's traffic token, 50 characters. Its generation is counted separately.
    #[pyo3(signature = (sandbox_id, /, *, generation=None))]
    fn traffic_token<'py>(
        &self,
        sandbox_id: &Bound<'py, PyAny>,
        generation: Any<'_, '_>,
    ) -> PyResult<Bound<'py, PyString>> {
        let id = self::sandbox_id(sandbox_id, "sandbox_id")?;
        self.0.with_traffic_token(&id, arguments::generation(generation)?, |token| {
            PyString::from_bytes(sandbox_id.py(), token)
        })
    }

    /// Raises unless this is the sandbox's access token.
    #[pyo3(signature = (sandbox_id, presented, /, *, generation=None))]
    fn verify_access_token(
        &self,
        sandbox_id: &Bound<'_, PyAny>,
        presented: &Bound<'_, PyAny>,
        generation: Any<'_, '_>,
    ) -> PyResult<()> {
        let (id, generation) = (self::sandbox_id(sandbox_id, "sandbox_id")?, arguments::generation(generation)?);
        let answer = self.0.verify_access_token(&id, generation, &self::presented(presented, "presented")?);
        answer.map_err(|refusal| denied(presented.py(), refusal))
    }

    /// Raises unless this is the sandbox's traffic token.
    #[pyo3(signature = (sandbox_id, presented, /, *, generation=None))]
    fn verify_traffic_token(
        &self,
        sandbox_id: &Bound<'_, PyAny>,
        presented: &Bound<'_, PyAny>,
        generation: Any<'_, '_>,
    ) -> PyResult<()> {
        let (id, generation) = (self::sandbox_id(sandbox_id, "sandbox_id")?, arguments::generation(generation)?);
        let answer = self.0.verify_traffic_token(&id, generation, &self::presented(presented, "presented")?);
        answer.map_err(|refusal| denied(presented.py(), refusal))
    }

    /// Whether this is the sandbox's access token.
    #[pyo3(signature = (sandbox_id, presented, /, *, generation=None))]
    fn is_valid_access_token(
        &self,
        sandbox_id: &Bound<'_, PyAny>,
        presented: &Bound<'_, PyAny>,
        generation: Any<'_, '_>,
    ) -> PyResult<bool> {
        let (id, generation) = (self::sandbox_id(sandbox_id, "sandbox_id")?, arguments::generation(generation)?);
        Ok(self.0.is_valid_access_token(&id, generation, &self::presented(presented, "presented")?))
    }

    /// Whether this is the sandbox's traffic token.
    #[pyo3(signature = (sandbox_id, presented, /, *, generation=None))]
    fn is_valid_traffic_token(
        &self,
        sandbox_id: &Bound<'_, PyAny>,
        presented: &Bound<'_, PyAny>,
        generation: Any<'_, '_>,
    ) -> PyResult<bool> {
        let (id, generation) = (self::sandbox_id(sandbox_id, "sandbox_id")?, arguments::generation(generation)?);
        Ok(self.0.is_valid_traffic_token(&id, generation, &self::presented(presented, "presented")?))
    }

    /// Returns the keyring for an edge. It holds everything that traffic needs, and opens no controller.
    fn traffic(&self) -> TrafficKeyring {
        let Ok(keyring) = boxed(|| Ok::<_, Infallible>(self.0.traffic().clone()));
        TrafficKeyring(keyring)
    }

    fn __repr__(&self) -> &'static str {
        "<sandgate.v2.Keyring>"
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.v2.Keyring")
    }
}
