//! The edge proxy's rule for one request.
//!
//! Source: E2B's edge proxy.

use crate::bytes::split_once;
use crate::compare::{no_match, same, verdict};
use crate::error::{Code, Denied, Gate};
use crate::host::Route;
use crate::ids::{Port, SandboxId};
use crate::internal_route::internal_route;
use crate::json::{Value, write_object};
use crate::request::Request;
use crate::secret::TrafficToken;
use crate::time::UnixSeconds;
use crate::v1::Keyring;
use core::fmt;

/// What the edge knows of a sandbox: the caller's look-up.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SandboxState<'a> {
    /// Whether public traffic is restricted.
    pub restricted: bool,
    /// The sandbox's traffic token, where the edge is handed each one's instead of a seed.
    pub traffic_token: Option<&'a TrafficToken>,
}

impl<'a> SandboxState<'a> {
    /// A sandbox that everybody may reach.
    #[must_use]
    pub const fn public() -> Self {
        Self { restricted: false, traffic_token: None }
    }

    /// A sandbox that takes its traffic token. Unless the edge has a keyring, it has to be given that token.
    #[must_use]
    pub const fn restricted() -> Self {
        Self { restricted: true, traffic_token: None }
    }

    /// With the token that is stored beside the sandbox.
    #[must_use]
    pub const fn traffic_token(self, token: &'a TrafficToken) -> Self {
        Self { traffic_token: Some(token), ..self }
    }
}

/// Why a request may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Passed {
    /// The sandbox restricts nothing.
    Public,
    /// The controller's port, where the controller has its own check.
    ControllerPort,
    /// The traffic token was presented.
    Token,
}

/// An edge proxy, in front of all sandboxes.
///
/// ```
/// use sandgate::{Edge, Header, Passed, Request, Route, SandboxState, UnixSeconds, v1::Keyring};
///
/// let keyring = Keyring::new(b"a seed of at least 16 bytes")?;
/// let edge = Edge::with_keyring(keyring.clone());
///
/// let route = Route::parse(Header::Once(b"8080-abc123.e2b.app"), Header::Absent, Header::Absent).unwrap();
/// let token = keyring.traffic_token(route.sandbox_id());
/// let request = Request::new(b"GET", b"/").traffic_token(Header::Once(token.expose().as_bytes()));
///
/// let now = UnixSeconds::new(1_800_000_000);
/// assert_eq!(edge.check(&route, SandboxState::restricted(), &request, now), Ok(Passed::Token));
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone, Debug)]
pub struct Edge {
    keyring: Option<Keyring>,
    controller_port: Port,
}

impl Edge {
    /// An edge that knows no seed and is told each sandbox's traffic token, as E2B's is.
    #[must_use]
    pub const fn new() -> Self {
        Self { keyring: None, controller_port: Port::CONTROLLER }
    }

    /// An edge that derives traffic tokens. With the same seeds it could derive access tokens too.
    #[must_use]
    pub const fn with_keyring(keyring: Keyring) -> Self {
        Self { keyring: Some(keyring), controller_port: Port::CONTROLLER }
    }

    /// With the controllers at this port instead of 49983.
    #[must_use]
    pub fn controller_port(self, port: Port) -> Self {
        Self { controller_port: port, ..self }
    }

    /// What is decided before the sandbox is looked up, so that it does not tell whether the sandbox exists: on the
    /// controller's port, the routes that only the platform may call do not exist.
    ///
    /// # Errors
    /// [`Gate::InternalRoute`]: status 404 for such a route, 400 for a path that cannot be decoded or does not begin
    /// with `/`.
    pub fn screen(&self, route: &Route, request: &Request<'_>) -> Result<(), Denied> {
        if route.port() != self.controller_port {
            return Ok(());
        }
        match internal_route(request.path) {
            // A target with a host of its own (`GET http://…`) or without a path would be read differently behind us.
            Ok(None) if request.path.starts_with(b"/") => Ok(()),
            Ok(Some(_)) => Err(Denied::new(Gate::InternalRoute, Code::OutOfScope)),
            _ => Err(Denied::new(Gate::InternalRoute, Code::Malformed)),
        }
    }

    /// Decides, [screening](Self::screen) included.
    ///
    /// Tokens of v1 carry no time: `now` decides nothing yet, and stands here so that those that do can be checked
    /// without a change at the caller's.
    ///
    /// # Errors
    /// Those of [`Self::screen`]; [`Gate::Traffic`], status 403.
    pub fn check(
        &self,
        route: &Route,
        state: SandboxState<'_>,
        request: &Request<'_>,
        _now: UnixSeconds,
    ) -> Result<Passed, Denied> {
        self.screen(route, request)?;
        if route.port() == self.controller_port {
            return Ok(Passed::ControllerPort);
        }
        if !state.restricted {
            return Ok(Passed::Public);
        }
        let denied = |code| Denied::new(Gate::Traffic, code);
        let presented = request.traffic_token.non_empty().map_err(|_| denied(Code::Malformed))?;
        let presented = presented.ok_or(denied(Code::Missing))?;
        let stored = state.traffic_token.map_or(no_match(), |token| same(token.as_bytes(), presented));
        let derived =
            self.keyring.as_ref().map_or(no_match(), |keyring| keyring.is_traffic_token(route.sandbox_id(), presented));
        if verdict(stored | derived) { Ok(Passed::Token) } else { Err(denied(Code::Invalid)) }
    }
}

impl Default for Edge {
    fn default() -> Self {
        Self::new()
    }
}

/// Writes the JSON body of a refusal at the edge, of [`Route::parse`] or of [`Edge::check`]:
/// `{"sandboxId","message","code":403}`, `{"message","path","code":404}` or `{"code":400,"message"}`.
///
/// `sandbox_id` is that of the route, and left out of the body where there is none; `target` is the request's, still
/// percent-encoded, with or without its query.
///
/// # Errors
/// Only those of `out`.
pub fn write_refusal(
    out: &mut (impl fmt::Write + ?Sized),
    denied: Denied,
    sandbox_id: Option<&SandboxId>,
    target: &[u8],
) -> fmt::Result {
    let path = split_once(target, b'?').map_or(target, |(path, _query)| path);
    let internal = internal_route(path).ok().flatten();
    let (code, message) = (("code", Value::Number(denied.status())), ("message", Value::Text(denied.message())));
    match (denied.gate(), sandbox_id, internal) {
        (Gate::Traffic, Some(id), _) => write_object(out, &[("sandboxId", Value::Text(id.as_str())), message, code]),
        (Gate::InternalRoute, _, Some(path)) => write_object(out, &[message, ("path", Value::Text(path)), code]),
        _ => denied.write_json(out),
    }
}
