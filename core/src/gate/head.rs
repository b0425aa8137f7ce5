//! The head of a request as a server passes it: the input of every guard.

use crate::encoding::bytes::{has, trim};
use crate::gate::checked_request::Request;
use crate::gate::header_names::{
    ACCESS_REQUEST_METHOD, ACCESS_TOKEN, AUTHORITY, CONTENT_LENGTH, COOKIE, DECIDING, HOST, ORIGIN, PREFLIGHT_METHOD,
    SANDBOX_ID, SANDBOX_PORT, TRAFFIC_HEADER, TRANSFER_ENCODING, UPGRADE,
};
use crate::request::header::Header;
use crate::value::ids::Context;

/// A header line as received: its name, in upper or lower case, and its value. Spaces and tabs around the value do not count.
pub type HeaderLine<'a> = (&'a [u8], &'a [u8]);

/// The request line and the header lines as received: not decoded, not filtered.
///
/// A server may show the same request twice: as received, and as the application reads it. [`Self::beside`] adds the second
/// view. [`Controller::guard`](crate::Controller::guard) and [`Edge::route`](crate::Edge::route) refuse a request whose views differ.
///
/// ```
/// use sandgate::Head;
///
/// let lines: [(&[u8], &[u8]); 1] = [(b"X-Access-Token", b"token")];
/// let head = Head::new(b"GET", b"/metrics", &lines);
/// assert!(!head.is_preflight());
/// ```
#[derive(Clone, Copy)]
pub struct Head<'a> {
    method: &'a [u8],
    target: &'a [u8],
    lines: &'a [HeaderLine<'a>],
    joined: bool,
    body: bool,
    context: Option<Context<'a>>,
    other: Option<&'a Self>,
}

