//! The edge's rule for one request.

use crate::arguments::{bytes, context, flag, generation, instance, misuse, port, presented, sandbox_id};
use crate::clock;
use crate::errors::{Refusal, denied};
use crate::head::head;
use crate::headers::HeaderValues;
use crate::policy;
use crate::route::Route;
use crate::secrecy::refuse_pickling;
use crate::{v1, v2};
use pyo3::prelude::*;
use sandgate::{Carrier, Request, TrafficToken, UnixSeconds, boxed, unknown_sandbox, write_refusal};

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// The state of a sandbox: whether public traffic is restricted, the current generation of its traffic credentials, and its
/// traffic token if the edge has no keyring.
#[pyclass(frozen, module = "sandgate")]
pub(crate) struct SandboxState {
    /// Whether traffic needs a credential.
    #[pyo3(get)]
    restricted: bool,
    /// The current generation of the traffic credentials.
    #[pyo3(get)]
    generation: u32,
    traffic_token: Option<TrafficToken>,
}

#[pymethods]
impl SandboxState {
    #[new]
    #[pyo3(signature = (*, restricted, generation=None, traffic_token=None))]
    fn new(restricted: &Bound<'_, PyAny>, generation: Any<'_, '_>, traffic_token: Any<'_, '_>) -> PyResult<Self> {
        let read = |token| TrafficToken::try_from(bytes(token, "traffic_token")?).map_err(misuse("traffic_token"));
        Ok(Self {
            restricted: flag(restricted, "restricted")?,
            generation: self::generation(generation)?,
            traffic_token: traffic_token.map(read).transpose()?,
        })
    }

    fn __repr__(&self) -> String {
        let restricted = if self.restricted { "restricted" } else { "public" };
        format!("<sandgate.SandboxState {restricted}, generation {}>", self.generation)
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.SandboxState")
    }
}

impl SandboxState {
    pub(crate) fn state(&self) -> sandgate::SandboxState<'_> {
        let state =
            if self.restricted { sandgate::SandboxState::restricted() } else { sandgate::SandboxState::public() };
        let state = state.generation(self.generation);
        self.traffic_token.as_ref().map_or(state, |token| state.traffic_token(token))
    }
}

/// Why a request passes.
#[pyclass(frozen, module = "sandgate")]
pub(crate) struct Passed {
    /// The reason: "public", "controller_port", "token", "pass" or "signed_host".
    #[pyo3(get)]
    basis: &'static str,
    /// Where the request carried the credential that decided: "header", "host", "query" or "cookie".
    #[pyo3(get)]
    carrier: Option<&'static str>,
    /// The last second at which the presented credential is valid.
    #[pyo3(get)]
    expires: Option<i64>,
}

impl Passed {
    fn new(passed: sandgate::Passed) -> Self {
        let (carrier, expires) = (passed.carrier().map(Carrier::as_str), passed.expires().map(UnixSeconds::get));
        Self { basis: passed.basis(), carrier, expires }
    }
}

#[pymethods]
impl Passed {
    fn __repr__(&self) -> String {
        format!("<sandgate.Passed {}>", self.basis)
    }
}

pub(crate) fn route<'a, 'py>(value: &'a Bound<'py, PyAny>) -> PyResult<&'a Bound<'py, Route>> {
    instance(value, "route", "sandgate.Route")
}

pub(crate) fn state<'a, 'py>(value: &'a Bound<'py, PyAny>) -> PyResult<&'a Bound<'py, SandboxState>> {
    instance(value, "state", "sandgate.SandboxState")
}

