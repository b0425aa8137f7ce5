//! `/metrics`, `/healthz` and `/readyz`, on an address of their own.

use crate::gateway::Gateway;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use std::sync::Arc;
use tokio::sync::watch;

struct Watched {
    gateway: Arc<Gateway>,
    stopping: watch::Receiver<bool>,
}

pub(super) fn router(gateway: Arc<Gateway>, stopping: watch::Receiver<bool>) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state(Arc::new(Watched { gateway, stopping }))
}

async fn metrics(State(watched): State<Arc<Watched>>) -> ([(&'static str, &'static str); 1], String) {
    ([("content-type", "text/plain; version=0.0.4")], watched.gateway.metrics.text(watched.gateway.state.store_is_up()))
}

/// Not ready while the store is away, and from the moment on in which the service is asked to stop.
async fn ready(State(watched): State<Arc<Watched>>) -> (StatusCode, &'static str) {
    if *watched.stopping.borrow() {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    } else if watched.gateway.state.is_ready() {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the store of the sandboxes is away\n")
    }
}