impl<'a> Head<'a> {
    /// A request by its method, its target (path and query as received, still percent-encoded) and its header lines.
    ///
    /// You may omit lines of headers that are not in [`DECIDING`].
    #[must_use]
    pub const fn new(method: &'a [u8], target: &'a [u8], lines: &'a [HeaderLine<'a>]) -> Self {
        Self { method, target, lines, joined: false, body: false, context: None, other: None }
    }

    /// Marks header values in which the server has joined repeated lines with commas, as WSGI, `fetch` and serverless
    /// adapters do. A comma in a deciding header then counts as a repetition, which is refused.
    #[must_use]
    pub const fn joined(self) -> Self {
        Self { joined: true, ..self }
    }

    /// Says that there is a body although no header announces it, such as an HTTP/2 stream that has not ended.
    #[must_use]
    pub const fn body(self) -> Self {
        Self { body: true, ..self }
    }

    /// Sets the context of v2 credentials: see [`Request::context`].
    #[must_use]
    pub const fn context(self, context: Context<'a>) -> Self {
        self.maybe_context(Some(context))
    }

    /// The same for an optional value: for bindings.
    #[doc(hidden)]
    #[must_use]
    pub const fn maybe_context(self, context: Option<Context<'a>>) -> Self {
        Self { context, ..self }
    }

    /// Adds another view of the same request, for example the one that the application reads.
    #[must_use]
    pub const fn beside(self, other: &'a Self) -> Self {
        Self { other: Some(other), ..self }
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> &'a [u8] {
        self.method
    }

    /// The target: path and query as received.
    #[must_use]
    pub const fn target(&self) -> &'a [u8] {
        self.target
    }

    /// Returns the values of a header under any of its names, which are in lower case, without spaces and tabs around them.
    #[must_use]
    pub fn header(&self, names: &[&str]) -> Header<'a> {
        match self.values(names).collect() {
            Header::Once(value) if self.joined && has(value, b',') => Header::Repeated,
            header => header,
        }
    }

    /// The host: `Host`, or what HTTP/2 calls `:authority`. Both may be present if they are equal.
    #[must_use]
    pub fn host(&self) -> Header<'a> {
        match (self.header(&[AUTHORITY]), self.header(&[HOST])) {
            (Header::Absent, host) => host,
            (authority, Header::Absent) => authority,
            (Header::Once(authority), Header::Once(host)) if authority == host => Header::Once(host),
            _ => Header::Repeated,
        }
    }

    /// Returns the routing headers: the sandbox id and the port.
    pub(crate) fn routing_headers(&self) -> (Header<'a>, Header<'a>) {
        (self.header(&SANDBOX_ID), self.header(&SANDBOX_PORT))
    }

    /// Returns the parts that a gate reads: the request line, the tokens, the cookies and the context.
    #[must_use]
    pub fn request(&self) -> Request<'a> {
        Request::new(self.method, self.target)
            .access_token(self.header(&[ACCESS_TOKEN]))
            .traffic_token(self.header(&[TRAFFIC_HEADER]))
            .cookies_in(self.lines)
            .maybe_context(self.context)
    }

    /// Whether this is a CORS preflight: `OPTIONS` with `Origin` and `Access-Control-Request-Method`, without a body and
    /// without an upgrade. Browsers send no credentials with it, so a server applies its CORS rule before the controller's
    /// rule.
    ///
    /// Source: the Fetch standard, "CORS-preflight request".
    #[must_use]
    pub fn is_preflight(&self) -> bool {
        let is_given = |name| matches!(self.header(&[name]).non_empty(), Ok(Some(_)));
        let is_absent = |name| self.header(&[name]) == Header::Absent;
        let has_no_length = match self.header(&[CONTENT_LENGTH]) {
            Header::Absent => true,
            Header::Once(length) => !length.is_empty() && length.iter().all(|digit| *digit == b'0'),
            Header::Repeated => false,
        };
        self.method == PREFLIGHT_METHOD.as_bytes()
            && is_given(ORIGIN)
            && is_given(ACCESS_REQUEST_METHOD)
            && is_absent(UPGRADE)
            && is_absent(TRANSFER_ENCODING)
            && has_no_length
            && !self.body
    }

    /// Whether two views of the request differ in the method, the target or a deciding header.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.other.is_some_and(|other| {
            let differs = |name: &&str| !self.shows_as(other, name);
            self.method != other.method || self.target != other.target || DECIDING.iter().any(differs)
        })
    }

    /// Whether a header is the same in both views. A header that this view repeats and the other has once counts as the
    /// same, because a repeated deciding header is refused anyway. Cookies may repeat, so their joined lines are compared.
    fn shows_as(&self, other: &Self, name: &str) -> bool {
        let names = [name];
        let (here, there) = (self.values(&names), other.values(&names));
        let (lines, others) = (here.clone().count(), there.clone().count());
        if lines == others {
            here.eq(there)
        } else if lines > 1 && others == 1 {
            name != COOKIE || there.last().is_some_and(|joined| is_join(here, joined))
        } else {
            false
        }
    }

    fn values<'n>(&self, names: &'n [&str]) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a, 'n> {
        let named = move |line: &&HeaderLine<'_>| names.iter().any(|name| line.0.eq_ignore_ascii_case(name.as_bytes()));
        self.lines.iter().filter(named).map(|line| trim(line.1))
    }
}

/// Whether `joined` is the cookie lines with `; ` between them, as HTTP/2 and Node join them.
fn is_join<'a>(lines: impl Iterator<Item = &'a [u8]>, joined: &[u8]) -> bool {
    let (mut rest, mut before) = (joined, &b""[..]);
    for line in lines {
        let Some(after) = rest.strip_prefix(before).and_then(|rest| rest.strip_prefix(line)) else { return false };
        (rest, before) = (after, b"; ");
    }
    rest.is_empty()
}

/// Shows only the method: the rest may hold a signature or a token.
impl core::fmt::Debug for Head<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Head({}, redacted)", self.method.escape_ascii())
    }
}
