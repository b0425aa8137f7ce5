//! `X-API-Key`: anyone who has one of the keys may do everything here. A real platform has accounts.

use super::error::ApiError;
use crate::Platform;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use sandgate::Header;
use std::sync::Arc;

pub(super) async fn check(
    State(platform): State<Arc<Platform>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let values = request.headers().get_all("x-api-key").iter();
    match values.map(HeaderValue::as_bytes).collect() {
        Header::Once(key) if platform.api_keys.knows(key) => Ok(next.run(request).await),
        _ => Err(ApiError::new(StatusCode::UNAUTHORIZED, "invalid API key")),
    }
}
