//! `POST /v2/sandboxes` of E2B and `POST /sandboxes` of Novita.

use super::answer;
use super::asked::{Network, is_public, is_secure};
use super::error::ApiError;
use super::json::JsonBody;
use crate::sandbox::Plan;
use crate::templates::{self, Template};
use crate::{Platform, Version};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sandgate::creation::{Options, decide};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

/// How many seconds a sandbox of Novita's runs by default. One of E2B's does not end by itself.
const TIMEOUT: u32 = 300;

type Created = Result<(StatusCode, Json<Value>), ApiError>;

/// E2B's newest API version cannot turn `secure` off; the value of an older SDK is ignored.
pub(super) async fn e2b(State(platform): State<Arc<Platform>>, JsonBody(asked): JsonBody<NewSandbox>) -> Created {
    create(&platform, &NewSandbox { secure: None, ..asked }).await
}

pub(super) async fn novita(State(platform): State<Arc<Platform>>, JsonBody(asked): JsonBody<NewSandbox>) -> Created {
    create(&platform, &NewSandbox { timeout: asked.timeout.or(Some(TIMEOUT)), ..asked }).await
}

async fn create(platform: &Arc<Platform>, asked: &NewSandbox) -> Created {
    let template = templates::find(&asked.template_id);
    let template = template.ok_or(ApiError::new(StatusCode::NOT_FOUND, "template not found"))?;
    let options = Options { restricted_by_default: platform.restricted_by_default, ..asked.options(template) };
    let credentials = decide(&options)?;
    let version = asked.version().unwrap_or(platform.issue);
    if !platform.can_issue(version) {
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "this platform does not issue tokens of that version"));
    }
    let sandbox = platform.create(template, version, credentials, asked.plan()).await?;
    if let Some(seconds) = asked.timeout {
        platform.set_timeout(&sandbox, seconds);
    }
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
    timeout: Option<u32>,
    #[serde(rename = "autoPause")]
    auto_pause: Option<bool>,
    #[serde(rename = "autoResume")]
    auto_resume: Option<AutoResume>,
}

#[derive(Deserialize)]
struct AutoResume {
    enabled: bool,
}

/// The one entry of the metadata that this platform reads. Every SDK sends metadata unchanged.
#[derive(Deserialize)]
struct Metadata {
    sandgate: Option<Version>,
}

impl NewSandbox {
    fn version(&self) -> Option<Version> {
        self.metadata.as_ref()?.sandgate
    }

    fn plan(&self) -> Plan {
        let resumes = self.auto_resume.as_ref().is_some_and(|auto_resume| auto_resume.enabled);
        Plan { pauses: self.auto_pause == Some(true), resumes }
    }

    fn options(&self, template: &Template) -> Options<'static> {
        let allow_public_traffic = self.network.as_ref().and_then(|network| network.allow_public_traffic.as_ref());
        Options {
            secure: self.secure.as_ref().map(is_secure),
            allow_public_traffic: allow_public_traffic.map(is_public),
            envd_version: template.envd_version,
            ..Options::default()
        }
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
    fn public_traffic_is_the_deployments_unless_mentioned() {
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
            r#"{"templateID":"base","autoResume":true}"#,
            r#"{"templateID":"base","timeout":-1}"#,
            r#"{"templateID":"base","network":{"allowPublicTraffic":false,"allowPublicTraffic":true}}"#,
        ] {
            assert!(serde_json::from_str::<NewSandbox>(body).is_err(), "{body}");
        }
    }
}
