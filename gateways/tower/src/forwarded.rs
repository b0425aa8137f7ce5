//! The request that goes on to the sandbox: without the edge's credentials, as core rewrites it.

use http::header::{HeaderName, HeaderValue};
use http::request::Parts;
use http::uri::{Authority, PathAndQuery};
use http::{HeaderMap, Uri};
use sandgate::forward;

/// A request that cannot be rewritten. No request that an edge allows is known to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotForwardable;

impl std::fmt::Display for NotForwardable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the request cannot be forwarded without its credentials")
    }
}

impl std::error::Error for NotForwardable {}

/// What becomes of one header line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forwarded {
    /// It stays as it is.
    Same,
    /// It gets another value.
    Changed(HeaderValue),
    /// It is removed.
    Removed,
}

impl Forwarded {
    /// Decides about one header line, with core.
    ///
    /// # Errors
    /// [`NotForwardable`].
    pub fn of(name: &HeaderName, value: &HeaderValue) -> Result<Self, NotForwardable> {
        let mut left = Vec::with_capacity(value.len());
        if !forward::header(name.as_str().as_bytes(), value.as_bytes(), |piece| left.extend_from_slice(piece)) {
            return Ok(Self::Removed);
        }
        if left == value.as_bytes() {
            return Ok(Self::Same);
        }
        HeaderValue::try_from(left).map(Self::Changed).map_err(|_| NotForwardable)
    }
}

/// Removes the credentials from the URI and from every header line.
///
/// Extensions stay as they are. axum's `OriginalUri` is one that repeats the target: put the layer around the router, so that
/// it is made from the rewritten URI.
///
/// # Errors
/// [`NotForwardable`].
pub fn rewrite(parts: &mut Parts) -> Result<(), NotForwardable> {
    parts.uri = uri(&parts.uri)?;
    parts.headers = headers(&parts.headers)?;
    Ok(())
}

/// Returns the header lines to forward.
///
/// # Errors
/// [`NotForwardable`].
pub fn headers(received: &HeaderMap) -> Result<HeaderMap, NotForwardable> {
    let mut left = HeaderMap::with_capacity(received.len());
    for (name, value) in received {
        match Forwarded::of(name, value)? {
            Forwarded::Same => drop(left.append(name, value.clone())),
            Forwarded::Changed(value) => drop(left.append(name, value)),
            Forwarded::Removed => {}
        }
    }
    Ok(left)
}

fn uri(received: &Uri) -> Result<Uri, NotForwardable> {
    let mut parts = received.clone().into_parts();
    if let Some(target) = &parts.path_and_query {
        let mut left = Vec::with_capacity(target.as_str().len());
        forward::target(target.as_str().as_bytes(), |piece| left.extend_from_slice(piece));
        parts.path_and_query = Some(PathAndQuery::try_from(left).map_err(|_| NotForwardable)?);
    }
    if let Some(authority) = &parts.authority {
        let mut left = Vec::with_capacity(authority.as_str().len());
        forward::header(b":authority", authority.as_str().as_bytes(), |piece| left.extend_from_slice(piece));
        parts.authority = Some(Authority::try_from(left).map_err(|_| NotForwardable)?);
    }
    Uri::from_parts(parts).map_err(|_| NotForwardable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn rewritten(target: &str, lines: &[(&str, &str)]) -> Parts {
        let request = lines.iter().fold(Request::builder().uri(target), |request, line| request.header(line.0, line.1));
        let mut parts = request.body(()).unwrap().into_parts().0;
        rewrite(&mut parts).unwrap();
        parts
    }

    #[test]
    fn only_the_parameter_is_removed_from_the_target() {
        for (target, left) in [
            ("/", "/"),
            ("/?", "/?"),
            ("//a/%2e%2E;x/?b=%zz&&c", "//a/%2e%2E;x/?b=%zz&&c"),
            ("/?sandgate_traffic=x", "/"),
            ("/?a=1&sandgate%5ftraffic=x&b=%zz", "/?a=1&b=%zz"),
        ] {
            assert_eq!(rewritten(target, &[]).uri.to_string(), left);
        }
    }

    #[test]
    fn signed_label_is_removed_from_the_authority_of_http2() {
        let signed = format!("https://8080-abc-{}.sandbox.test:443/a?sandgate_traffic=x", "a".repeat(34));
        assert_eq!(rewritten(&signed, &[]).uri.to_string(), "https://8080-abc.sandbox.test:443/a");
    }

    #[test]
    fn every_header_line_is_rewritten() {
        let host = format!("8080-abc-{}.sandbox.test:443", "a".repeat(34));
        let lines = [
            ("host", host.as_str()),
            ("E2B-Traffic-Access-Token", "x"),
            ("e2b-traffic-access-token", "y"),
            ("cookie", "__Host-sandgate-traffic=x"),
            ("cookie", "a=1;__Host-sandgate-traffic=x"),
            ("cookie", "b=2"),
            ("x-forwarded-host", &host),
            ("x-original-uri", "/a?sandgate_traffic=x"),
            ("x-own", "1"),
            ("x-own", "2"),
        ];
        let parts = rewritten("/", &lines);
        let seen: Vec<_> = parts.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        let host = "8080-abc.sandbox.test:443";
        let [cookies, own] = [[("cookie", "a=1"), ("cookie", "b=2")], [("x-own", "1"), ("x-own", "2")]];
        let left = [&[("host", host)][..], &cookies, &[("x-forwarded-host", host), ("x-original-uri", "/a")], &own];
        assert_eq!(seen, left.concat());
    }
}
