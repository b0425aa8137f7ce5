//! The body of connect and reset, in which Novita's SDKs decide again about a sandbox.

use super::asked::{Network, even_null, is_public, is_secure};
use super::error::ApiError;
use crate::wanted::Wanted;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Changes {
    /// In seconds.
    pub(super) timeout: Option<u32>,
    /// Whether a sandbox runs after a reset.
    pub(super) resume: Option<bool>,
    secure: Option<Value>,
    network: Option<Network>,
    #[serde(rename = "allowPublicTraffic", default, deserialize_with = "even_null")]
    allow_public_traffic: Option<Value>,
}

impl Changes {
    /// What is not mentioned stays as it is.
    pub(super) fn wanted(&self) -> Result<Wanted, ApiError> {
        let in_network = self.network.as_ref().and_then(|network| network.allow_public_traffic.as_ref());
        if in_network.is_some() && self.allow_public_traffic.is_some() {
            return Err(ApiError::new(StatusCode::BAD_REQUEST, "allowPublicTraffic must be given once"));
        }
        let public = in_network.or(self.allow_public_traffic.as_ref());
        Ok(Wanted { secure: self.secure.as_ref().map(is_secure), public: public.map(is_public) })
    }
}

#[cfg(test)]
mod tests {
    use super::Changes;
    use crate::wanted::Wanted;

    fn wanted(body: &str) -> Option<Wanted> {
        serde_json::from_str::<Changes>(body).ok()?.wanted().ok()
    }

    #[test]
    fn what_is_not_mentioned_stays() {
        for body in [
            "{}",
            r#"{"timeout":300}"#,
            r#"{"memory":false}"#,
            r#"{"secure":null}"#,
            r#"{"network":null}"#,
            r#"{"network":{"denyOut":["0.0.0.0/0"]}}"#,
        ] {
            assert_eq!(wanted(body), Some(Wanted::default()), "{body}");
        }
    }

    #[test]
    fn both_places_of_public_traffic_are_read() {
        for (value, public) in [("true", true), ("false", false), ("null", false)] {
            let (alone, in_network) = (
                format!(r#"{{"allowPublicTraffic":{value}}}"#),
                format!(r#"{{"network":{{"allowPublicTraffic":{value}}}}}"#),
            );
            for body in [alone, in_network] {
                assert_eq!(wanted(&body), Some(Wanted { secure: None, public: Some(public) }), "{body}");
            }
        }
        assert_eq!(wanted(r#"{"secure":false}"#).unwrap().secure, Some(false));
    }

    #[test]
    fn ambiguous_requests_are_refused() {
        for body in [
            r#"{"allowPublicTraffic":true,"network":{"allowPublicTraffic":true}}"#,
            r#"{"allowPublicTraffic":true,"allowPublicTraffic":false}"#,
            r#"{"secure":true,"secure":false}"#,
            r#"{"timeout":-1}"#,
            r#"{"network":false}"#,
        ] {
            assert_eq!(wanted(body), None, "{body}");
        }
    }
}
