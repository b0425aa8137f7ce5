//! Sandboxes that are paused, connected to, reset, and that end by themselves.

mod common;

use common::{Running, start, start_with};
use sandgate_platform::EdgeTokens;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::sleep;

const V1: &str = r#"{"templateID":"base","network":{"allowPublicTraffic":false}}"#;
const V2: &str = r#"{"templateID":"base","metadata":{"sandgate":"v2"},"network":{"allowPublicTraffic":false}}"#;

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

async fn call(platform: &Running, id: &str, name: &str, body: &str) -> (u16, Value) {
    let answer = platform.api(&format!("POST /sandboxes/{id}/{name}"), body).await;
    (answer.status, if answer.body.is_empty() { Value::Null } else { answer.json() })
}

async fn state(platform: &Running, id: &str) -> Value {
    platform.api(&format!("GET /sandboxes/{id}"), "").await.json()["state"].take()
}

/// The edge's answer to this traffic token.
async fn with_traffic(platform: &Running, id: &str, token: &str) -> u16 {
    let header = format!("E2b-Traffic-Access-Token: {token}");
    platform.edge("GET /", 8080, id, &[&header]).await.status
}

#[tokio::test]
async fn a_paused_sandbox_has_no_processes_and_goes_on_with_its_tokens() {
    let platform = start().await;
    for (path, body) in [("/v2/sandboxes", "{}"), ("/sandboxes", "")] {
        let sandbox = platform.create(path, V1).await;
        let id = text(&sandbox, "sandboxID");
        let process = |pid: &Value| format!("/proc/{pid}");
        let before = process(&platform.process(id, &[]).await["pid"]);
        assert_eq!(call(&platform, id, "pause", body).await, (204, Value::Null));
        assert!(!std::fs::exists(&before).unwrap());
        assert_eq!(state(&platform, id).await, "paused");
        let again = json!({ "code": 409, "message": "the sandbox is paused" });
        for name in ["pause", "timeout"] {
            assert_eq!(call(&platform, id, name, r#"{"timeout":7}"#).await, (409, again.clone()));
        }

        let answer = platform.api(&format!("POST {path}/{id}/connect"), "{}").await;
        assert_eq!((answer.status, answer.json()), (201, sandbox.clone()));
        let process = platform.process(id, &[]).await;
        assert_eq!((&process["token"], &process["waiting"]), (&sandbox["envdAccessToken"], &json!(false)));
        assert_eq!(with_traffic(&platform, id, text(&sandbox, "trafficAccessToken")).await, 200);
        assert_eq!(state(&platform, id).await, "running");
    }
}

#[tokio::test]
async fn connect_decides_again_and_keeps_the_tokens() {
    let platform = start().await;
    for new in [V1, V2] {
        let sandbox = platform.create("/sandboxes", new).await;
        let id = text(&sandbox, "sandboxID");
        for (body, access, traffic) in [
            (r#"{"timeout":300,"allowPublicTraffic":true}"#, true, false),
            (r#"{"secure":false}"#, false, false),
            ("{}", false, false),
            (r#"{"secure":true,"network":{"allowPublicTraffic":false}}"#, true, true),
            (r#"{"network":{"denyOut":["0.0.0.0/0"]}}"#, true, true),
        ] {
            let (status, connected) = call(&platform, id, "connect", body).await;
            let expected = |has: bool, name: &str| if has { sandbox[name].clone() } else { Value::Null };
            assert_eq!((status, &connected["envdAccessToken"]), (200, &expected(access, "envdAccessToken")), "{body}");
            assert_eq!(connected["trafficAccessToken"], expected(traffic, "trafficAccessToken"), "{body}");
            assert_eq!(platform.process(id, &[]).await["token"], connected["envdAccessToken"], "{body}");
            let status = if traffic { 403 } else { 200 };
            assert_eq!(platform.edge("GET /", 8080, id, &[]).await.status, status, "{body}");
        }
        let message = "restricted public traffic needs secured access, please turn secure on";
        let refused = (400, json!({ "code": 400, "message": message }));
        assert_eq!(call(&platform, id, "connect", r#"{"secure":false}"#).await, refused);
        // E2B's API cannot turn it off.
        let public = r#"{"secure":false,"allowPublicTraffic":true}"#;
        let answer = platform.api(&format!("POST /v2/sandboxes/{id}/connect"), public).await.json();
        assert_eq!(answer["envdAccessToken"], sandbox["envdAccessToken"]);
    }
}

#[tokio::test]
async fn a_reset_revokes_the_traffic_token() {
    for (tokens, news) in [(EdgeTokens::Stored, &[V1][..]), (EdgeTokens::Derived, &[V1, V2])] {
        let platform = start_with(tokens).await;
        for new in news {
            let sandbox = platform.create("/sandboxes", new).await;
            let (id, mut before) = (text(&sandbox, "sandboxID"), text(&sandbox, "trafficAccessToken").to_owned());
            let pid = platform.process(id, &[]).await["pid"].take();
            for _ in 0..2 {
                let (status, answer) = call(&platform, id, "reset", r#"{"resume":true}"#).await;
                assert_eq!(status, 200, "{answer}");
                let after = text(&answer, "trafficAccessToken");
                assert_eq!(after.len(), before.len());
                assert_eq!(with_traffic(&platform, id, &before).await, 403, "the token before");
                assert_eq!(
                    with_traffic(&platform, id, text(&sandbox, "trafficAccessToken")).await,
                    403,
                    "the first one"
                );
                assert_eq!(with_traffic(&platform, id, after).await, 200);
                before = after.to_owned();
            }
            let process = platform.process(id, &[]).await;
            assert!(process["pid"] != pid && process["token"] == sandbox["envdAccessToken"]);
            let (_, connected) = call(&platform, id, "connect", "{}").await;
            assert_eq!(text(&connected, "trafficAccessToken"), before, "connect does not rotate");
            assert_eq!(connected["envdAccessToken"], sandbox["envdAccessToken"]);
        }
    }
}

#[tokio::test]
async fn a_reset_decides_again_and_may_stay_paused() {
    let platform = start().await;
    let sandbox = platform.create("/sandboxes", V1).await;
    let id = text(&sandbox, "sandboxID");
    let (_, answer) = call(&platform, id, "reset", r#"{"resume":false,"allowPublicTraffic":true}"#).await;
    assert_eq!((answer, state(&platform, id).await), (json!({}), json!("paused")));
    let (status, restricted) = call(&platform, id, "connect", r#"{"allowPublicTraffic":false}"#).await;
    assert_eq!(status, 201);
    assert_ne!(restricted["trafficAccessToken"], sandbox["trafficAccessToken"], "the revoked one does not come back");
    assert_eq!(call(&platform, "nobody", "reset", "{}").await.0, 404);
}

#[tokio::test]
async fn only_one_of_two_resets_at_once_is_made() {
    let platform = start().await;
    let sandbox = platform.create("/sandboxes", V1).await;
    let id = text(&sandbox, "sandboxID");
    let (one, other) = tokio::join!(call(&platform, id, "reset", "{}"), call(&platform, id, "reset", "{}"));
    let mut statuses = [one.0, other.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn a_sandbox_ends_at_its_timeout() {
    let platform = start().await;
    for (path, lasts) in [("/v2/sandboxes", "9999"), ("/sandboxes", "20")] {
        let sandbox = platform.create(path, r#"{"templateID":"base"}"#).await;
        let info = platform.api(&format!("GET /sandboxes/{}", text(&sandbox, "sandboxID")), "").await.json();
        assert!(text(&info, "endAt").starts_with(lasts), "{info}");
    }
    let killed = platform.create("/v2/sandboxes", r#"{"templateID":"base"}"#).await;
    let paused = platform.create("/sandboxes", r#"{"templateID":"base","autoPause":true,"timeout":3600}"#).await;
    let kept = platform.create("/sandboxes", r#"{"templateID":"base","timeout":2}"#).await;
    let [killed, paused, kept] = [&killed, &paused, &kept].map(|sandbox| text(sandbox, "sandboxID"));
    for id in [killed, paused] {
        assert_eq!(call(&platform, id, "timeout", r#"{"timeout":1}"#).await, (204, Value::Null));
    }
    assert_eq!(call(&platform, kept, "connect", r#"{"timeout":300}"#).await.0, 200);
    sleep(Duration::from_secs(3)).await;
    let answer = platform.api(&format!("GET /sandboxes/{killed}"), "").await;
    assert_eq!(answer.status, 404);
    assert_eq!((state(&platform, paused).await, state(&platform, kept).await), (json!("paused"), json!("running")));
    // Less time is not more.
    call(&platform, kept, "connect", r#"{"timeout":1}"#).await;
    sleep(Duration::from_secs(2)).await;
    assert_eq!(state(&platform, kept).await, "running");
}
