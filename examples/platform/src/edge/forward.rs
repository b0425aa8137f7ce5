//! The request that is forwarded to the sandbox: without credentials, as core rewrites it.

use super::refusal::Refusal;
use axum::extract::Request;
use axum::response::Response;
use axum_reverse_proxy::{HostBehaviour, ProxyPolicy, proxy_request_on_stream};
use sandgate::Route;
use sandgate_tower::rewrite;
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// Streams both ways.
pub(super) async fn forward(request: Request, route: &Route, address: SocketAddr) -> Result<Response, Refusal> {
    let stream = TcpStream::connect(address).await;
    let stream = stream.map_err(|_| Refusal::port_closed(route.sandbox_id(), route.port()))?;
    let (mut parts, body) = request.into_parts();
    rewrite(&mut parts).map_err(|_| Refusal::unreadable())?;
    let policy = ProxyPolicy::new().with_host_behaviour(HostBehaviour::Preserve);
    let target = parts.uri.clone();
    let Ok(response) = proxy_request_on_stream(target, Request::from_parts(parts, body), stream, &policy).await;
    Ok(response)
}
