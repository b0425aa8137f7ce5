//! The edge in front of the sandboxes: finds the sandbox that a request is for, asks whether it may pass, forwards it.

mod browser;
mod headers;
mod refusal;
mod strip;

use crate::platform::Platform;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::COOKIE;
use axum::http::{HeaderValue, Uri};
use axum::response::Response;
use axum_reverse_proxy::{HostBehaviour, ProxyPolicy, proxy_request_on_stream};
use headers::{ROUTING_ID, ROUTING_PORT, TRAFFIC_TOKEN, header};
use refusal::Refusal;
use sandgate::{Code, Denied, Gate, Route, UnixSeconds};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;
use strip::strip;
use tokio::net::TcpStream;

/// The edge, which takes every request there is.
pub fn router(platform: Arc<Platform>) -> Router {
    Router::new().fallback(handle).with_state(platform)
}

async fn handle(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    let is_browser = browser::is_browser(request.headers());
    let (method, path) = (request.method().clone(), logged_path(request.uri().path()));
    let route = find_route(&request);
    let host = route.as_ref().map_or("-".into(), |route| format!("{}-{}", route.port(), route.sandbox_id()));
    let answer = async {
        let route = route?;
        let address = admit(&platform, &route, &request)?;
        forward(request, &route, address).await
    };
    let (reason, response) = match answer.await {
        Ok(response) => (String::new(), response),
        Err(refusal) => (refusal.reason(), refusal.into_response(is_browser)),
    };
    eprintln!("edge: {host} {method} {path} {}{reason}", response.status().as_u16());
    response
}

fn find_route(request: &Request) -> Result<Route, Refusal> {
    let route = if is_origin_form(request.uri()) {
        Route::parse(header(request, &["host"]), header(request, &ROUTING_ID), header(request, &ROUTING_PORT))
    } else {
        Err(Denied::new(Gate::Host, Code::Malformed))
    };
    route.map_err(|denied| Refusal::denied(denied, None, request.uri().path().as_bytes()))
}

/// Where the request may go.
fn admit(platform: &Platform, route: &Route, request: &Request) -> Result<SocketAddr, Refusal> {
    let id = route.sandbox_id();
    // As it stands on the request line; a fragment, which never should be there, is gone already.
    let target = request.uri().path_and_query().map_or("", |target| target.as_str()).as_bytes();
    let denied = |denied| Refusal::denied(denied, Some(id), target);
    let cookies: Vec<&[u8]> = request.headers().get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    let asked = sandgate::Request::new(request.method().as_str().as_bytes(), target)
        .traffic_token(header(request, &TRAFFIC_TOKEN))
        .cookies(&cookies);

    // Before the look-up, so that it does not tell which sandboxes there are.
    platform.edge.screen(route, &asked).map_err(denied)?;
    let sandbox = platform.sandboxes.get(id).ok_or_else(|| Refusal::no_sandbox(id))?;
    let issued = sandbox.issued();
    let state = issued.state(platform.edge_tokens);
    let now = UnixSeconds::try_from(SystemTime::now()).unwrap_or_default();
    let checked = platform.edge.check(route, state, &asked, now);
    checked.map_err(|refused| denied(refused).found_in(platform.edge.carrier(route, state, &asked)))?;
    sandbox.address(route.port()).ok_or_else(|| Refusal::port_closed(id, route.port()))
}

/// As much of the path as nothing but a path can be, and `+` where more came.
///
/// What is behind the `?` may be a signature, and is not logged, however a client has escaped or misspelt the `?`.
fn logged_path(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    match path.bytes().position(|byte| !is_plain(byte)).and_then(|at| path.get(..at)) {
        Some(plain) => format!("{plain}+"),
        None => path.to_owned(),
    }
}

/// A target with a host of its own (`GET http://… HTTP/1.1`) would leave two hosts to choose from.
fn is_origin_form(target: &Uri) -> bool {
    target.authority().is_none() && target.path().starts_with('/')
}

/// Streams both ways. But for what let it pass, the request goes on as it came.
async fn forward(mut request: Request, route: &Route, address: SocketAddr) -> Result<Response, Refusal> {
    let stream = TcpStream::connect(address).await;
    let stream = stream.map_err(|_| Refusal::port_closed(route.sandbox_id(), route.port()))?;
    strip(&mut request, route).map_err(|_| Refusal::unreadable())?;
    let policy = ProxyPolicy::new().with_host_behaviour(HostBehaviour::Preserve);
    let target = request.uri().clone();
    let Ok(response) = proxy_request_on_stream(target, request, stream, &policy).await;
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::logged_path;

    #[test]
    fn only_what_must_be_a_path_is_logged() {
        assert_eq!(logged_path("/files/a-b_c.D9"), "/files/a-b_c.D9");
        for separator in
            ["%3F", "%3f", "%253F", "%26", "%23", "&", ";", "=", ":", "+", "%", "\u{1b}[2J", "\n", "é", "\u{9b}"]
        {
            assert_eq!(logged_path(&format!("/files{separator}signature=v1_x")), "/files+", "{separator:?}");
        }
        assert_eq!(logged_path("é"), "+");
        assert_eq!(logged_path(""), "");
    }
}
