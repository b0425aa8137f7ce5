//! Finds the sandbox and the port of a request from its host and its routing headers.

use crate::arguments::{port, sandbox_id};
use crate::errors::denied;
use crate::headers::HeaderValues;
use pyo3::prelude::*;

/// The sandbox and the port that a request is for. Its `str` is the host's label for this route.
///
/// >>> route = sandgate.Route.parse("8080-i94gcaqbpvohfr764s5l.e2b.app")
/// >>> route.sandbox_id, route.port, str(route)
/// ('i94gcaqbpvohfr764s5l', 8080, '8080-i94gcaqbpvohfr764s5l')
#[pyclass(frozen, module = "sandgate", eq, hash)]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Route(pub(crate) sandgate::Route);

#[pymethods]
impl Route {
    #[new]
    #[pyo3(signature = (sandbox_id, port, /))]
    fn new(sandbox_id: &Bound<'_, PyAny>, port: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(sandgate::Route::new(self::sandbox_id(sandbox_id, "sandbox_id")?, self::port(port, "port")?)))
    }

    /// Parses `{port}-{sandbox_id}[-…].{domain}`, or the routing headers if the host names no sandbox. Each header is None,
    /// its value, or an iterable of all its values. Raises a refusal that an edge answers with 400.
    #[staticmethod]
    #[pyo3(signature = (host, *, sandbox_id=None, port=None))]
    fn parse<'py>(
        host: &Bound<'py, PyAny>,
        sandbox_id: Option<&Bound<'py, PyAny>>,
        port: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let py = host.py();
        let host = HeaderValues::new(Some(host).filter(|host| !host.is_none()))?;
        let (id, port) = (HeaderValues::new(sandbox_id)?, HeaderValues::new(port)?);
        let (host, id) = (host.presented("host")?, id.presented("sandbox_id")?);
        let port = port.presented("port")?;
        let route = sandgate::Route::parse(host.header(), id.header(), port.header());
        route.map(Self).map_err(|refusal| denied(py, refusal))
    }

    /// The id of the sandbox.
    #[getter]
    fn sandbox_id(&self) -> &str {
        self.0.sandbox_id().as_str()
    }

    /// The port in the sandbox.
    #[getter]
    fn port(&self) -> u16 {
        self.0.port().get()
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<sandgate.Route {}>", self.0)
    }
}
