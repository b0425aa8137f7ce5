//! The answer to a refused request.

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use sandgate::{Carrier, Denied, Route, unknown_sandbox, write_refusal};

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// By core's rule.
    Denied(Denied),
    /// The look-up found no such sandbox.
    UnknownSandbox,
    /// The look-up failed.
    StateUnavailable,
    /// The server's own function returned a context that is empty or too long.
    Context,
}

impl Cause {
    /// The gate, for a log or a metric: that of core, or `state` or `server`.
    #[must_use]
    pub const fn gate(self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.gate().as_str(),
            Self::UnknownSandbox | Self::StateUnavailable => "state",
            Self::Context => "server",
        }
    }

    /// The code, likewise: that of core, or `unknown_sandbox`, `unavailable` or `context`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code().as_str(),
            Self::UnknownSandbox => "unknown_sandbox",
            Self::StateUnavailable => "unavailable",
            Self::Context => "context",
        }
    }
}

/// A refusal, with the answer to the client: status and JSON body.
#[derive(Clone, Debug)]
pub struct Refusal {
    cause: Cause,
    status: StatusCode,
    body: String,
    carrier: Option<Carrier>,
}

impl Refusal {
    /// A refusal by the controller's rule.
    pub(crate) fn by_controller(denied: Denied) -> Self {
        let mut body = String::new();
        // Writing to a String cannot fail.
        let _ = denied.write_json(&mut body);
        Self::new(Cause::Denied(denied), denied.status(), body)
    }

    /// A refusal by the edge's rule. `route` is the request's, if it has one, and `target` is the request's.
    #[must_use]
    pub fn by_edge(denied: Denied, route: Option<&Route>, target: &[u8]) -> Self {
        let mut body = String::new();
        // Writing to a String cannot fail.
        let _ = write_refusal(&mut body, denied, route.map(Route::sandbox_id), target);
        Self::new(Cause::Denied(denied), denied.status(), body)
    }

    pub(crate) fn unknown_sandbox(route: &Route) -> Self {
        let mut body = String::new();
        // Writing to a String cannot fail.
        let _ = unknown_sandbox::write_json(&mut body, route.sandbox_id());
        Self::new(Cause::UnknownSandbox, unknown_sandbox::STATUS, body)
    }

    /// The id of a route needs no escape.
    pub(crate) fn state_unavailable(route: &Route) -> Self {
        let id = route.sandbox_id();
        let body =
            format!(r#"{{"sandboxId":"{id}","message":"The state of the sandbox is not available","code":503}}"#);
        Self::new(Cause::StateUnavailable, 503, body)
    }

    pub(crate) fn context() -> Self {
        Self::new(Cause::Context, 500, r#"{"code":500,"message":"internal server error"}"#.to_owned())
    }

    pub(crate) fn found_in(self, carrier: Option<Carrier>) -> Self {
        Self { carrier, ..self }
    }

    fn new(cause: Cause, status: u16, body: String) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
        Self { cause, status, body, carrier: None }
    }

    /// Why the request is refused.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        self.cause
    }

    /// The carrier that decided, for a log.
    #[must_use]
    pub const fn carrier(&self) -> Option<Carrier> {
        self.carrier
    }

    /// The HTTP status to answer with.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The JSON body to answer with.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Returns the answer.
    #[must_use]
    pub fn into_response<B: From<String>>(self) -> Response<B> {
        let mut response = Response::new(B::from(self.body));
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}