/// Passes a request to core.
pub(crate) fn asked<R>(
    method: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
    traffic_token: Any<'_, '_>,
    cookies: Any<'_, '_>,
    ask: impl FnOnce(Request<'_>) -> R,
) -> PyResult<R> {
    let (method, target) = (presented(method, "method")?, presented(target, "target")?);
    let (header, cookies) = (HeaderValues::new(traffic_token)?, HeaderValues::new(cookies)?);
    let (header, cookies) = (header.presented("traffic_token")?, cookies.presented("cookies")?);
    let lines = cookies.lines();
    Ok(ask(Request::new(&method, &target).cookies(&lines).traffic_token(header.header())))
}

/// An edge proxy, in front of all sandboxes. Without keyrings it takes each sandbox's traffic token from its `SandboxState`.
///
/// >>> keyring = sandgate.v2.Keyring({"a": "a seed of at least 32 bytes, kept secret"})
/// >>> edge = sandgate.Edge(v2_keyring=keyring.traffic())
/// >>> route = sandgate.Route.parse("8080-abc.e2b.app")
/// >>> state = sandgate.SandboxState(restricted=True)
/// >>> edge.check(route, state, "GET", "/", traffic_token=keyring.traffic_token("abc"))
/// <sandgate.Passed token>
#[pyclass(frozen, module = "sandgate")]
pub(crate) struct Edge(pub(crate) Box<sandgate::Edge>);

#[pymethods]
impl Edge {
    #[new]
    #[pyo3(signature = (*, policy=None, v1_keyring=None, v2_keyring=None, controller_port=None))]
    fn new(
        policy: Any<'_, '_>,
        v1_keyring: Any<'_, '_>,
        v2_keyring: Any<'_, '_>,
        controller_port: Any<'_, '_>,
    ) -> PyResult<Self> {
        let edge = boxed(|| {
            let mut edge = sandgate::Edge::new(policy::given(policy, "policy")?);
            if let Some(keyring) = v1_keyring {
                let keyring = instance::<v1::Keyring>(keyring, "v1_keyring", "sandgate.v1.Keyring")?;
                edge = edge.v1_keyring(keyring.get().0.as_ref().clone());
            }
            if let Some(keyring) = v2_keyring {
                let keyring = instance::<v2::TrafficKeyring>(keyring, "v2_keyring", "sandgate.v2.TrafficKeyring")?;
                edge = edge.v2_keyring(keyring.get().0.as_ref().clone());
            }
            if let Some(number) = controller_port {
                edge = edge.controller_port(port(number, "controller_port")?);
            }
            Ok(edge)
        });
        edge.map(Self)
    }

    /// Raises for a request that must not be forwarded, before the look-up: routes that only the platform may call, and
    /// ambiguous targets.
    #[pyo3(signature = (route, method, target, /))]
    fn screen(&self, route: &Bound<'_, PyAny>, method: &Bound<'_, PyAny>, target: &Bound<'_, PyAny>) -> PyResult<()> {
        let (method, asked) = (presented(method, "method")?, presented(target, "target")?);
        let request = Request::new(&method, &asked);
        self.0.screen(&self::route(route)?.get().0, &request).map_err(|refusal| denied(target.py(), refusal))
    }

    /// Decides about a request, and screens it too. `traffic_token` is the value of `e2b-traffic-access-token`, `cookies`
    /// the Cookie lines; either may be an iterable of all of them.
    #[pyo3(signature = (route, state, method, target, /, *, traffic_token=None, cookies=None, context=None, now=None))]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn check<'py>(
        &self,
        route: &Bound<'py, PyAny>,
        state: &Bound<'py, PyAny>,
        method: &Bound<'py, PyAny>,
        target: &Bound<'py, PyAny>,
        traffic_token: Any<'_, 'py>,
        cookies: Any<'_, 'py>,
        context: Any<'_, 'py>,
        now: Any<'_, 'py>,
    ) -> PyResult<Passed> {
        let py = route.py();
        let (route, state) = (self::route(route)?, self::state(state)?);
        let (context, now) = (self::context(context)?, clock::now(now)?);
        let answer = asked(method, target, traffic_token, cookies, |request| {
            self.0.check(&route.get().0, state.get().state(), &request.maybe_context(context), now)
        });
        answer?.map(Passed::new).map_err(|refusal| denied(py, refusal))
    }

    /// Finds the sandbox and the port of a request from its host and its routing headers, and screens the request.
    /// A middleware calls this, then looks up the sandbox, then calls `guard`.
    #[pyo3(signature = (head))]
    fn route(&self, head: &Bound<'_, PyAny>) -> PyResult<Route> {
        let route = self::head(head)?.get().ask(|head| self.0.route(head))?;
        route.map(Route).map_err(|refusal| denied(head.py(), refusal))
    }

    /// Decides about a request after its sandbox was looked up.
    #[pyo3(signature = (route, state, head, *, now=None))]
    fn guard(
        &self,
        route: &Bound<'_, PyAny>,
        state: &Bound<'_, PyAny>,
        head: &Bound<'_, PyAny>,
        now: Any<'_, '_>,
    ) -> PyResult<Passed> {
        let (route, state, now) = (self::route(route)?, self::state(state)?, clock::now(now)?);
        let passed =
            self::head(head)?.get().ask(|head| self.0.guard(&route.get().0, state.get().state(), head, now))?;
        passed.map(Passed::new).map_err(|refusal| denied(head.py(), refusal))
    }

    /// Returns the carrier of the credential that decides, for the log of a refusal: "header", "host", "query", "cookie" or
    /// None.
    #[pyo3(signature = (route, state, method, target, /, *, traffic_token=None, cookies=None))]
    fn carrier<'py>(
        &self,
        route: &Bound<'py, PyAny>,
        state: &Bound<'py, PyAny>,
        method: &Bound<'py, PyAny>,
        target: &Bound<'py, PyAny>,
        traffic_token: Any<'_, 'py>,
        cookies: Any<'_, 'py>,
    ) -> PyResult<Option<&'static str>> {
        let (route, state) = (self::route(route)?, self::state(state)?);
        let found = asked(method, target, traffic_token, cookies, |request| {
            self.0.carrier(&route.get().0, state.get().state(), &request)
        });
        Ok(found?.map(Carrier::as_str))
    }

    fn __repr__(&self) -> &'static str {
        "<sandgate.Edge>"
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.Edge")
    }
}

/// Returns the JSON body of a refusal at the edge, for `SandgateError.edge_body`.
#[pyfunction]
#[pyo3(signature = (gate, code, sandbox_id, target))]
pub(crate) fn edge_refusal_body(
    gate: &str,
    code: &str,
    sandbox_id: Any<'_, '_>,
    target: &Bound<'_, PyAny>,
) -> PyResult<String> {
    let id = sandbox_id.map(|id| self::sandbox_id(id, "sandbox_id")).transpose()?;
    let target = presented(target, "target")?;
    let refusal = Refusal::read(gate, code)?;
    let Refusal::Denied(denied) = refusal else { return Ok(refusal.body()) };
    let mut body = String::new();
    // Writing to a String cannot fail.
    let _ = write_refusal(&mut body, denied, id.as_ref(), &target);
    Ok(body)
}

/// Returns the JSON body to send with `UNKNOWN_SANDBOX_STATUS` for a sandbox that the look-up does not find.
///
/// >>> sandgate.unknown_sandbox_body("abc")
/// '{"sandboxId":"abc","message":"The sandbox was not found","code":502}'
#[pyfunction]
#[pyo3(signature = (sandbox_id, /))]
pub(crate) fn unknown_sandbox_body(sandbox_id: &Bound<'_, PyAny>) -> PyResult<String> {
    let id = self::sandbox_id(sandbox_id, "sandbox_id")?;
    let mut body = String::new();
    // Writing to a String cannot fail.
    let _ = unknown_sandbox::write_json(&mut body, &id);
    Ok(body)
}
