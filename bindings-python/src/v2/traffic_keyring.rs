//! The edge's keyring.

use crate::arguments::{self, bytes, key_id, misuse, presented, sandbox_id};
use crate::errors::denied;
use crate::secrecy::refuse_pickling;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use sandgate::boxed;
use sandgate::v2::TrafficRoot;

/// 1 to 8 traffic roots (`sg2r.…`) with distinct key ids: the first one derives, all verify. They open no controller.
///
/// >>> root = sandgate.v2.traffic_root("a", "a seed of at least 32 bytes, kept secret")
/// >>> edge = sandgate.v2.TrafficKeyring(root)
/// >>> edge.is_valid_traffic_token("abc", edge.traffic_token("abc"))
/// True
#[pyclass(frozen, module = "sandgate.v2")]
pub(crate) struct TrafficKeyring(pub(crate) Box<sandgate::v2::TrafficKeyring>);

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

fn read_root(value: &Bound<'_, PyAny>) -> PyResult<TrafficRoot> {
    TrafficRoot::try_from(bytes(value, "root")?).map_err(misuse("root"))
}

#[pymethods]
impl TrafficKeyring {
    #[new]
    #[pyo3(signature = (root, /, *more))]
    fn new(root: &Bound<'_, PyAny>, more: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let keyring = boxed(|| {
            let mut keyring = sandgate::v2::TrafficKeyring::new(&read_root(root)?).map_err(misuse("root"))?;
            for root in more {
                keyring.add(&read_root(&root)?).map_err(misuse("root"))?;
            }
            Ok(keyring)
        });
        keyring.map(Self)
    }

    /// Derives the sandbox's traffic token, 50 characters.
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

    fn __repr__(&self) -> &'static str {
        "<sandgate.v2.TrafficKeyring>"
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.v2.TrafficKeyring")
    }
}

/// Returns the traffic root of a seed, `sg2r.…`, for the configuration of an edge. It is a secret.
#[pyfunction]
#[pyo3(signature = (key_id, seed, /))]
pub(crate) fn traffic_root<'py>(key_id: &Bound<'py, PyAny>, seed: &Bound<'_, PyAny>) -> PyResult<Bound<'py, PyString>> {
    let py = key_id.py();
    let root = TrafficRoot::derive(self::key_id(key_id, "key_id")?, bytes(seed, "seed")?).map_err(misuse("seed"))?;
    PyString::from_bytes(py, root.expose_bytes())
}
