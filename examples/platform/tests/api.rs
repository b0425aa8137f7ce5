//! The control API over HTTP.

mod common;

use common::{API_KEY, send, send_raw, settings, start, start_platform};
use sandgate::v1::Keyring;
use sandgate_platform::Settings;
use serde_json::json;

#[tokio::test]
async fn every_call_needs_an_api_key() {
    let platform = start().await;
    let right = format!("X-API-Key: {API_KEY}");
    let wrong = format!("X-API-Key: {API_KEY}0");
    let (right, wrong) = (right.as_str(), wrong.as_str());
    let refused = r#"{"code":401,"message":"invalid API key"}"#;
    for path in ["POST /v2/sandboxes", "POST /sandboxes", "DELETE /sandboxes/abc", "GET /elsewhere"] {
        let line = format!("{path} HTTP/1.1");
        for keys in [&[][..], &[wrong], &["X-API-Key:"], &[right, right], &[right, wrong]] {
            let answer = send(platform.api, &[&[line.as_str(), "Host: api"][..], keys].concat(), "{}").await;
            assert_eq!((answer.status, answer.body.as_str()), (401, refused), "{path} {keys:?}");
            assert_eq!(answer.content_type(), Some("application/json"));
        }
    }
}

#[tokio::test]
async fn refused_creations_are_answered_in_json() {
    let platform = start().await;
    for (path, body, status, message) in [
        ("/sandboxes", r#"{"templateID":"#, 400, "malformed request body"),
        ("/sandboxes", r#"{"templateID":"base","network":1}"#, 400, "malformed request body"),
        ("/v2/sandboxes", "", 400, "malformed request body"),
        ("/v2/sandboxes", r#"{"templateID":"nowhere"}"#, 404, "template not found"),
        (
            "/v2/sandboxes",
            r#"{"templateID":"old"}"#,
            400,
            "secured access needs a template whose controller is version 0.2.0 or newer, please rebuild the template",
        ),
        (
            "/sandboxes",
            r#"{"templateID":"unversioned","secure":true}"#,
            400,
            "secured access needs a template whose controller has a known version, please rebuild the template",
        ),
        (
            "/sandboxes",
            r#"{"templateID":"base","secure":false,"network":{"allowPublicTraffic":null}}"#,
            400,
            "restricted public traffic needs secured access, please turn secure on",
        ),
        // E2B's API cannot turn it off.
        (
            "/v2/sandboxes",
            r#"{"templateID":"old","secure":false}"#,
            400,
            "secured access needs a template whose controller is version 0.2.0 or newer, please rebuild the template",
        ),
    ] {
        let answer = platform.api(&format!("POST {path}"), body).await;
        assert_eq!((answer.status, answer.json()), (status, json!({ "code": status, "message": message })), "{body}");
    }
}

#[tokio::test]
async fn a_body_may_be_chunked() {
    let platform = start().await;
    let head = format!("POST /sandboxes HTTP/1.1\r\nHost: api\r\nX-API-Key: {API_KEY}\r\nConnection: close\r\n");
    let body = "14\r\n{\"templateID\":\"old\"}\r\n0\r\n\r\n";
    let answer = send_raw(platform.api, &format!("{head}Transfer-Encoding: chunked\r\n\r\n{body}")).await;
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("0.2.0 or newer"), "{}", answer.body);
}

#[tokio::test]
async fn a_sandbox_gets_the_tokens_of_its_id() {
    let platform = start().await;
    let restricted = r#"{"templateID":"base","network":{"allowPublicTraffic":false}}"#;
    let sandbox = platform.create("/v2/sandboxes", restricted).await;
    let id = sandbox["sandboxID"].as_str().unwrap();
    let keyring = Keyring::new(common::SEED.as_bytes()).unwrap();
    assert_eq!(sandbox["envdAccessToken"], keyring.access_token(&id.parse().unwrap()).expose());
    assert_eq!(sandbox["trafficAccessToken"], keyring.traffic_token(&id.parse().unwrap()).expose());
    assert_eq!(sandbox["templateID"], "base");
    assert_eq!(sandbox["envdVersion"], "0.5.7");
    assert_eq!(sandbox["domain"], "sandbox.test");
    assert!(sandbox["clientID"].is_string());

    let public = platform.create("/sandboxes", r#"{"templateID":"base"}"#).await;
    assert!(public["envdAccessToken"].is_string() && public.get("trafficAccessToken").is_none());
    let open = platform.create("/sandboxes", r#"{"templateID":"base","secure":false}"#).await;
    assert!(open.get("envdAccessToken").is_none() && open.get("trafficAccessToken").is_none());
}

#[tokio::test]
async fn connect_returns_the_tokens_and_changes_nothing() {
    let platform = start().await;
    let mut sandbox = platform.create("/sandboxes", r#"{"templateID":"base"}"#).await;
    let id = sandbox["sandboxID"].as_str().unwrap().to_owned();
    for path in ["/sandboxes", "/v2/sandboxes"] {
        let answer = platform.api(&format!("POST {path}/{id}/connect"), r#"{"timeout":300}"#).await;
        assert_eq!((answer.status, answer.json()), (200, sandbox.take()));
        sandbox = answer.json();
    }
    let info = platform.api(&format!("GET /sandboxes/{id}"), "").await.json();
    assert_eq!(info["state"], "running");
    assert!(!info.to_string().contains(sandbox["envdAccessToken"].as_str().unwrap()));
}

#[tokio::test]
async fn connect_of_e2b_opens_a_sandbox_to_nobody() {
    let platform = start().await;
    let restricted = r#"{"templateID":"base","network":{"allowPublicTraffic":false}}"#;
    let sandbox = platform.create("/sandboxes", restricted).await;
    let path = format!("POST /v2/sandboxes/{}/connect", sandbox["sandboxID"].as_str().unwrap());
    let answer = platform.api(&path, r#"{"secure":false,"allowPublicTraffic":true}"#).await;
    assert_eq!((answer.status, answer.json()), (200, sandbox));
}

#[tokio::test]
async fn an_old_client_may_call_a_sandbox_by_its_long_id() {
    let platform = start().await;
    let sandbox = platform.create("/sandboxes", r#"{"templateID":"base"}"#).await;
    let long = format!("{}-2f7b3ac1", sandbox["sandboxID"].as_str().unwrap());
    let answer = platform.api(&format!("POST /sandboxes/{long}/connect"), "{}").await;
    assert_eq!((answer.status, answer.json()), (200, sandbox));
    for (line, status) in [("GET /sandboxes/-", 404), ("GET /sandboxes/A-", 404), ("GET /sandboxes/", 200)] {
        assert_eq!(platform.api(&format!("{line}{long}"), "").await.status, status, "{line}");
    }
    assert_eq!(platform.api(&format!("DELETE /sandboxes/{long}"), "").await.status, 204);
}

#[tokio::test]
async fn the_deployment_decides_what_an_omitted_option_means() {
    let platform = start_platform(Settings { restricted_by_default: true, ..settings() }).await;
    for (network, restricted) in [("", true), (r#","network":{"allowPublicTraffic":true}"#, false)] {
        let sandbox = platform.create("/v2/sandboxes", &format!(r#"{{"templateID":"base"{network}}}"#)).await;
        assert_eq!(sandbox.get("trafficAccessToken").is_some(), restricted, "{network}");
        let id = sandbox["sandboxID"].as_str().unwrap();
        let status = if restricted { 403 } else { 200 };
        assert_eq!(platform.edge("GET /", 8080, id, &[]).await.status, status, "{network}");
    }
    let open = platform.api("POST /sandboxes", r#"{"templateID":"base","secure":false}"#).await;
    assert_eq!(open.status, 400);
}

#[tokio::test]
async fn a_deleted_sandbox_is_gone() {
    let platform = start().await;
    let sandbox = platform.create("/v2/sandboxes", r#"{"templateID":"base"}"#).await;
    let id = sandbox["sandboxID"].as_str().unwrap();
    let process = platform.process(id, &[]).await;
    let process = format!("/proc/{}", process["pid"]);
    assert!(std::fs::exists(&process).unwrap());

    assert_eq!(platform.api(&format!("DELETE /sandboxes/{id}"), "").await.status, 204);
    assert!(!std::fs::exists(&process).unwrap());
    for line in ["DELETE /sandboxes/", "GET /sandboxes/"] {
        let answer = platform.api(&format!("{line}{id}"), "").await;
        assert_eq!((answer.status, answer.body.as_str()), (404, r#"{"code":404,"message":"sandbox not found"}"#));
    }
    assert_eq!(platform.api("DELETE /sandboxes/sandbox-traffic-x", "").await.status, 404);
    assert_eq!(platform.api("DELETE /sandboxes", "").await.status, 405);
}

#[tokio::test]
async fn a_controller_waits_for_its_token() {
    let platform = start().await;
    for (secure, token) in [("true", true), ("false", false)] {
        let sandbox = platform.create("/sandboxes", &format!(r#"{{"templateID":"base","secure":{secure}}}"#)).await;
        let process = platform.process(sandbox["sandboxID"].as_str().unwrap(), &[]).await;
        assert_eq!(process["waiting"], false, "no request arrives before it has its token");
        assert_eq!((process["token"].is_string(), &process["token"]), (token, &sandbox["envdAccessToken"]));
        let arguments = process["arguments"].as_array().unwrap();
        assert!(arguments.contains(&json!("--wait")) && arguments.contains(&json!("--expected-hash")));
        // It sees only this part of the platform's environment, which may contain a seed.
        let environment = process["environment"].as_array().unwrap();
        assert!(environment.contains(&json!("PATH")));
        assert!(!environment.iter().any(|name| name.as_str().unwrap().starts_with("CARGO")), "{environment:?}");
    }
}
