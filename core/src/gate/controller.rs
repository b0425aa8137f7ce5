//! The controller's rule for one request.
//!
//! Source: the middleware and the file routes of E2B's controller, `envd`.

use crate::crypto::compare::verdict;
use crate::encoding::percent::Decoded;
use crate::encoding::query_text::Scratch;
use crate::gate::access_keys::AccessKeys;
use crate::gate::checked_request::Request;
use crate::gate::head::Head;
use crate::gate::policy::Policy;
use crate::request::file_query::{FileQuery, Known, Malformed, text_of};
use crate::request::grant::Grant;
use crate::v1;
use crate::v2;
use crate::value::error::{Code, Denied, Gate, Misuse};
use crate::value::ids::Operation;
use crate::value::time::UnixSeconds;
#[cfg(feature = "initialize")]
use crate::value::timestamp::Timestamp;
use crate::value::token::{AccessToken, is_of_v2};

/// Why a request is allowed and, on the file routes, what it may do.
///
/// The server acts on the [`Grant`] and does not read the query again.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Allowed<'q> {
    /// The controller requires no token, and nothing was checked. On a file route: the grant that the query asks for, if it
    /// can be read.
    Open(Option<Grant<'q>>),
    /// The route needs no token at this layer.
    Exempt,
    /// The access token was presented. On a file route: the grant that the query asks for.
    Token(Option<Grant<'q>>),
    /// A signature was presented, and it covers this grant.
    Signature(Grant<'q>),
}

impl<'q> Allowed<'q> {
    /// What the request may do on a file route.
    #[must_use]
    pub const fn grant(&self) -> Option<&Grant<'q>> {
        match self {
            Self::Open(grant) | Self::Token(grant) => grant.as_ref(),
            Self::Signature(grant) => Some(grant),
            Self::Exempt => None,
        }
    }

    /// The name of the reason: `open`, `exempt`, `token` or `signature`.
    #[must_use]
    pub const fn basis(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Exempt => "exempt",
            Self::Token(_) => "token",
            Self::Signature(_) => "signature",
        }
    }
}

/// The controller of one sandbox: its access token, or several while one is replaced.
///
/// Tokens that begin with `sg2a.` make it a v2 controller; all others make it a v1 controller. It verifies only that
/// format, so that no client can fall back to the weaker one.
///
/// ```
/// use sandgate::{AccessToken, Allowed, Controller, Header, Policy, Request, UnixSeconds};
///
/// let controller = Controller::new(&[AccessToken::try_from("token")?], Policy::default())?;
/// let now = UnixSeconds::new(1_800_000_000);
///
/// let request = Request::new(b"GET", b"/metrics").access_token(Header::Once(b"token"));
/// assert!(matches!(controller.check(&request, now), Ok(Allowed::Token(None))));
///
/// let denied = controller.check(&Request::new(b"GET", b"/metrics"), now).unwrap_err();
/// assert_eq!(denied.status(), 401);
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone)]
pub struct Controller {
    /// None if it is open or waits.
    pub(crate) keys: Option<AccessKeys>,
    /// Whether it has not been told yet which token it requires, if any.
    pub(crate) waiting: bool,
    pub(crate) policy: Policy,
    /// The timestamp of the last request that initialised it.
    #[cfg(feature = "initialize")]
    pub(crate) applied: Option<Timestamp>,
}

impl Controller {
    /// Returns a controller that requires one of 1 to 8 access tokens.
    ///
    /// # Errors
    /// [`Misuse::NoToken`], and those of [`Self::add`].
    pub fn new(tokens: &[AccessToken], policy: Policy) -> Result<Self, Misuse> {
        let mut controller = Self::without_token(false, policy);
        for token in tokens {
            controller.add(token)?;
        }
        if controller.is_open() { Err(Misuse::NoToken) } else { Ok(controller) }
    }

    /// Returns a controller that allows everything, for a sandbox created with `secure: false`. It has the default policy,
    /// which applies to tokens that are added later.
    #[must_use]
    pub fn open() -> Self {
        Self::without_token(false, Policy::default())
    }

    /// Returns a controller that was restarted and has not been told its token yet. It refuses everything but
    /// `GET /health` and `POST /init`, until [`Self::initialize`] (feature `initialize`) or [`Self::add`] ends its wait.
    ///
    /// ```
    /// use sandgate::{Code, Controller, Policy, Request, UnixSeconds};
    ///
    /// let controller = Controller::waiting(Policy::default());
    /// let denied = controller.check(&Request::new(b"GET", b"/files"), UnixSeconds::new(0)).unwrap_err();
    /// assert_eq!((denied.status(), denied.code()), (401, Code::NotInitialized));
    /// ```
    #[must_use]
    pub fn waiting(policy: Policy) -> Self {
        Self::without_token(true, policy)
    }

