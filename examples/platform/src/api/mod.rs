//! The control API, for `Sandbox.create()`, `connect()`, `pause()`, `reset()`, `set_timeout()`, `get_info()` and `kill()` of
//! the SDKs, and one additional call: new credentials.

mod answer;
mod asked;
mod changes;
mod connect;
mod create;
mod error;
mod find;
mod json;
mod key;
mod pause;
mod reset;
mod rotate;

use crate::Platform;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use error::ApiError;
use find::find;
use std::sync::Arc;

/// The routes of the control API. All of them require an API key.
pub fn router(platform: Arc<Platform>) -> Router {
    Router::new()
        .route("/v2/sandboxes", post(create::e2b))
        .route("/sandboxes", post(create::novita))
        .route("/v2/sandboxes/{id}/connect", post(connect::e2b))
        .route("/sandboxes/{id}/connect", post(connect::novita))
        .route("/sandboxes/{id}/pause", post(pause::pause))
        .route("/sandboxes/{id}/reset", post(reset::reset))
        .route("/sandboxes/{id}/timeout", post(pause::set_timeout))
        .route("/sandboxes/{id}/credentials/rotate", post(rotate::rotate))
        .route("/sandboxes/{id}", get(info).delete(kill))
        .fallback(|| async { ApiError::new(StatusCode::NOT_FOUND, "not found") })
        .method_not_allowed_fallback(|| async { ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method not allowed") })
        .layer(middleware::from_fn_with_state(Arc::clone(&platform), key::check))
        .with_state(platform)
}

async fn info(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
) -> Result<Json<serde_json::Value>, ApiError> {
    Ok(Json(answer::info(&*find(&platform, &id)?, &platform.domain)))
}

async fn kill(State(platform): State<Arc<Platform>>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    let sandbox = find(&platform, &id)?;
    // Of two concurrent requests, only one stops it.
    let sandbox = platform.sandboxes.remove(&sandbox.id).ok_or(ApiError::not_found())?;
    sandbox.kill().await;
    eprintln!("sandbox {} ended", sandbox.id);
    Ok(StatusCode::NO_CONTENT)
}
