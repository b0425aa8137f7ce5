//! The edge proxy's rule for one request.
//!
//! Source: E2B's edge proxy.

use crate::encoding::bytes::split_once;
use crate::encoding::json::{Value, write_object};
use crate::encoding::percent::Decoded;
use crate::gate::carrier::{Carrier, Content, Malformed, Presented};
use crate::gate::checked_request::Request;
use crate::gate::head::Head;
use crate::gate::policy::Policy;
use crate::gate::sandbox_state::SandboxState;
use crate::gate::traffic_secrets::TrafficSecrets;
use crate::request::internal_route::internal_route;
use crate::request::route::Route;
use crate::request::target::{is_final, is_plain};
use crate::v1;
use crate::v2;
use crate::value::error::{Code, Denied, Gate};
use crate::value::ids::{Port, SandboxId};
use crate::value::time::UnixSeconds;
use core::fmt;

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
    /// A traffic pass was presented, which lasts until the end of the second `expires`.
    Pass {
        /// Where it was.
        carrier: Carrier,
        /// Its end.
        expires: UnixSeconds,
    },
    /// The host is a signed one, which lasts until the end of the second `expires`.
    SignedHost {
        /// Its end.
        expires: UnixSeconds,
    },
}

impl Passed {
    /// What decided: `public`, `controller_port`, `token`, `pass` or `signed_host`.
    #[must_use]
    pub const fn basis(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::ControllerPort => "controller_port",
            Self::Token => "token",
            Self::Pass { .. } => "pass",
            Self::SignedHost { .. } => "signed_host",
        }
    }

    /// Where what decided was carried.
    #[must_use]
    pub const fn carrier(self) -> Option<Carrier> {
        match self {
            Self::Public | Self::ControllerPort => None,
            Self::Token => Some(Carrier::Header),
            Self::Pass { carrier, .. } => Some(carrier),
            Self::SignedHost { .. } => Some(Carrier::Host),
        }
    }

    /// The last second of what was presented: a connection that outlives its request may be cut then.
    #[must_use]
    pub const fn expires(self) -> Option<UnixSeconds> {
        match self {
            Self::Public | Self::ControllerPort | Self::Token => None,
            Self::Pass { expires, .. } | Self::SignedHost { expires } => Some(expires),
        }
    }
}

/// An edge proxy, in front of all sandboxes.
///
/// It is given what verifies traffic: of v1 a keyring, of v2 traffic roots, which open no controller; or nothing, and then
/// each sandbox's token comes with its [`SandboxState`]. It strips nothing itself: [`forward`](crate::gate::forward) tells what
/// to remove before a request goes on.
///
/// ```
/// use sandgate::{Edge, Header, Passed, Policy, Request, Route, SandboxState, UnixSeconds, v2::Keyring};
///
/// let keyring = Keyring::new("a".parse()?, b"a seed of at least 32 bytes, kept secret")?;
/// let edge = Edge::new(Policy::default()).v2_keyring(keyring.traffic().clone());
///
/// let route = Route::parse(Header::Once(b"8080-abc123.e2b.app"), Header::Absent, Header::Absent).unwrap();
/// let token = keyring.traffic_token(route.sandbox_id(), 0);
/// let request = Request::new(b"GET", b"/").traffic_token(Header::Once(token.expose().as_bytes()));
///
/// let now = UnixSeconds::new(1_800_000_000);
/// assert_eq!(edge.check(&route, SandboxState::restricted(), &request, now), Ok(Passed::Token));
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone, Debug)]
pub struct Edge {
    policy: Policy,
    v1: Option<v1::Keyring>,
    v2: Option<v2::TrafficKeyring>,
    controller_port: Port,
}