    pub(crate) fn without_token(waiting: bool, policy: Policy) -> Self {
        Self {
            keys: None,
            waiting,
            policy,
            #[cfg(feature = "initialize")]
            applied: None,
        }
    }

    /// Whether everything is allowed.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.keys.is_none() && !self.waiting
    }

    /// Whether it has not been told its token yet.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        self.waiting
    }

    /// Adds an access token. An open or a waiting controller requires it from then on.
    ///
    /// # Errors
    /// [`Misuse::TrafficTokenGiven`] or [`Misuse::TrafficRootGiven`] for another secret than an access token;
    /// [`Misuse::TooManyTokens`] for the ninth; [`Misuse::TokenVersion`] for a token of a wire format that the policy does
    /// not accept; [`Misuse::MixedVersions`] for one of another wire format than the tokens that it already holds; for v2,
    /// [`Misuse::TokenShape`] for text that begins with `sg2a.` but is not an access token, and [`Misuse::RepeatedToken`]
    /// for a key id that it already holds. On an error nothing changes.
    pub fn add(&mut self, token: &AccessToken) -> Result<(), Misuse> {
        let is_v2 = is_of_v2(token.as_bytes())?;
        let versions = self.policy.versions;
        if !(if is_v2 { versions.accept_v2() } else { versions.accept_v1() }) {
            return Err(Misuse::TokenVersion);
        }
        AccessKeys::add(&mut self.keys, token, self.policy.window)?;
        self.waiting = false;
        Ok(())
    }

    /// Decides about a request.
    ///
    /// `GET /health` and `POST /init` need no token here. `GET /files` and `POST /files`, in v2 also `HEAD` and `PUT`,
    /// require the token or a signature. Everything else requires the token. On the file routes the query is parsed first:
    /// a bad escape, a repeated parameter and, in v1, an expiry that is not a number are refused even with the right token.
    /// A token takes precedence over a signature, which then grants and limits nothing.
    ///
    /// # Errors
    /// [`Gate::Route`], [`Gate::FileToken`] or [`Gate::FileSignature`]; status 401, or 400 for what is malformed. While the
    /// controller waits, always 401 with [`Code::NotInitialized`].
    pub fn check<'q>(&self, request: &Request<'q>, now: UnixSeconds) -> Result<Allowed<'q>, Denied> {
        let keys = match &self.keys {
            Some(keys) => keys,
            None if self.waiting => return if is_exempt(request) { Ok(Allowed::Exempt) } else { Err(NOT_INITIALIZED) },
            None => return Ok(Allowed::Open(asked_for(request))),
        };
        match RouteKind::of(request, keys.known() == Known::V2)? {
            RouteKind::Exempt => Ok(Allowed::Exempt),
            RouteKind::Protected => match presents_token(keys, request, Gate::Route)? {
                true => Ok(Allowed::Token(None)),
                false => Err(NO_TOKEN),
            },
            RouteKind::File(operation) => self.check_file(keys, request, operation, now),
        }
    }

    /// Decides about a request as the server received it. This is the only call that a middleware needs.
    ///
    /// Returns none for a CORS preflight, which the application answers by its CORS rule, unchecked. A controller that waits
    /// refuses it too.
    ///
    /// # Errors
    /// [`Gate::Route`] with [`Code::Malformed`] if two views of the request differ, and those of [`Self::check`]. An open
    /// controller refuses nothing.
    ///
    /// ```
    /// use sandgate::{AccessToken, Allowed, Controller, Head, Policy, UnixSeconds};
    ///
    /// let controller = Controller::new(&[AccessToken::try_from("token")?], Policy::default())?;
    /// let lines: [(&[u8], &[u8]); 1] = [(b"X-Access-Token", b"token")];
    /// let head = Head::new(b"GET", b"/metrics", &lines);
    /// assert!(matches!(controller.guard(&head, UnixSeconds::new(0)), Ok(Some(Allowed::Token(None)))));
    /// # Ok::<(), sandgate::Misuse>(())
    /// ```
    pub fn guard<'q>(&self, head: &Head<'q>, now: UnixSeconds) -> Result<Option<Allowed<'q>>, Denied> {
        if !self.is_open() && head.is_ambiguous() {
            return Err(if self.waiting { NOT_INITIALIZED } else { UNREADABLE });
        }
        if head.is_preflight() && !self.waiting {
            return Ok(None);
        }
        self.check(&head.request(), now).map(Some)
    }

    pub(crate) fn check_file<'q>(
        &self,
        keys: &AccessKeys,
        request: &Request<'q>,
        operation: Operation,
        now: UnixSeconds,
    ) -> Result<Allowed<'q>, Denied> {
        let (mut query, mut scratch) = (FileQuery::default(), Scratch::new());
        query.read(request.query, keys.known(), &mut scratch).map_err(|Malformed| MALFORMED)?;
        let by_token = || Allowed::Token(Some(unsigned(&query, operation, keys.known())));
        match keys {
            AccessKeys::V1(held) => {
                let url = v1::PresentedUrl::read(&query, scratch.bytes(), operation)?;
                if presents_token(keys, request, Gate::FileToken)? {
                    return Ok(by_token());
                }
                url.verify(held.as_slice(), now)?;
                if self.policy.v1_expiry_required && query.expiration.is_none() {
                    return Err(Denied::new(Gate::FileSignature, Code::LifetimeTooLong));
                }
                Ok(Allowed::Signature(url.grant(&query)))
            }
            AccessKeys::V2(held) => {
                if presents_token(keys, request, Gate::FileToken)? {
                    return Ok(by_token());
                }
                let url = v2::PresentedUrl::read(&query, scratch.bytes(), operation)?;
                let held = held.as_slice().iter().map(|key| &key.file_url);
                url.verify(held, request.context, now)?;
                Ok(Allowed::Signature(url.grant(&query)))
            }
        }
    }
}

