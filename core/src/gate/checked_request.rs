//! The parts of a request that a gate reads.

use crate::encoding::bytes::split_once;
use crate::request::header::Header;
use crate::value::ids::Context;

/// A request as received: not decoded, not normalised.
///
/// ```
/// use sandgate::{Header, Request};
/// let request = Request::new(b"GET", b"/files?path=%2Fa.txt").access_token(Header::Once(b"token"));
/// ```
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub(crate) method: &'a [u8],
    pub(crate) path: &'a [u8],
    pub(crate) query: &'a [u8],
    pub(crate) access_token: Header<'a>,
    pub(crate) traffic_token: Header<'a>,
    cookies: CookieLines<'a>,
    pub(crate) context: Option<Context<'a>>,
}

impl<'a> Request<'a> {
    /// A request without headers. `target` is the path and query of the request line, still percent-encoded.
    ///
    /// The first `?` ends the path. A `#` is an ordinary byte: clients never send a fragment, and servers do not parse one.
    #[must_use]
    pub fn new(method: &'a [u8], target: &'a [u8]) -> Self {
        let (path, query) = split_once(target, b'?').unwrap_or((target, b""));
        let (access_token, traffic_token) = (Header::Absent, Header::Absent);
        let cookies = CookieLines { values: &[], lines: &[] };
        Self { method, path, query, access_token, traffic_token, cookies, context: None }
    }

    /// Whether the path as received is exactly this one. A path that contains an escape is another path.
    ///
    /// ```
    /// use sandgate::Request;
    /// assert!(Request::new(b"GET", b"/health?x").path_is(b"/health"));
    /// assert!(!Request::new(b"GET", b"/%68ealth").path_is(b"/health"));
    /// ```
    #[must_use]
    pub fn path_is(&self, path: &[u8]) -> bool {
        self.path == path
    }

    /// Sets the `X-Access-Token` header, which a controller reads.
    #[must_use]
    pub const fn access_token(self, header: Header<'a>) -> Self {
        Self { access_token: header, ..self }
    }

    /// Sets the `e2b-traffic-access-token` header, which an edge reads.
    #[must_use]
    pub const fn traffic_token(self, header: Header<'a>) -> Self {
        Self { traffic_token: header, ..self }
    }

    /// Sets the values of all `Cookie` headers, which an edge reads if its policy accepts cookies.
    #[must_use]
    pub const fn cookies(self, values: &'a [&'a [u8]]) -> Self {
        Self { cookies: CookieLines { values, lines: &[] }, ..self }
    }

    /// Sets the header lines among which the `Cookie` headers are.
    pub(crate) const fn cookies_in(self, lines: &'a [(&'a [u8], &'a [u8])]) -> Self {
        Self { cookies: CookieLines { values: &[], lines }, ..self }
    }

    /// The value of each `Cookie` header.
    pub(crate) fn cookie_lines(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let CookieLines { values, lines } = self.cookies;
        let cookies = lines.iter().filter(|line| line.0.eq_ignore_ascii_case(b"cookie")).map(|line| line.1);
        values.iter().copied().chain(cookies)
    }

    /// Sets the context for which a v2 file URL or traffic pass was signed. One that was signed for another context, or for
    /// none, is refused. Without this call, one that was signed for a context is refused. Tokens, signed hosts and v1 have
    /// no context.
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
}

/// The values of the `Cookie` headers, or all header lines.
#[derive(Clone, Copy)]
struct CookieLines<'a> {
    values: &'a [&'a [u8]],
    lines: &'a [(&'a [u8], &'a [u8])],
}

/// Shows only the method: the rest may hold a signature or a token.
impl core::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Request({}, redacted)", self.method.escape_ascii())
    }
}
