//! The answer of the edge to a refused request: JSON, or a page for a browser.

use axum::http::HeaderName;
use axum::http::StatusCode;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sandgate::{Carrier, Code, Denied, Gate, Port, SandboxId, unknown_sandbox, write_refusal};
use serde::Serialize;

/// A script of any page may read what the edge itself answers.
pub(super) const ANYONE_READS: (HeaderName, &str) = (ACCESS_CONTROL_ALLOW_ORIGIN, "*");

pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    json: String,
    denied: Option<Denied>,
    carrier: Option<Carrier>,
}

impl Refusal {
    /// A refusal of core.
    pub(super) fn denied(denied: Denied, id: Option<&SandboxId>, path: &[u8]) -> Self {
        let mut json = String::new();
        // Writing to a String cannot fail.
        let _ = write_refusal(&mut json, denied, id, path);
        let status = StatusCode::from_u16(denied.status()).unwrap_or(StatusCode::FORBIDDEN);
        Self { status, message: denied.message().into(), json, denied: Some(denied), carrier: None }
    }

    /// With the carrier that decided, for the log.
    pub(super) fn found_in(self, carrier: Option<Carrier>) -> Self {
        Self { carrier, ..self }
    }

    /// A request that cannot be forwarded. No allowed request is known to be one.
    pub(super) fn unreadable() -> Self {
        Self::denied(Denied::new(Gate::InternalRoute, Code::Malformed), None, b"")
    }

    /// For the log: ` traffic: expired, by cookie`.
    pub(super) fn reason(&self) -> String {
        let reason = self.denied.map(|denied| format!(" {}: {}", denied.gate(), denied.code()));
        let carrier = self.carrier.map(|carrier| format!(", by {carrier}"));
        [reason, carrier].into_iter().flatten().collect()
    }

    pub(super) fn no_sandbox(id: &SandboxId) -> Self {
        let mut json = String::new();
        // Writing to a String cannot fail.
        let _ = unknown_sandbox::write_json(&mut json, id);
        Self::unreachable(unknown_sandbox::MESSAGE, json)
    }

    pub(super) fn port_closed(id: &SandboxId, port: Port) -> Self {
        let message = "The sandbox is running but port is not open";
        let body = Body { sandbox_id: id.as_str(), message, port: port.get(), code: StatusCode::BAD_GATEWAY.as_u16() };
        Self::unreachable(message, serde_json::to_string(&body).unwrap_or_default())
    }

    fn unreachable(message: &str, json: String) -> Self {
        Self { status: StatusCode::BAD_GATEWAY, message: message.into(), json, denied: None, carrier: None }
    }

    pub(super) fn into_response(self, is_browser: bool) -> Response {
        let (content_type, body) = if is_browser {
            ("text/html; charset=utf-8", self.page())
        } else {
            ("application/json; charset=utf-8", self.json)
        };
        (self.status, [(CONTENT_TYPE, content_type), ANYONE_READS], body).into_response()
    }

    fn page(&self) -> String {
        let status = html_escape::encode_text(self.status.as_str());
        let message = html_escape::encode_text(&self.message);
        format!("<!doctype html>\n<title>{status}</title>\n<h1>{status}</h1>\n<p>{message}</p>\n")
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    sandbox_id: &'a str,
    message: &'a str,
    port: u16,
    code: u16,
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn a_page_escapes_its_values() {
        let refusal = Refusal::unreachable("<script>&", String::new());
        assert!(refusal.page().contains("<p>&lt;script&gt;&amp;</p>"));
    }
}