/// Whether a request presents an access token. A wrong one is refused.
pub(crate) fn presents_token(keys: &AccessKeys, request: &Request<'_>, gate: Gate) -> Result<bool, Denied> {
    let presented = request.access_token.non_empty();
    let Some(presented) = presented.map_err(|_| Denied::new(gate, Code::Malformed))? else {
        return Ok(false);
    };
    if verdict(keys.has_token(presented)) { Ok(true) } else { Err(Denied::new(gate, Code::Invalid)) }
}

/// Does not show its tokens.
impl core::fmt::Debug for Controller {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let state = if self.is_open() {
            "open"
        } else if self.waiting {
            "waiting"
        } else {
            "redacted"
        };
        write!(f, "Controller({state})")
    }
}

const UNREADABLE: Denied = Denied::new(Gate::Route, Code::Malformed);
const NOT_INITIALIZED: Denied = Denied::new(Gate::Route, Code::NotInitialized);
const NO_TOKEN: Denied = Denied::new(Gate::Route, Code::Missing);
const MALFORMED: Denied = Denied::new(Gate::FileSignature, Code::Malformed);

/// The routes that need no token at this layer.
fn is_exempt(request: &Request<'_>) -> bool {
    let (method, path) = (request.method, request.path);
    method == b"GET" && path == b"/health" || method == b"POST" && path == b"/init"
}

pub(crate) enum RouteKind {
    Exempt,
    File(Operation),
    Protected,
}

impl RouteKind {
    /// Method and path as received, both matched exactly. A path that contains an escape is none of these routes, because
    /// the server may match the path as received or decoded.
    pub(crate) fn of(request: &Request<'_>, head_and_put: bool) -> Result<Self, Denied> {
        let (method, path) = (request.method, request.path);
        if path == b"/files" {
            if method == b"GET" || head_and_put && method == b"HEAD" {
                return Ok(Self::File(Operation::Read));
            }
            if method == b"POST" || head_and_put && method == b"PUT" {
                return Ok(Self::File(Operation::Write));
            }
        }
        if is_exempt(request) {
            return Ok(Self::Exempt);
        }
        if Decoded::from_query(path).is_err() { Err(UNREADABLE) } else { Ok(Self::Protected) }
    }
}

/// Returns the grant that a request to a file route asks for, without any check.
fn asked_for<'q>(request: &Request<'q>) -> Option<Grant<'q>> {
    let Ok(RouteKind::File(operation)) = RouteKind::of(request, true) else {
        return None;
    };
    let query = FileQuery::parse(request.query, Known::V1).ok()?;
    Some(unsigned(&query, operation, Known::V1))
}

/// What a query asks for, for callers to whom something else than a signature allows it. Only v2 tells an empty user from none.
fn unsigned<'q>(query: &FileQuery<'q>, operation: Operation, known: Known) -> Grant<'q> {
    let user = text_of(query.user).filter(|user| known == Known::V2 || !user.is_empty());
    Grant::new(operation, text_of(query.path).unwrap_or_default(), user, None)
}
