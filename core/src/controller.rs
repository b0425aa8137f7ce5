//! The controller's rule for one request.
//!
//! Source: the middleware and the file routes of E2B's controller, `envd`.

use crate::compare::{no_match, verdict};
use crate::error::{Code, Denied, Gate, Misuse};
use crate::file_query::FileQuery;
use crate::grant::Grant;
use crate::ids::Operation;
use crate::query::decode_path;
use crate::request::Request;
use crate::secret::AccessToken;
use crate::time::UnixSeconds;
use crate::v1::{FileClaims, FileUrlKey};

const MAX_TOKENS: usize = 8;

/// Why a request is allowed, and for the file routes what it may do.
///
/// The server acts on the [`Grant`] and does not read the query again.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Allowed<'q> {
    /// The controller asks for no token. Nothing was checked; on a file route, what the query asks for, if it can be read.
    Open(Option<Grant<'q>>),
    /// The route needs no token at this layer.
    Exempt,
    /// The access token was presented; on a file route, what the query asks for.
    Token(Option<Grant<'q>>),
    /// A signature was presented, and this is what it signs.
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
}

/// The controller of one sandbox: its access token, or several while one is replaced.
///
/// ```
/// use sandgate::{AccessToken, Allowed, Controller, Header, Request, UnixSeconds};
///
/// let controller = Controller::new(&[AccessToken::try_from("token")?])?;
/// let now = UnixSeconds::new(1_800_000_000);
///
/// let request = Request::new(b"GET", b"/metrics").access_token(Header::Once(b"token"));
/// assert!(matches!(controller.check(&request, now), Ok(Allowed::Token(None))));
///
/// let denied = controller.check(&Request::new(b"GET", b"/metrics"), now).unwrap_err();
/// assert_eq!(denied.status(), 401);
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone, Debug)]
pub struct Controller {
    /// Empty: open.
    keys: heapless::Vec<FileUrlKey, MAX_TOKENS>,
}

impl Controller {
    /// A controller that asks for any of 1 to 8 access tokens.
    ///
    /// # Errors
    /// [`Misuse::NoToken`], [`Misuse::TooManyTokens`], [`Misuse::TokenVersion`].
    pub fn new(tokens: &[AccessToken]) -> Result<Self, Misuse> {
        let mut controller = Self::open();
        for token in tokens {
            controller.add(token)?;
        }
        if controller.is_open() { Err(Misuse::NoToken) } else { Ok(controller) }
    }

    /// A controller that allows everything: what `secure: false` asks for.
    #[must_use]
    pub const fn open() -> Self {
        Self { keys: heapless::Vec::new() }
    }

    /// Whether everything is allowed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.keys.is_empty()
    }

    /// Adds an access token. An open controller asks for it from now on.
    ///
    /// # Errors
    /// [`Misuse::TooManyTokens`] for the ninth, [`Misuse::TokenVersion`] for a token of v2.
    pub fn add(&mut self, token: &AccessToken) -> Result<(), Misuse> {
        self.keys.push(FileUrlKey::new(token)?).map_err(|_| Misuse::TooManyTokens)
    }

    /// Decides.
    ///
    /// `GET /health` and `POST /init` need no token here; `GET /files` and `POST /files` take the token or a signature;
    /// all else takes the token. On the file routes the query is read first: a bad escape, a parameter twice or an expiry
    /// that is no number is refused even beside the right token. A token that is presented decides, even beside a
    /// valid signature.
    ///
    /// # Errors
    /// [`Gate::Route`], [`Gate::FileToken`] or [`Gate::FileSignature`]; status 401, or 400 for what is malformed.
    pub fn check<'q>(&self, request: &Request<'q>, now: UnixSeconds) -> Result<Allowed<'q>, Denied> {
        if self.is_open() {
            return Ok(Allowed::Open(asked_for(request)));
        }
        match RouteKind::of(request)? {
            RouteKind::Exempt => Ok(Allowed::Exempt),
            RouteKind::Protected => {
                self.check_token(request, Gate::Route)?.map(|()| Allowed::Token(None)).ok_or(NO_TOKEN)
            }
            RouteKind::File(operation) => {
                let claims = FileClaims::parse(request.query)?;
                if self.check_token(request, Gate::FileToken)?.is_some() {
                    return Ok(Allowed::Token(Some(claims.unsigned(operation))));
                }
                claims.verify(self.keys.iter(), operation, now).map(Allowed::Signature)
            }
        }
    }

    /// Whether the access token was presented, and nothing when none was.
    fn check_token(&self, request: &Request<'_>, gate: Gate) -> Result<Option<()>, Denied> {
        let presented = request.access_token.non_empty();
        let Some(presented) = presented.map_err(|_| Denied::new(gate, Code::Malformed))? else {
            return Ok(None);
        };
        // Every token is tried, so that the time does not tell which one it was.
        let found = self.keys.iter().fold(no_match(), |found, key| found | key.same_token(presented));
        if verdict(found) { Ok(Some(())) } else { Err(Denied::new(gate, Code::Invalid)) }
    }
}

const NO_TOKEN: Denied = Denied::new(Gate::Route, Code::Missing);

enum RouteKind {
    Exempt,
    File(Operation),
    Protected,
}

impl RouteKind {
    /// The method as it is, the path decoded, both matched exactly.
    fn of(request: &Request<'_>) -> Result<Self, Denied> {
        let path = decode_path(request.path).map_err(|_| Denied::new(Gate::Route, Code::Malformed))?;
        let is = |route: &[u8]| path.clone().eq(route.iter().copied());
        Ok(match request.method {
            b"GET" if is(b"/health") => Self::Exempt,
            b"POST" if is(b"/init") => Self::Exempt,
            b"GET" if is(b"/files") => Self::File(Operation::Read),
            b"POST" if is(b"/files") => Self::File(Operation::Write),
            _ => Self::Protected,
        })
    }
}

/// What a request to a file route asks for, when nothing of it is checked.
fn asked_for<'q>(request: &Request<'q>) -> Option<Grant<'q>> {
    let Ok(RouteKind::File(operation)) = RouteKind::of(request) else {
        return None;
    };
    let query = FileQuery::parse(request.query).ok()?;
    Some(Grant::new(operation, query.path.unwrap_or_default(), query.user.unwrap_or_default(), None))
}
