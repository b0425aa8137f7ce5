//! Only configured gateways are answered: anyone else could describe any request.

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// The other end of a connection.
#[derive(Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Refuses requests from other networks than these.
pub(super) fn only(router: Router, networks: Vec<IpNet>) -> Router {
    router.layer(from_fn_with_state(Arc::new(networks), check))
}

async fn check(
    State(networks): State<Arc<Vec<IpNet>>>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request,
    next: Next,
) -> Response {
    if is_in(&networks, peer.ip()) {
        return next.run(request).await;
    }
    tracing::warn!(%peer, "refused: not a configured peer");
    (StatusCode::FORBIDDEN, "not a configured peer\n").into_response()
}

/// An IPv4 address is the same one when it is written as an IPv6 address.
fn is_in(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_networks_are_peers() {
        let networks: Vec<IpNet> = ["10.1.0.0/16", "::1/128"].map(|network| network.parse().unwrap()).into();
        for (address, is_peer) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("::1", true),
            ("10.2.0.1", false),
            ("::2", false),
            ("127.0.0.1", false),
        ] {
            assert_eq!(is_in(&networks, address.parse().unwrap()), is_peer, "{address}");
        }
    }
}