impl Edge {
    /// An edge that knows no secret, and is told each sandbox's traffic token, as E2B's is.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self { policy, v1: None, v2: None, controller_port: Port::CONTROLLER }
    }

    /// Deriving traffic tokens of v1. With the same seeds it could derive access tokens too.
    #[must_use]
    pub fn v1_keyring(self, keyring: v1::Keyring) -> Self {
        Self { v1: Some(keyring), ..self }
    }

    /// Deriving traffic tokens of v2.
    #[must_use]
    pub fn v2_keyring(self, keyring: v2::TrafficKeyring) -> Self {
        Self { v2: Some(keyring), ..self }
    }

    /// With the controllers at this port instead of 49983.
    #[must_use]
    pub fn controller_port(self, port: Port) -> Self {
        Self { controller_port: port, ..self }
    }

    /// Finds where a request as a server hands it over is for, before the sandbox is looked up: the host and the routing
    /// headers, and what [`Self::screen`] refuses. A middleware asks this, then looks up the sandbox, then asks
    /// [`Self::guard`].
    ///
    /// # Errors
    /// [`Gate::Host`], status 400, where two views of the request differ, for a target with a host of its own
    /// (`GET http://…`) and as [`Route::parse`]; those of [`Self::screen`].
    pub fn route(&self, head: &Head<'_>) -> Result<Route, Denied> {
        if head.is_ambiguous() || !head.target().starts_with(b"/") {
            return Err(Denied::new(Gate::Host, Code::Malformed));
        }
        let (sandbox_id, port) = head.routing_headers();
        let route = Route::parse(head.host(), sandbox_id, port)?;
        self.screen(&route, &head.request())?;
        Ok(route)
    }

    /// Decides about a request whose route is known and whose sandbox was looked up: [`Self::check`] with what the head
    /// carries.
    ///
    /// ```
    /// use sandgate::{Edge, Head, Passed, SandboxState, UnixSeconds};
    ///
    /// let edge = Edge::default();
    /// let lines: [(&[u8], &[u8]); 1] = [(b"Host", b"8080-abc123.e2b.app")];
    /// let head = Head::new(b"GET", b"/", &lines);
    /// let route = edge.route(&head)?;
    /// assert_eq!(edge.guard(&route, SandboxState::public(), &head, UnixSeconds::new(0)), Ok(Passed::Public));
    /// # Ok::<(), sandgate::Denied>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Self::check`].
    pub fn guard(
        &self,
        route: &Route,
        state: SandboxState<'_>,
        head: &Head<'_>,
        now: UnixSeconds,
    ) -> Result<Passed, Denied> {
        self.check(route, state, &head.request(), now)
    }

    /// Refuses what must not be forwarded, before the sandbox is looked up, so that the answer does not tell whether the
    /// sandbox exists.
    ///
    /// - On every port: a target that forwarders and URL parsers read differently (`#`, `\`, a control byte, or not in
    ///   origin-form), and the methods `CONNECT`, `TRACE` and `TRACK`, which not every forwarder can send.
    /// - On the controller's port also a path with `//`, or one that could be parsed once more after decoding (`%25`, `%3F`,
    ///   `%23`, `%5C`, control bytes), and the routes that only the platform may call, which do not exist here.
    ///
    /// # Errors
    /// [`Gate::InternalRoute`]: status 404 for a route that only the platform may call, 400 for the rest.
    pub fn screen(&self, route: &Route, request: &Request<'_>) -> Result<(), Denied> {
        const MALFORMED: Denied = Denied::new(Gate::InternalRoute, Code::Malformed);
        let unsendable: [&[u8]; 3] = [b"CONNECT", b"TRACE", b"TRACK"];
        if unsendable.contains(&request.method) || !is_plain(request.path, request.query) {
            return Err(MALFORMED);
        }
        if route.port() != self.controller_port {
            return Ok(());
        }
        match (is_final(request.path), internal_route(request.path)) {
            (Ok(true), Ok(None)) => Ok(()),
            (Ok(true), Ok(Some(_))) => Err(Denied::new(Gate::InternalRoute, Code::OutOfScope)),
            _ => Err(MALFORMED),
        }
    }

    /// Decides, [screening](Self::screen) included.
    ///
    /// Of the carriers that the policy accepts, the first one that is present decides; a wrong one is not rescued by
    /// another. Where secrets of both formats are known, `sg2t.` and `sg2p.` in the header are v2 and anything else is v1.
    ///
    /// # Errors
    /// Those of [`Self::screen`]; [`Gate::Traffic`], status 403.
    pub fn check(
        &self,
        route: &Route,
        state: SandboxState<'_>,
        request: &Request<'_>,
        now: UnixSeconds,
    ) -> Result<Passed, Denied> {
        self.screen(route, request)?;
        if !self.asks(route, state) {
            let at_controller = route.port() == self.controller_port;
            return Ok(if at_controller { Passed::ControllerPort } else { Passed::Public });
        }
        self.check_carriers(route, state, request, now).map_err(|code| Denied::new(Gate::Traffic, code))
    }

    /// Where [`Self::check`] finds what decides, for the log of a refusal. None: nowhere, or nothing is asked for.
    #[must_use]
    pub fn carrier(&self, route: &Route, state: SandboxState<'_>, request: &Request<'_>) -> Option<Carrier> {
        if !self.asks(route, state) {
            return None;
        }
        let carriers = self.secrets(route, state).carriers();
        Presented::find(carriers, route, request).map(|presented| presented.carrier)
    }

    /// Whether the client must present anything: the controller has its own check.
    fn asks(&self, route: &Route, state: SandboxState<'_>) -> bool {
        route.port() != self.controller_port && state.restricted
    }

    fn check_carriers(
        &self,
        route: &Route,
        state: SandboxState<'_>,
        request: &Request<'_>,
        now: UnixSeconds,
    ) -> Result<Passed, Code> {
        let secrets = self.secrets(route, state);
        let Presented { carrier, content } =
            Presented::find(secrets.carriers(), route, request).ok_or(Code::Missing)?;
        let check_pass = |text| {
            let expires = secrets.check_pass(text, route.port(), request.context, now)?;
            Ok(Passed::Pass { carrier, expires })
        };
        match content.map_err(|Malformed| Code::Malformed)? {
            Content::Header(text) if secrets.reads_as_v1(text) => secrets.check_v1_token(text).map(|()| Passed::Token),
            Content::Header(text) if text.starts_with(v2::PASS_PREFIX) => check_pass(Decoded::plain(text)),
            Content::Header(text) => secrets.check_v2_token(text).map(|()| Passed::Token),
            Content::Pass(text) => check_pass(text),
            Content::Host(part) => {
                let expires = secrets.check_host(part, route.port(), now)?;
                Ok(Passed::SignedHost { expires })
            }
        }
    }

    fn secrets<'a>(&'a self, route: &'a Route, state: SandboxState<'a>) -> TrafficSecrets<'a> {
        let keyrings = (self.v1.as_ref(), self.v2.as_ref());
        TrafficSecrets::new(self.policy, keyrings, (route.sandbox_id(), state.generation), state.traffic_token)
    }
}

/// What an edge without secrets of its own accepts by default.
impl Default for Edge {
    fn default() -> Self {
        Self::new(Policy::default())
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
    match (denied.gate(), denied.code(), sandbox_id, internal) {
        (Gate::Traffic, _, Some(id), _) => write_object(out, &[("sandboxId", Value::Text(id.as_str())), message, code]),
        (Gate::InternalRoute, Code::OutOfScope, _, Some(path)) => {
            write_object(out, &[message, ("path", Value::Text(path)), code])
        }
        _ => denied.write_json(out),
    }
}
