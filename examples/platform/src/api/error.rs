//! The control API's answer when it refuses a request: `{"code","message"}`.

use crate::lifecycle::NotChanged;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sandgate::creation::Refused;
use serde_json::json;

#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    message: &'static str,
}

impl ApiError {
    pub(super) const fn new(status: StatusCode, message: &'static str) -> Self {
        Self { status, message }
    }

    pub(super) const fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "sandbox not found")
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        let status = StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::BAD_REQUEST);
        Self::new(status, refused.message())
    }
}

impl From<anyhow::Error> for ApiError {
    /// The client need not know the internal error.
    fn from(error: anyhow::Error) -> Self {
        eprintln!("{error:#}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
    }
}

impl From<NotChanged> for ApiError {
    fn from(not: NotChanged) -> Self {
        match not {
            NotChanged::Paused => Self::new(StatusCode::CONFLICT, "the sandbox is paused"),
            NotChanged::Busy => Self::new(StatusCode::CONFLICT, "the sandbox is being changed"),
            NotChanged::Ended => Self::not_found(),
            NotChanged::Refused(refused) => refused.into(),
            NotChanged::Failed(error) => error.into(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "code": self.status.as_u16(), "message": self.message }))).into_response()
    }
}
