//! The client's request, as a gateway describes it in the headers of its own request.

use super::Profile;
use http::HeaderMap;
use http::request::Parts;
use sandgate::{Head, HeaderLine, headers};

/// The headers in which a gateway describes a request. nginx sets them by its configuration, which replaces what a client
/// sent; Traefik and Caddy set theirs themselves.
struct Names {
    method: &'static str,
    target: &'static str,
    host: &'static str,
    client: &'static str,
    /// Whether the gateway passes the client's `Host` on too. Then both must agree.
    keeps_host: bool,
}

const NGINX: Names = Names {
    method: "x-sandgate-method",
    target: "x-sandgate-target",
    host: "x-sandgate-host",
    client: "x-sandgate-client",
    keeps_host: false,
};
const FORWARDED: Names = Names {
    method: "x-forwarded-method",
    target: "x-forwarded-uri",
    host: "x-forwarded-host",
    client: "x-forwarded-for",
    keeps_host: false,
};
const CADDY: Names = Names { keeps_host: true, ..FORWARDED };

/// The gateway's request does not describe exactly one client's request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotDescribed {
    /// This header is missing, empty or repeated.
    Header(&'static str),
    /// The host of the gateway's request and of the described one differ.
    Hosts,
    /// The path does not begin with the configured prefix.
    Prefix,
}

impl std::fmt::Display for NotDescribed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Header(name) => write!(f, "{name}: must be given once, and not be empty"),
            Self::Hosts => f.write_str("host and x-forwarded-host: must be equal"),
            Self::Prefix => f.write_str("the path must begin with path_prefix"),
        }
    }
}

/// A client's request.
pub(crate) struct Described<'a> {
    pub(super) profile: Profile,
    method: &'a [u8],
    target: &'a [u8],
    lines: Vec<HeaderLine<'a>>,
    /// Values in which the gateway has joined repeated lines.
    joined: bool,
    /// The client's address.
    pub(crate) client: Option<&'a [u8]>,
}

impl<'a> Described<'a> {
    pub(super) const fn new(
        profile: Profile,
        method: &'a [u8],
        target: &'a [u8],
        lines: Vec<HeaderLine<'a>>,
        joined: bool,
        client: Option<&'a [u8]>,
    ) -> Self {
        Self { profile, method, target, lines, joined, client }
    }

    /// Reads the request of a gateway that speaks HTTP.
    pub(crate) fn read(profile: Profile, parts: &'a Parts, prefix: &str) -> Result<Self, NotDescribed> {
        match profile {
            Profile::Nginx => by_headers(profile, &NGINX, &parts.headers),
            Profile::Traefik => by_headers(profile, &FORWARDED, &parts.headers),
            Profile::Caddy => by_headers(profile, &CADDY, &parts.headers),
            // Envoy repeats the request itself. That of gRPC is read elsewhere.
            Profile::EnvoyHttp | Profile::EnvoyGrpc => repeated(profile, parts, prefix),
        }
    }

    /// The head, as core reads it.
    pub(crate) fn head(&self) -> Head<'_> {
        let head = Head::new(self.method, self.target, &self.lines);
        if self.joined { head.joined() } else { head }
    }

    /// The lines of the client's request.
    pub(crate) fn lines(&self) -> &[HeaderLine<'a>] {
        &self.lines
    }
}

fn by_headers<'a>(profile: Profile, names: &Names, received: &'a HeaderMap) -> Result<Described<'a>, NotDescribed> {
    let (method, target) = (once(received, names.method)?, once(received, names.target)?);
    let host = once(received, names.host)?;
    if names.keeps_host && once(received, "host")? != host {
        return Err(NotDescribed::Hosts);
    }
    let describing = [names.method, names.target, names.host, names.client, "host"];
    let mut lines: Vec<HeaderLine<'_>> = received
        .iter()
        .filter(|(name, _)| !describing.contains(&name.as_str()))
        .map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()))
        .collect();
    lines.push((b"host", host));
    Ok(Described::new(profile, method, target, lines, false, once(received, names.client).ok().map(last_address)))
}

/// Envoy's own request has the method, the target, the host and the headers of the client's.
fn repeated<'a>(profile: Profile, parts: &'a Parts, prefix: &str) -> Result<Described<'a>, NotDescribed> {
    // In HTTP/1 a target that contains a host is refused, since it does not begin with the prefix.
    let target = match parts.uri.authority() {
        Some(_) if parts.version < http::Version::HTTP_2 => return Err(NotDescribed::Prefix),
        _ => parts.uri.path_and_query().map_or("", |target| target.as_str()),
    };
    let target = target.strip_prefix(prefix).filter(|target| target.starts_with('/')).ok_or(NotDescribed::Prefix)?;
    let received = sandgate_tower::lines(&parts.headers);
    // In HTTP/2 the host is in the target. Beside a Host line, core compares both.
    let name: &[u8] = if parts.headers.contains_key("host") { b":authority" } else { b"host" };
    let authority = parts.uri.authority().map(|authority| (name, authority.as_str().as_bytes()));
    let lines = received.into_iter().chain(authority).collect();
    let client = once(&parts.headers, "x-forwarded-for").ok().map(last_address);
    // Envoy may join repeated lines by a comma before it sends them.
    Ok(Described::new(profile, parts.method.as_str().as_bytes(), target.as_bytes(), lines, true, client))
}

