//! The head of a request, from `http` types to what core reads.

use http::request::Parts;
use http::{HeaderMap, Version};
use sandgate::{Context, Head, HeaderLine};
use std::borrow::Cow;

/// The head of a request as received. Core reads it through [`Self::head`].
pub struct Received<'a> {
    method: &'a [u8],
    target: Cow<'a, str>,
    lines: Vec<HeaderLine<'a>>,
    body: bool,
}

impl<'a> Received<'a> {
    /// Reads the head of a request. `ended` says that no body follows.
    ///
    /// In HTTP/2 and later the URI contains the host: it becomes `:authority`. In HTTP/1 a target that contains a host stays
    /// one, and an edge refuses it.
    #[must_use]
    pub fn new(parts: &'a Parts, ended: bool) -> Self {
        let mut lines = lines(&parts.headers);
        let target = match parts.uri.authority() {
            Some(authority) if parts.version >= Version::HTTP_2 => {
                lines.push((b":authority", authority.as_str().as_bytes()));
                Cow::Borrowed(parts.uri.path_and_query().map_or("", |target| target.as_str()))
            }
            _ => Cow::Owned(parts.uri.to_string()),
        };
        Self { method: parts.method.as_str().as_bytes(), target, lines, body: !ended }
    }

    /// Returns the head, with the context of v2 credentials if there is one.
    #[must_use]
    pub fn head<'b>(&'b self, context: Option<Context<'b>>) -> Head<'b> {
        let head = Head::new(self.method, self.target.as_bytes(), &self.lines);
        let head = if self.body { head.body() } else { head };
        context.map_or(head, |context| head.context(context))
    }
}

/// Returns every header line, as core reads it.
#[must_use]
pub fn lines(headers: &HeaderMap) -> Vec<HeaderLine<'_>> {
    headers.iter().map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes())).collect()
}

/// The lines and the target may hold credentials.
impl std::fmt::Debug for Received<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Received({}, redacted)", self.method.escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn shown(version: Version, uri: &str, host: Option<&str>) -> (String, Vec<String>) {
        let mut request = Request::builder().version(version).uri(uri);
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let parts = request.body(()).unwrap().into_parts().0;
        let received = Received::new(&parts, true);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let lines = received.lines.iter().map(|(name, value)| format!("{}={}", text(name), text(value)));
        (text(received.head(None).target()), lines.collect())
    }

    #[test]
    fn target_is_as_received() {
        for target in ["/", "/?", "//a/%2e%2E?b=%zz&&c", "*", "http://a.test/b?c"] {
            assert_eq!(shown(Version::HTTP_11, target, Some("h")), (target.to_owned(), vec!["host=h".to_owned()]));
        }
    }

    #[test]
    fn host_of_http2_is_the_authority() {
        let lines = vec![":authority=a.test:1".to_owned()];
        assert_eq!(shown(Version::HTTP_2, "https://a.test:1/b?c", None), ("/b?c".to_owned(), lines));
        let lines = vec!["host=b".to_owned(), ":authority=a.test".to_owned()];
        assert_eq!(shown(Version::HTTP_3, "https://a.test/", Some("b")), ("/".to_owned(), lines));
    }

    #[test]
    fn debug_shows_only_the_method() {
        let parts =
            Request::builder().uri("/?signature=s").header("x-access-token", "t").body(()).unwrap().into_parts().0;
        assert_eq!(format!("{:?}", Received::new(&parts, true)), "Received(GET, redacted)");
    }
}
