//! What is taken out of a request before it goes on to the sandbox: whatever could have let it pass.

use axum::extract::Request;
use axum::http::header::{COOKIE, HOST, InvalidHeaderValue};
use axum::http::uri::{InvalidUri, PathAndQuery};
use axum::http::{HeaderMap, HeaderValue, Uri};
use sandgate::{Route, forward};

/// Takes it out. All else of the target stays as it is, byte for byte.
pub(super) fn strip(request: &mut Request, route: &Route) -> anyhow::Result<()> {
    *request.uri_mut() = target(request.uri())?;
    let headers = request.headers_mut();
    headers.remove(forward::TRAFFIC_HEADER);
    strip_cookies(headers)?;
    strip_host(headers, route)?;
    Ok(())
}

fn target(uri: &Uri) -> Result<Uri, InvalidUri> {
    let Some(query) = uri.query() else { return Ok(uri.clone()) };
    let mut target = uri.path().to_owned().into_bytes();
    for (number, piece) in forward::query(query.as_bytes()).enumerate() {
        target.push(if number == 0 { b'?' } else { b'&' });
        target.extend(piece);
    }
    Ok(PathAndQuery::try_from(target)?.into())
}

fn strip_cookies(headers: &mut HeaderMap) -> Result<(), InvalidHeaderValue> {
    let lines: Vec<HeaderValue> = headers.get_all(COOKIE).iter().cloned().collect();
    headers.remove(COOKIE);
    for line in lines {
        let stays: Vec<&[u8]> = forward::cookies(line.as_bytes()).collect();
        if !stays.is_empty() {
            headers.append(COOKIE, HeaderValue::try_from(stays.join(&b"; "[..]))?);
        }
    }
    Ok(())
}

/// The left-most label becomes the route's.
fn strip_host(headers: &mut HeaderMap, route: &Route) -> Result<(), InvalidHeaderValue> {
    if let Some(domain) = headers.get(HOST).and_then(|host| forward::host(host.as_bytes())) {
        let host = HeaderValue::try_from([route.to_string().as_bytes(), domain].concat())?;
        headers.insert(HOST, host);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::strip;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::http::header::{COOKIE, HOST};
    use sandgate::{Header, Route};

    fn stripped(target: &str, headers: &[(&str, &str)]) -> Request {
        let request =
            headers.iter().fold(Request::builder().uri(target), |request, (name, value)| request.header(*name, *value));
        let mut request = request.body(Body::empty()).unwrap();
        strip(&mut request, &Route::new("abc".parse().unwrap(), "8080".parse().unwrap())).unwrap();
        request
    }

    #[test]
    fn the_target_loses_the_parameter_and_nothing_else() {
        for (target, left) in [
            ("/", "/"),
            ("/?", "/?"),
            ("//a/%2e%2E;x/?b=%zz&&c", "//a/%2e%2E;x/?b=%zz&&c"),
            ("/?sandgate_traffic=x", "/"),
            ("/?sandgate_traffic", "/"),
            ("/?sandgate_traffic=x&", "/?"),
            ("/?a=1&sandgate%5ftraffic=x&b=%zz", "/?a=1&b=%zz"),
            ("/?sandgate_traffic=x&a&sandgate_traffic=y", "/?a"),
            ("/?Sandgate_traffic=x&sandgate_traffic2=y", "/?Sandgate_traffic=x&sandgate_traffic2=y"),
            ("/sandgate_traffic=x", "/sandgate_traffic=x"),
        ] {
            assert_eq!(stripped(target, &[]).uri().to_string(), left);
        }
    }

    #[test]
    fn cookies_lose_ours() {
        for (lines, left) in [
            (&["a=1; b=2"][..], &["a=1; b=2"][..]),
            (&["a=1; __Host-sandgate-traffic=x;b=2"], &["a=1; b=2"]),
            (&["__Host-sandgate-traffic=x", "a=1", "__Host-sandgate-traffic = \"y\";c"], &["a=1", "c"]),
            (&["__Host-sandgate-traffic=x"], &[]),
        ] {
            let headers: Vec<_> = lines.iter().map(|line| ("cookie", *line)).collect();
            let request = stripped("/", &headers);
            let seen: Vec<_> = request.headers().get_all(COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
            assert_eq!(seen, left, "{lines:?}");
        }
    }

    #[test]
    fn a_host_that_names_the_sandbox_names_nothing_else() {
        let signed = format!("8080-abc-{}.sandbox.test:443", "a".repeat(34));
        for (host, left) in [
            (signed.as_str(), "8080-abc.sandbox.test:443"),
            ("08080-abc-anything.sandbox.test", "8080-abc.sandbox.test"),
            ("8080-abc.sandbox.test", "8080-abc.sandbox.test"),
            ("localhost:3000", "localhost:3000"),
            ("127.0.0.1", "127.0.0.1"),
            ("[::1]:80", "[::1]:80"),
            ("sandbox.test-1.test", "sandbox.test-1.test"),
        ] {
            // Each of them leads there, or leaves it to the headers.
            let (id, port) = (Header::Once(b"abc"), Header::Once(b"8080"));
            assert!(Route::parse(Header::Once(host.as_bytes()), id, port).is_ok(), "{host}");
            assert_eq!(stripped("/", &[("host", host)]).headers()[HOST], left);
        }
    }

    #[test]
    fn the_header_goes() {
        assert!(
            stripped("/", &[("E2B-Traffic-Access-Token", "x"), ("e2b-traffic-access-token", "y")]).headers().is_empty()
        );
    }
}
