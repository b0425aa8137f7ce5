//! The edge in front of the sandboxes: finds the sandbox of a request, checks the request, and forwards it.

mod browser;
mod forward;
#[cfg(test)]
mod guard_table;
mod preflight;
mod refusal;

use crate::current::Holding;
use crate::platform::Platform;
use crate::wake::NotWoken;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use forward::forward;
use refusal::Refusal;
use sandgate::{Head, Route};
use sandgate_tower::lines;
use std::net::SocketAddr;
use std::sync::Arc;

/// The edge, which takes every request.
pub fn router(platform: Arc<Platform>) -> Router {
    Router::new().fallback(handle).with_state(platform)
}

async fn handle(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    let headers = request.headers().clone();
    // The target as received, without a fragment: hyper drops the fragment, so the edge cannot forward it.
    let (method, target, path) =
        (request.method().clone(), request.uri().to_string(), logged_path(request.uri().path()));
    let lines = lines(&headers);
    let head = Head::new(method.as_str().as_bytes(), target.as_bytes(), &lines);
    let (host, admitted) = admit(&platform, &head).await;
    let answer = match admitted {
        Ok((route, address)) => forward(request, &route, address).await,
        Err(refusal) => Err(refusal),
    };
    let (reason, response) = match answer {
        Ok(response) => (String::new(), response),
        Err(refusal) if head.is_preflight() => (refusal.reason(), preflight::allow(&headers)),
        Err(refusal) => (refusal.reason(), refusal.into_response(browser::is_browser(&headers))),
    };
    eprintln!("edge: {host} {method} {path} {}{reason}", response.status().as_u16());
    response
}

/// The host of the request for the log, and the decision.
async fn admit(platform: &Arc<Platform>, head: &Head<'_>) -> (String, Result<(Route, SocketAddr), Refusal>) {
    // The same edge for both steps: SIGHUP may replace it in between.
    let holding = platform.current.get();
    match holding.edge.route(head) {
        Ok(route) => {
            let address = check(platform, &holding, &route, head).await;
            (route.to_string(), address.map(|address| (route, address)))
        }
        Err(denied) => ("-".into(), Err(Refusal::denied(denied, None, head.target()))),
    }
}

/// The listener at a route, for an allowed request. A paused sandbox is woken if the request may wake it.
async fn check(
    platform: &Arc<Platform>,
    holding: &Holding,
    route: &Route,
    head: &Head<'_>,
) -> Result<SocketAddr, Refusal> {
    let id = route.sandbox_id();
    let sandbox = platform.sandboxes.get(id).ok_or_else(|| Refusal::no_sandbox(id))?;
    if !sandbox.is_open() {
        platform.wake(&sandbox, route, head).await.map_err(|not| match not {
            NotWoken::Denied(denied) => Refusal::denied(denied, Some(id), head.target()),
            NotWoken::Gone => Refusal::no_sandbox(id),
        })?;
    }
    let issued = sandbox.issued();
    let (edge, state) = (holding.edge_for(&issued), issued.state(platform.edge_tokens));
    if let Err(denied) = edge.guard(route, state, head, (platform.now)()) {
        let carrier = edge.carrier(route, state, &head.request());
        return Err(Refusal::denied(denied, Some(id), head.target()).found_in(carrier));
    }
    match sandbox.address(route.port()) {
        Some(address) => Ok(address),
        None if sandbox.is_open() => Err(Refusal::port_closed(id, route.port())),
        // It was paused or ended meanwhile.
        None => Err(Refusal::no_sandbox(id)),
    }
}

/// The start of the path that can only be a path, and `+` if it was longer.
///
/// The text after the `?` may contain a signature. It is not logged, even if a client escaped or misspelled the `?`.
fn logged_path(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    match path.bytes().position(|byte| !is_plain(byte)).and_then(|at| path.get(..at)) {
        Some(plain) => format!("{plain}+"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::logged_path;

    #[test]
    fn only_certain_path_characters_are_logged() {
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
