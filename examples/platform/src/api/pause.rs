//! `POST /sandboxes/{id}/pause` and `POST /sandboxes/{id}/timeout`.

use super::error::ApiError;
use super::find::find;
use super::json::JsonBody;
use crate::Platform;
use crate::lifecycle::NotChanged;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

/// The body does not matter, and Novita's SDKs send none: here every pause ends the processes and keeps the files.
pub(super) async fn pause(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    platform.pause(&*find(&platform, &id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub(super) struct Timeout {
    timeout: u32,
}

pub(super) async fn set_timeout(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    JsonBody(asked): JsonBody<Timeout>,
) -> Result<StatusCode, ApiError> {
    let sandbox = find(&platform, &id)?;
    if !sandbox.is_open() {
        return Err(NotChanged::Paused.into());
    }
    platform.set_timeout(&sandbox, asked.timeout);
    Ok(StatusCode::NO_CONTENT)
}
