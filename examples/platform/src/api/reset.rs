//! `POST /sandboxes/{id}/reset` of Novita: the sandbox begins anew, and its traffic token is replaced.

use super::changes::Changes;
use super::error::ApiError;
use super::find::find;
use super::json::JsonBody;
use crate::Platform;
use axum::Json;
use axum::extract::{Path, State};
use sandgate::TrafficToken;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) async fn reset(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    JsonBody(changes): JsonBody<Changes>,
) -> Result<Json<Value>, ApiError> {
    let sandbox = find(&platform, &id)?;
    let resume = changes.resume.unwrap_or(true);
    platform.reset(&sandbox, changes.wanted()?, resume, changes.timeout).await?;
    let issued = sandbox.issued();
    let token = issued.traffic_token.as_ref().map(TrafficToken::expose);
    Ok(Json(token.map_or(json!({}), |token| json!({ "trafficAccessToken": token }))))
}
