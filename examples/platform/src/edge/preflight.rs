//! The answer to a CORS preflight that the edge does not forward. A browser sends none of the credentials with it, and without an
//! answer no script could present them.

use super::refusal::ANYONE_READS;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// Allows what the preflight asks for. That opens nothing: the request itself is refused without a credential.
pub(super) fn allow(headers: &HeaderMap) -> Response {
    let given = [ANYONE_READS, (ACCESS_CONTROL_ALLOW_METHODS, METHODS), (ACCESS_CONTROL_MAX_AGE, "7200")];
    let mut response = (StatusCode::NO_CONTENT, given).into_response();
    if let Some(asked) = headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    response
}
