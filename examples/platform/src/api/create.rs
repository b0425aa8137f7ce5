//! `POST /v2/sandboxes` of E2B and `POST /sandboxes` of Novita.

use super::answer;
use super::error::ApiError;
use super::json::JsonBody;
use crate::templates::{self, Template};
use crate::{Platform, Version};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sandgate::creation::{Options, decide};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::sync::Arc;

type Created = Result<(StatusCode, Json<Value>), ApiError>;

/// E2B's newest API version cannot turn `secure` off; the value of an older SDK is ignored.
pub(super) async fn e2b(State(platform): State<Arc<Platform>>, JsonBody(asked): JsonBody<NewSandbox>) -> Created {
    create(&platform, &NewSandbox { secure: None, ..asked }).await
}

pub(super) async fn novita(State(platform): State<Arc<Platform>>, JsonBody(asked): JsonBody<NewSandbox>) -> Created {
    create(&platform, &asked).await
}

async fn create(platform: &Platform, asked: &NewSandbox) -> Created {
    let template = templates::find(&asked.template_id);
    let template = template.ok_or(ApiError::new(StatusCode::NOT_FOUND, "template not found"))?;
    let credentials = decide(&asked.options(template))?;
    let version = asked.version().unwrap_or(platform.issue);
    if !platform.can_issue(version) {
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "this platform does not issue tokens of that version"));
    }
    let sandbox = platform.create(template, version, credentials).await?;
    Ok((StatusCode::CREATED, Json(answer::created(&sandbox, &platform.domain))))
}

/// The used parts of the request.
#[derive(Deserialize)]
pub(super) struct NewSandbox {
    #[serde(rename = "templateID")]
    template_id: String,
    secure: Option<Value>,
    network: Option<Network>,
    metadata: Option<Metadata>,
}

/// The one entry of the metadata that this platform reads. Every SDK sends metadata unchanged.
#[derive(Deserialize)]
struct Metadata {
    sandgate: Option<Version>,
}

#[derive(Deserialize)]
struct Network {
    #[serde(rename = "allowPublicTraffic", default, deserialize_with = "even_null")]
    allow_public_traffic: Option<Value>,
}

/// `null` is falsy, and differs from absent.
fn even_null<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

impl NewSandbox {
    fn version(&self) -> Option<Version> {
        self.metadata.as_ref()?.sandgate
    }

    fn options(&self, template: &Template) -> Options<'static> {
        let allow_public_traffic = self.network.as_ref().and_then(|network| network.allow_public_traffic.as_ref());
        Options {
            // Only `false` leaves the sandbox open.
            secure: self.secure.as_ref().map(|value| *value != Value::Bool(false)),
            allow_public_traffic: allow_public_traffic.map(|value| !is_falsy(value)),
            envd_version: template.envd_version,
        }
    }
}

/// `false`, `null`, `0` and `""`.
fn is_falsy(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(_) | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::NewSandbox;
    use crate::Version;
    use crate::templates::find;

    fn options(members: &str) -> sandgate::creation::Options<'static> {
        let body = format!(r#"{{"templateID":"base"{members}}}"#);
        let asked: NewSandbox = serde_json::from_str(&body).unwrap();
        asked.options(find("base").unwrap())
    }

    #[test]
    fn public_traffic_is_off_for_falsy_values() {
        for (value, allowed) in [
            ("false", false),
            ("null", false),
            ("0", false),
            ("-0", false),
            ("0.0", false),
            (r#""""#, false),
            ("true", true),
            ("1", true),
            ("-1", true),
            ("1e-300", true),
            (r#""false""#, true),
            (r#"" ""#, true),
            ("[]", true),
            ("{}", true),
        ] {
            let members = format!(r#","network":{{"allowPublicTraffic":{value}}}"#);
            assert_eq!(options(&members).allow_public_traffic, Some(allowed), "{value}");
        }
    }

    #[test]
    fn public_traffic_is_on_by_default() {
        for members in ["", r#","network":null"#, r#","network":{}"#, r#","network":{"denyOut":["0.0.0.0/0"]}"#] {
            assert_eq!(options(members).allow_public_traffic, None, "{members}");
        }
    }

    #[test]
    fn secure_is_off_only_for_false() {
        assert_eq!(options("").secure, None);
        assert_eq!(options(r#","secure":null"#).secure, None);
        assert_eq!(options(r#","secure":false"#).secure, Some(false));
        for value in ["true", "0", r#""""#, r#""false""#, "[]"] {
            assert_eq!(options(&format!(r#","secure":{value}"#)).secure, Some(true), "{value}");
        }
    }

    #[test]
    fn the_metadata_can_choose_the_version() {
        for (members, version) in [
            ("", None),
            (r#","metadata":null"#, None),
            (r#","metadata":{"name":"mine"}"#, None),
            (r#","metadata":{"sandgate":"v1"}"#, Some(Version::V1)),
            (r#","metadata":{"name":"mine","sandgate":"v2"}"#, Some(Version::V2)),
        ] {
            let body = format!(r#"{{"templateID":"base"{members}}}"#);
            assert_eq!(serde_json::from_str::<NewSandbox>(&body).unwrap().version(), version, "{members}");
        }
    }

    #[test]
    fn ambiguous_requests_are_refused() {
        for body in [
            "{}",
            "[]",
            r#"{"templateID":1}"#,
            r#"{"templateID":"base","network":false}"#,
            r#"{"templateID":"base","metadata":{"sandgate":"v3"}}"#,
            r#"{"templateID":"base","metadata":{"sandgate":2}}"#,
            r#"{"templateID":"base","metadata":{"sandgate":"v2","sandgate":"v1"}}"#,
            r#"{"templateID":"base","secure":true,"secure":false}"#,
            r#"{"templateID":"base","network":{"allowPublicTraffic":false,"allowPublicTraffic":true}}"#,
        ] {
            assert!(serde_json::from_str::<NewSandbox>(body).is_err(), "{body}");
        }
    }
}
