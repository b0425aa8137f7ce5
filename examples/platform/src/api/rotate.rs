//! `POST /sandboxes/{id}/credentials/rotate`, which no SDK calls: revokes a sandbox's credentials, and issues new ones.

use super::answer;
use super::error::ApiError;
use super::find::find;
use super::json::JsonBody;
use crate::issued::Renewal;
use crate::{Platform, Version};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

/// What to revoke: a misspelt member would revoke nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rotation {
    #[serde(default)]
    access: bool,
    #[serde(default)]
    traffic: bool,
}

pub(super) async fn rotate(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    JsonBody(asked): JsonBody<Rotation>,
) -> Result<Json<Value>, ApiError> {
    let sandbox = find(&platform, &id)?;
    let issued = sandbox.issued();
    let (status, credentials) = (StatusCode::CONFLICT, issued.credentials);
    if !asked.access && !asked.traffic {
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "access or traffic must be true"));
    }
    if issued.version == Version::V1 {
        return Err(ApiError::new(status, "tokens of version 1 have no generation"));
    }
    if (asked.access && !credentials.access_token) || (asked.traffic && !credentials.traffic_token) {
        return Err(ApiError::new(status, "the sandbox has no such token"));
    }
    platform.rotate(&sandbox, Renewal { access: asked.access, traffic: asked.traffic }).await?;
    Ok(Json(answer::created(&sandbox, &platform.domain)))
}
