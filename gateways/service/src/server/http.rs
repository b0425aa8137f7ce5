//! Gateways that ask over HTTP: nginx, Traefik, Caddy, and Envoy's `http_service`.

use crate::config::Listener;
use crate::gateway::Gateway;
use crate::profile::{Described, Profile, respond};
use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use std::sync::Arc;

struct Asked {
    gateway: Arc<Gateway>,
    profile: Profile,
    bind_to_client: bool,
    path_prefix: String,
}

/// Takes every request: which one a client made is in its headers.
pub(super) fn router(gateway: Arc<Gateway>, listener: &Listener) -> Router {
    let asked = Asked {
        gateway,
        profile: *listener.profile.get_ref(),
        bind_to_client: listener.bind_to_client,
        path_prefix: listener.path_prefix.clone(),
    };
    Router::new().fallback(handle).with_state(Arc::new(asked))
}

async fn handle(State(asked): State<Arc<Asked>>, request: Request) -> Response {
    // The body is not read: no gateway has to send one.
    let (parts, _body) = request.into_parts();
    let described = Described::read(asked.profile, &parts, &asked.path_prefix);
    respond(asked.profile, asked.gateway.decide(asked.profile, asked.bind_to_client, described).await)
}
