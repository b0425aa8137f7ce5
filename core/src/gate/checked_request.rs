//! What a gate looks at.

use crate::encoding::bytes::split_once;
use crate::request::header::Header;
use crate::value::ids::Context;

/// A request as it stands on the wire: nothing decoded, nothing normalised.
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
    /// The first `?` ends the path. A `#` is an ordinary byte: a fragment is never sent, and servers do not look for one.
    #[must_use]
    pub fn new(method: &'a [u8], target: &'a [u8]) -> Self {
        let (path, query) = split_once(target, b'?').unwrap_or((target, b""));
        let (access_token, traffic_token) = (Header::Absent, Header::Absent);
        let cookies = CookieLines { values: &[], lines: &[] };
        Self { method, path, query, access_token, traffic_token, cookies, context: None }
    }

    /// Whether the path as received is exactly this one, as the rules match it: a path with an escape in it is another one.
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

    /// With this `X-Access-Token`, which a controller looks at.
    #[must_use]
    pub const fn access_token(self, header: Header<'a>) -> Self {
        Self { access_token: header, ..self }
    }

    /// With this `e2b-traffic-access-token`, which an edge looks at.
    #[must_use]
    pub const fn traffic_token(self, header: Header<'a>) -> Self {
        Self { traffic_token: header, ..self }
    }

    /// With the values of all `Cookie` headers, which an edge looks at where its policy accepts cookies.
    #[must_use]
    pub const fn cookies(self, values: &'a [&'a [u8]]) -> Self {
        Self { cookies: CookieLines { values, lines: &[] }, ..self }
    }

    /// With the `Cookie` headers among these lines.
    pub(crate) const fn cookies_in(self, lines: &'a [(&'a [u8], &'a [u8])]) -> Self {
        Self { cookies: CookieLines { values: &[], lines }, ..self }
    }

    /// The value of each `Cookie` header.
    pub(crate) fn cookie_lines(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let CookieLines { values, lines } = self.cookies;
        let cookies = lines.iter().filter(|line| line.0.eq_ignore_ascii_case(b"cookie")).map(|line| line.1);
        values.iter().copied().chain(cookies)
    }

    /// With what a file URL or a traffic pass of v2 was signed for. What was signed without one is then refused, and the
    /// other way round; tokens, signed hosts and v1 know no context.
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

/// The values of `Cookie` headers, or all header lines, among which they are.
#[derive(Clone, Copy)]
struct CookieLines<'a> {
    values: &'a [&'a [u8]],
    lines: &'a [(&'a [u8], &'a [u8])],
}

/// The method alone: the rest may hold a signature or a token.
impl core::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Request({}, redacted)", self.method.escape_ascii())
    }
}