fn once<'a>(received: &'a HeaderMap, name: &'static str) -> Result<&'a [u8], NotDescribed> {
    let mut values = received.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) if !value.is_empty() => Ok(value.as_bytes()),
        _ => Err(NotDescribed::Header(name)),
    }
}

/// The address that the gateway itself has appended: whatever comes before it was the client's word.
fn last_address(list: &[u8]) -> &[u8] {
    list.rsplit(|byte| *byte == b',').next().unwrap_or_default().trim_ascii()
}

/// A described request may hold credentials.
impl std::fmt::Debug for Described<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Described({}, redacted)", self.method.escape_ascii())
    }
}

/// Whether a header line carries a token, for the fingerprint in a log.
pub(crate) fn token<'a>(lines: &[HeaderLine<'a>]) -> Option<&'a [u8]> {
    let is_token = |line: &&HeaderLine<'_>| line.0.eq_ignore_ascii_case(headers::TRAFFIC_HEADER.as_bytes());
    lines.iter().find(is_token).map(|line| line.1).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    const NGINX_LINES: [(&str, &str); 5] = [
        ("x-sandgate-method", "POST"),
        ("x-sandgate-target", "//a?b=%zz"),
        ("x-sandgate-host", "8080-abc.test"),
        ("x-sandgate-client", "10.0.0.1"),
        ("host", "127.0.0.1:9001"),
    ];

    fn read(profile: Profile, uri: &str, lines: &[(&str, &str)]) -> Result<(Vec<u8>, Vec<u8>, String), NotDescribed> {
        let request = lines.iter().fold(Request::builder().uri(uri), |request, line| request.header(line.0, line.1));
        let parts = request.body(()).unwrap().into_parts().0;
        let described = Described::read(profile, &parts, "/authz")?;
        let head = described.head();
        let hosts = described.lines().iter().filter(|line| line.0 == b"host").count();
        assert_eq!(hosts, 1);
        let client = described.client.map(|client| String::from_utf8(client.to_vec()).unwrap());
        Ok((head.method().to_vec(), head.target().to_vec(), client.unwrap_or_default()))
    }

    #[test]
    fn nginx_describes_the_request_in_headers_of_its_own() {
        let described = read(Profile::Nginx, "/", &NGINX_LINES).unwrap();
        assert_eq!(described, (b"POST".to_vec(), b"//a?b=%zz".to_vec(), "10.0.0.1".to_owned()));
    }

    #[test]
    fn missing_empty_and_repeated_descriptions_are_refused() {
        for (index, name) in ["x-sandgate-method", "x-sandgate-target", "x-sandgate-host"].into_iter().enumerate() {
            let mut missing = NGINX_LINES.to_vec();
            missing.remove(index);
            let mut empty = NGINX_LINES.to_vec();
            empty[index].1 = "";
            let repeated = [&NGINX_LINES[..], &NGINX_LINES[index..=index]].concat();
            for lines in [missing, empty, repeated] {
                assert_eq!(read(Profile::Nginx, "/", &lines), Err(NotDescribed::Header(name)));
            }
        }
    }

    #[test]
    fn hosts_that_contradict_each_other_are_refused() {
        let lines = |host| {
            [
                ("x-forwarded-method", "GET"),
                ("x-forwarded-uri", "/"),
                ("x-forwarded-host", "8080-abc.test"),
                ("x-forwarded-for", "1.1.1.1, 10.0.0.1"),
                ("host", host),
            ]
        };
        assert_eq!(read(Profile::Caddy, "/", &lines("8080-abc.test")).unwrap().2, "10.0.0.1");
        assert_eq!(read(Profile::Caddy, "/", &lines("8080-other.test")), Err(NotDescribed::Hosts));
        assert!(read(Profile::Traefik, "/", &lines("gateway:9001")).is_ok());
    }

    #[test]
    fn lines_that_envoy_may_have_joined_count_as_repeated() {
        let line = (headers::TRAFFIC_HEADER, "a,b");
        let request = Request::builder().uri("/authz/").header("host", "8080-abc.test").header(line.0, line.1);
        let parts = request.body(()).unwrap().into_parts().0;
        let described = Described::read(Profile::EnvoyHttp, &parts, "/authz").unwrap();
        assert_eq!(described.head().header(&[line.0]), sandgate::Header::Repeated);
    }

    #[test]
    fn envoy_repeats_the_request_below_a_prefix() {
        let lines = [("host", "8080-abc.test")];
        assert_eq!(read(Profile::EnvoyHttp, "/authz//a?b", &lines).unwrap().1, b"//a?b");
        for uri in ["/", "/authz", "/authzx", "http://8080-abc.test/authz/"] {
            assert_eq!(read(Profile::EnvoyHttp, uri, &lines), Err(NotDescribed::Prefix), "{uri}");
        }
    }
}
