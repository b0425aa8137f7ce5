//! A request's JSON body. axum's own extractor answers a malformed body in plain text, which the SDKs cannot parse.

use super::error::ApiError;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

pub(super) struct JsonBody<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| ApiError::new(rejection.status(), "unreadable request body"))?;
        let value = serde_json::from_slice(&body);
        value.map(Self).map_err(|_| ApiError::new(StatusCode::BAD_REQUEST, "malformed request body"))
    }
}
