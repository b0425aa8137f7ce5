//! `POST /v2/sandboxes/{id}/connect` of E2B and `POST /sandboxes/{id}/connect` of Novita: returns a sandbox's tokens to a
//! client with its id and an API key, and wakes it.

use super::answer;
use super::changes::Changes;
use super::error::ApiError;
use super::find::find;
use super::json::JsonBody;
use crate::Platform;
use crate::wanted::Wanted;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;
use std::sync::Arc;

type Connected = Result<(StatusCode, Json<Value>), ApiError>;

/// E2B's takes a timeout alone, and its newest API version may turn `secure` on: it never opens a sandbox to more clients.
pub(super) async fn e2b(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    JsonBody(changes): JsonBody<Changes>,
) -> Connected {
    let wanted = changes.wanted()?;
    let wanted =
        Wanted { secure: wanted.secure.filter(|secure| *secure), public: wanted.public.filter(|public| !public) };
    connect(&platform, &id, wanted, changes.timeout).await
}

pub(super) async fn novita(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    JsonBody(changes): JsonBody<Changes>,
) -> Connected {
    connect(&platform, &id, changes.wanted()?, changes.timeout).await
}

async fn connect(platform: &Arc<Platform>, id: &str, wanted: Wanted, timeout: Option<u32>) -> Connected {
    let sandbox = find(platform, id)?;
    let was_paused = platform.connect(&sandbox, wanted, timeout).await?;
    let status = if was_paused { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(answer::created(&sandbox, &platform.domain))))
}
