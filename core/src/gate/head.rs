//! The head of a request as a server hands it over, which is what every guard reads.

use crate::encoding::bytes::trim;
use crate::gate::checked_request::Request;
use crate::gate::header_names::{
    ACCESS_REQUEST_METHOD, ACCESS_TOKEN, AUTHORITY, CONTENT_LENGTH, COOKIE, DECIDING, HOST, ORIGIN, SANDBOX_ID,
    SANDBOX_PORT, TRAFFIC_HEADER, TRANSFER_ENCODING, UPGRADE,
};
use crate::request::header::Header;
use crate::value::ids::Context;

/// A header line as received: its name, in upper or lower case, and its value. Spaces and tabs around the value do not count.
pub type HeaderLine<'a> = (&'a [u8], &'a [u8]);

/// The request line and the header lines, nothing decoded and nothing chosen.
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
    /// Lines of headers that are not in [`DECIDING`] may be left out.
    #[must_use]
    pub const fn new(method: &'a [u8], target: &'a [u8], lines: &'a [HeaderLine<'a>]) -> Self {
        Self { method, target, lines, joined: false, body: false, context: None, other: None }
    }

    /// With header values in which the server has joined repeated lines by commas, as WSGI, `fetch` and serverless
    /// adapters do. A comma in a header that decides then counts as a repetition, which is refused.
    #[must_use]
    pub const fn joined(self) -> Self {
        Self { joined: true, ..self }
    }

    /// With a body that the server knows of, though no header tells: an HTTP/2 stream that is not at its end.
    #[must_use]
    pub const fn with_body(self) -> Self {
        Self { body: true, ..self }
    }

    /// With what a file URL or a traffic pass of v2 was signed for: see [`Request::context`].
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

    /// With another view of the same request, for example the one that the application reads.
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

    /// The values of a header under any of its names, which are in lower case. Spaces and tabs around a value are dropped.
    #[must_use]
    pub fn header(&self, names: &[&str]) -> Header<'a> {
        match self.values(names).collect() {
            Header::Once(value) if self.joined && value.contains(&b',') => Header::Repeated,
            header => header,
        }
    }

    /// The host: `Host`, or what HTTP/2 calls `:authority`. Both may be given when they say the same.
    #[must_use]
    pub fn host(&self) -> Header<'a> {
        match (self.header(&[AUTHORITY]), self.header(&[HOST])) {
            (Header::Absent, host) => host,
            (authority, Header::Absent) => authority,
            (Header::Once(authority), Header::Once(host)) if authority == host => Header::Once(host),
            _ => Header::Repeated,
        }
    }

    /// Which sandbox and which port the routing headers name.
    pub(crate) fn routing_headers(&self) -> (Header<'a>, Header<'a>) {
        (self.header(&SANDBOX_ID), self.header(&SANDBOX_PORT))
    }

    /// What a gate looks at: the request line, the tokens, the cookies and the context.
    #[must_use]
    pub fn request(&self) -> Request<'a> {
        Request::new(self.method, self.target)
            .access_token(self.header(&[ACCESS_TOKEN]))
            .traffic_token(self.header(&[TRAFFIC_HEADER]))
            .cookies_in(self.lines)
            .maybe_context(self.context)
    }

    /// Whether a browser asks what it may send: `OPTIONS` with `Origin` and `Access-Control-Request-Method`, without a body
    /// and without an upgrade. It sends no credentials with it, so a server answers by its CORS rule before it asks the
    /// controller's.
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
        self.method == b"OPTIONS"
            && is_given(ORIGIN)
            && is_given(ACCESS_REQUEST_METHOD)
            && is_absent(UPGRADE)
            && is_absent(TRANSFER_ENCODING)
            && has_no_length
            && !self.body
    }

    /// Whether two views show different requests: another method, another target, or another value of a header that
    /// decides.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.other.is_some_and(|other| {
            let differs = |name: &&str| !self.shows_as(other, name);
            self.method != other.method || self.target != other.target || DECIDING.iter().any(differs)
        })
    }

    /// Whether a header is the same in both views. Where the other one joins repeated lines, or keeps one of them, a header
    /// that is repeated here is refused where it decides, but for cookies, whose lines are joined.
    fn shows_as(&self, other: &Self, name: &str) -> bool {
        let names = [name];
        let (here, there) = (self.values(&names), other.values(&names));
        let (lines, others) = (here.clone().count(), there.clone().count());
        if lines == others {
            here.eq(there)
        } else if lines > 1 && others == 1 {
            name != COOKIE || is_join(here, there.flatten().copied())
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
fn is_join<'a>(lines: impl Iterator<Item = &'a [u8]>, joined: impl Iterator<Item = u8>) -> bool {
    let between = core::iter::once(&b""[..]).chain(core::iter::repeat(&b"; "[..]));
    between.zip(lines).flat_map(|(before, line)| [before, line]).flatten().copied().eq(joined)
}

/// The method alone: the rest may hold a signature or a token.
impl core::fmt::Debug for Head<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Head({}, redacted)", self.method.escape_ascii())
    }
}
