//! Traffic passes and signed hosts.

use crate::arguments::{bytes, context, misuse, port, presented, sandbox_id, value_error};
use crate::clock;
use crate::errors::denied;
use crate::policy::window;
use crate::secrecy::refuse_pickling;
use pyo3::prelude::*;
use pyo3::types::PyString;
use sandgate::{Misuse, TrafficToken, UnixSeconds, Window, boxed};

/// The key to issue and verify traffic passes and signed hosts, derived from a traffic token of v2.
///
/// >>> key = sandgate.v2.TrafficKey("sg2t.a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
/// >>> key.verify_pass(key.issue_pass(8080, expires=1800000060), 8080, now=1800000000)
/// 1800000060
#[pyclass(frozen, module = "sandgate.v2")]
pub(crate) struct TrafficKey(Box<sandgate::v2::TrafficKey>);

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

fn end(expires: Any<'_, '_>, expires_in: Any<'_, '_>, now: Any<'_, '_>) -> PyResult<UnixSeconds> {
    clock::end(expires, expires_in, now)?.ok_or_else(|| {
        value_error("expires", "must be given, or else expires_in, because passes and signed hosts must end")
    })
}

/// Names the argument that core refused.
fn not_to_be_issued(misuse: Misuse) -> PyErr {
    let name = match misuse {
        Misuse::ControllerPort => "port",
        Misuse::Time => "expires",
        _ => "sandbox_id or expires",
    };
    value_error(name, misuse)
}

#[pymethods]
impl TrafficKey {
    #[new]
    #[pyo3(signature = (traffic_token, /, *, leeway=None, max_lifetime=None, signed_host_max_lifetime=None,
        controller_port=None))]
    fn new(
        traffic_token: &Bound<'_, PyAny>,
        leeway: Any<'_, '_>,
        max_lifetime: Any<'_, '_>,
        signed_host_max_lifetime: Any<'_, '_>,
        controller_port: Any<'_, '_>,
    ) -> PyResult<Self> {
        let key = boxed(|| {
            let token =
                TrafficToken::try_from(bytes(traffic_token, "traffic_token")?).map_err(misuse("traffic_token"))?;
            let key = sandgate::v2::TrafficKey::new(&token).map_err(misuse("traffic_token"))?;
            let of_host = window(Window::SIGNED_HOST, leeway, signed_host_max_lifetime, "signed_host_max_lifetime")?;
            let key = key.window(window(Window::DEFAULT, leeway, max_lifetime, "max_lifetime")?);
            let key = key.signed_host_window(of_host);
            Ok(match controller_port {
                Some(number) => key.controller_port(port(number, "controller_port")?),
                None => key,
            })
        });
        key.map(Self)
    }

    /// The key id of the token.
    #[getter]
    fn kid(&self) -> String {
        self.0.kid().as_str().to_owned()
    }

    /// Returns a pass to a port, valid until the end of the second `expires`.
    #[pyo3(signature = (port, /, *, expires=None, expires_in=None, now=None, context=None))]
    fn issue_pass<'py>(
        &self,
        port: &Bound<'py, PyAny>,
        expires: Any<'_, '_>,
        expires_in: Any<'_, '_>,
        now: Any<'_, '_>,
        context: Any<'_, '_>,
    ) -> PyResult<Bound<'py, PyString>> {
        let py = port.py();
        let (port, end) = (self::port(port, "port")?, self::end(expires, expires_in, now)?);
        let pass = self.0.issue_pass(port, end, self::context(context)?).map_err(not_to_be_issued)?;
        PyString::from_bytes(py, pass.as_bytes())
    }

    /// Returns the label of a host that opens a port of the sandbox, valid until the end of the second `expires`.
    ///
    /// The sandbox must be the one to which the token belongs: a label for another sandbox is never valid.
    #[pyo3(signature = (sandbox_id, port, /, *, expires=None, expires_in=None, now=None))]
    fn issue_signed_host<'py>(
        &self,
        sandbox_id: &Bound<'py, PyAny>,
        port: &Bound<'_, PyAny>,
        expires: Any<'_, '_>,
        expires_in: Any<'_, '_>,
        now: Any<'_, '_>,
    ) -> PyResult<Bound<'py, PyString>> {
        let py = sandbox_id.py();
        let (id, port) = (self::sandbox_id(sandbox_id, "sandbox_id")?, self::port(port, "port")?);
        let host =
            self.0.issue_signed_host(&id, port, self::end(expires, expires_in, now)?).map_err(not_to_be_issued)?;
        PyString::from_bytes(py, host.as_bytes())
    }

    /// Returns the expiry of a pass that was presented for a port; raises unless the pass is valid now.
    #[pyo3(signature = (presented, port, /, *, context=None, now=None))]
    fn verify_pass(
        &self,
        presented: &Bound<'_, PyAny>,
        port: &Bound<'_, PyAny>,
        context: Any<'_, '_>,
        now: Any<'_, '_>,
    ) -> PyResult<i64> {
        let (port, context) = (self::port(port, "port")?, self::context(context)?);
        let answer = self.0.verify_pass(&self::presented(presented, "presented")?, port, context, clock::now(now)?);
        answer.map(UnixSeconds::get).map_err(|refusal| denied(presented.py(), refusal))
    }

    /// Returns the expiry of a signed host that was presented for a port of the sandbox; raises unless it is valid now.
    #[pyo3(signature = (label, sandbox_id, port, /, *, now=None))]
    fn verify_signed_host(
        &self,
        label: &Bound<'_, PyAny>,
        sandbox_id: &Bound<'_, PyAny>,
        port: &Bound<'_, PyAny>,
        now: Any<'_, '_>,
    ) -> PyResult<i64> {
        let (id, port) = (self::sandbox_id(sandbox_id, "sandbox_id")?, self::port(port, "port")?);
        let answer = self.0.verify_signed_host(&presented(label, "label")?, &id, port, clock::now(now)?);
        answer.map(UnixSeconds::get).map_err(|refusal| denied(label.py(), refusal))
    }

    fn __repr__(&self) -> &'static str {
        "<sandgate.v2.TrafficKey>"
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.v2.TrafficKey")
    }
}
