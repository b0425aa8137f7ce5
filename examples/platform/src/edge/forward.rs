//! The request that is forwarded to the sandbox: without credentials, as core rewrites it.

use super::refusal::Refusal;
use axum::extract::Request;
use axum::http::header::InvalidHeaderValue;
use axum::http::uri::{InvalidUri, PathAndQuery};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::Response;
use axum_reverse_proxy::{HostBehaviour, ProxyPolicy, proxy_request_on_stream};
use sandgate::{Route, forward};
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// Streams both ways.
pub(super) async fn forward(mut request: Request, route: &Route, address: SocketAddr) -> Result<Response, Refusal> {
    let stream = TcpStream::connect(address).await;
    let stream = stream.map_err(|_| Refusal::port_closed(route.sandbox_id(), route.port()))?;
    rewrite(&mut request).map_err(|_| Refusal::unreadable())?;
    let policy = ProxyPolicy::new().with_host_behaviour(HostBehaviour::Preserve);
    let target = request.uri().clone();
    let Ok(response) = proxy_request_on_stream(target, request, stream, &policy).await;
    Ok(response)
}

fn rewrite(request: &mut Request) -> anyhow::Result<()> {
    *request.uri_mut() = target(request.uri())?;
    *request.headers_mut() = headers(request.headers())?;
    Ok(())
}

fn target(uri: &Uri) -> Result<Uri, InvalidUri> {
    let mut target = Vec::new();
    forward::target(uri.to_string().as_bytes(), |piece| target.extend_from_slice(piece));
    Ok(PathAndQuery::try_from(target)?.into())
}

fn headers(received: &HeaderMap) -> Result<HeaderMap, InvalidHeaderValue> {
    let mut headers = HeaderMap::with_capacity(received.len());
    for (name, value) in received {
        let mut goes_on = Vec::with_capacity(value.len());
        if forward::header(name.as_str().as_bytes(), value.as_bytes(), |piece| goes_on.extend_from_slice(piece)) {
            headers.append(name, HeaderValue::try_from(goes_on)?);
        }
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::rewrite;
    use axum::body::Body;
    use axum::extract::Request;

    fn rewritten(target: &str, headers: &[(&str, &str)]) -> Request {
        let request =
            headers.iter().fold(Request::builder().uri(target), |request, (name, value)| request.header(*name, *value));
        let mut request = request.body(Body::empty()).unwrap();
        rewrite(&mut request).unwrap();
        request
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
            assert_eq!(rewritten(target, &[]).uri().to_string(), left);
        }
    }

    #[test]
    fn every_header_line_is_rewritten() {
        let part = "a".repeat(34);
        let host = format!("8080-abc-{part}.sandbox.test:443");
        let request = rewritten(
            "/",
            &[
                ("host", &host),
                ("E2B-Traffic-Access-Token", "x"),
                ("e2b-traffic-access-token", "y"),
                ("cookie", "__Host-sandgate-traffic=x"),
                ("cookie", "a=1;__Host-sandgate-traffic=x"),
                ("cookie", "b=2"),
                ("x-forwarded-host", &host),
                ("x-original-uri", "/a?sandgate_traffic=x"),
                ("x-own", "1"),
                ("x-own", "2"),
            ],
        );
        let lines: Vec<_> =
            request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        let host = "8080-abc.sandbox.test:443";
        let [cookies, own] = [[("cookie", "a=1"), ("cookie", "b=2")], [("x-own", "1"), ("x-own", "2")]];
        let left = [&[("host", host)][..], &cookies, &[("x-forwarded-host", host), ("x-original-uri", "/a")], &own];
        assert_eq!(lines, left.concat());
    }
}
