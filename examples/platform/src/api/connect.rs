//! `POST /sandboxes/{id}/connect`: returns a sandbox's tokens to a client with its id and an API key.

use super::answer;
use super::error::ApiError;
use super::find::find;
use super::json::JsonBody;
use crate::Platform;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use std::sync::Arc;

/// The changes of a running sandbox that the SDKs can request.
#[derive(Deserialize)]
pub(super) struct Changes {
    secure: Option<IgnoredAny>,
    network: Option<IgnoredAny>,
    #[serde(rename = "allowPublicTraffic")]
    allow_public_traffic: Option<IgnoredAny>,
}

pub(super) async fn connect(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    JsonBody(changes): JsonBody<Changes>,
) -> Result<Json<Value>, ApiError> {
    let sandbox = find(&platform, &id)?;
    // A client that requests a restriction must not get a success without one.
    if changes.secure.is_some() || changes.network.is_some() || changes.allow_public_traffic.is_some() {
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "secure and network are decided when a sandbox is created"));
    }
    Ok(Json(answer::created(&sandbox, &platform.domain)))
}
