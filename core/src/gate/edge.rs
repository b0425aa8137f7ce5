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
        /// Where the request carried it.
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
    /// The name of the reason: `public`, `controller_port`, `token`, `pass` or `signed_host`.
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

    /// Where the request carried the credential.
    #[must_use]
    pub const fn carrier(self) -> Option<Carrier> {
        match self {
            Self::Public | Self::ControllerPort => None,
            Self::Token => Some(Carrier::Header),
            Self::Pass { carrier, .. } => Some(carrier),
            Self::SignedHost { .. } => Some(Carrier::Host),
        }
    }

    /// The last second for which the credential is valid: a connection that outlives its request may be cut then.
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
/// It verifies traffic with a v1 keyring, or with v2 traffic roots, which open no controller. Without either, each
/// [`SandboxState`] must carry the sandbox's token. It removes nothing itself: use [`forward`](crate::gate::forward) before
/// a request is forwarded.
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
    pub(crate) controller_port: Port,
}

impl Edge {
    /// Returns an edge without a secret, like E2B's: the look-up returns each sandbox's traffic token.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self { policy, v1: None, v2: None, controller_port: Port::CONTROLLER }
    }

    /// Sets the keyring that derives v1 traffic tokens. An edge that holds these seeds could derive access tokens too.
    #[must_use]
    pub fn v1_keyring(self, keyring: v1::Keyring) -> Self {
        Self { v1: Some(keyring), ..self }
    }

    /// Sets the keyring that derives v2 traffic tokens.
    #[must_use]
    pub fn v2_keyring(self, keyring: v2::TrafficKeyring) -> Self {
        Self { v2: Some(keyring), ..self }
    }

    /// Sets the controllers' port, 49983 by default.
    #[must_use]
    pub fn controller_port(self, port: Port) -> Self {
        Self { controller_port: port, ..self }
    }

    /// Finds the route of a request from its host and its routing headers, and [screens](Self::screen) the request. A
    /// middleware calls this, then looks up the sandbox, then calls [`Self::guard`].
    ///
    /// # Errors
    /// [`Gate::Host`], status 400, if two views of the request differ or the target contains a host (`GET http://…`); those
    /// of [`Route::parse`] and of [`Self::screen`].
    pub fn route(&self, head: &Head<'_>) -> Result<Route, Denied> {
        if head.is_ambiguous() || !head.target().starts_with(b"/") {
            return Err(Denied::new(Gate::Host, Code::Malformed));
        }
        let (sandbox_id, port) = head.routing_headers();
        let route = Route::parse(head.host(), sandbox_id, port)?;
        self.screen(&route, &head.request())?;
        Ok(route)
    }

    /// Decides about a request after its sandbox was looked up. Calls [`Self::check`] with the values that the head
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

    /// Refuses a request that must not be forwarded. Call it before the look-up, so that the answer does not reveal whether
    /// the sandbox exists.
    ///
    /// - On every port: a target that forwarders and URL parsers read differently (`#`, `\`, a control byte, or not in
    ///   origin-form), and the methods `CONNECT`, `TRACE` and `TRACK`, which not every forwarder can send.
    /// - On the controller's port also a path with `//`, a path that could be parsed again after decoding (`%25`, `%3F`,
    ///   `%23`, `%5C`, control bytes), and the routes that only the platform may call: at the edge they do not exist.
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

    /// Decides about a request. [Screens](Self::screen) it too.
    ///
    /// The first present carrier that the policy accepts decides: if it is wrong, the others are not tried. If the edge has
    /// secrets of both formats, `sg2t.` and `sg2p.` in the header are v2 and anything else is v1.
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

    /// Returns the carrier from which [`Self::check`] decides, for the log of a refusal. None if no carrier is present or
    /// none is required.
    #[must_use]
    pub fn carrier(&self, route: &Route, state: SandboxState<'_>, request: &Request<'_>) -> Option<Carrier> {
        if !self.asks(route, state) {
            return None;
        }
        let carriers = self.secrets(route, state).carriers();
        Presented::find(carriers, route, request).map(|presented| presented.carrier)
    }

    /// Whether the client must present a credential. On the controller's port it need not: the controller has its own
    /// check.
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

/// An edge without secrets and with the default policy.
impl Default for Edge {
    fn default() -> Self {
        Self::new(Policy::default())
    }
}

/// Writes the JSON body of a refusal by [`Route::parse`], [`Edge::check`] or [`wake::check`](crate::wake::check):
/// `{"sandboxId","message","code":403}`, `{"message","path","code":404}` or `{"code":400,"message"}`.
///
/// `sandbox_id` is the route's; without one the body omits it. `target` is the request's, still percent-encoded, with or
/// without its query.
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
        (Gate::Traffic | Gate::Wake, _, Some(id), _) => {
            write_object(out, &[("sandboxId", Value::Text(id.as_str())), message, code])
        }
        (Gate::InternalRoute, Code::OutOfScope, _, Some(path)) => {
            write_object(out, &[message, ("path", Value::Text(path)), code])
        }
        _ => denied.write_json(out),
    }
}
