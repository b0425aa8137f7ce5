//! Sandboxes with v2 tokens: their creation and revocation.

mod common;

use common::{Running, SEED, SEEDS_V2, settings, start, start_platform};
use sandgate::v1;
use sandgate::v2::Keyring;
use sandgate_platform::{Seeds, Settings, Version};
use serde_json::{Value, json};

const V2: &str = r#"{"templateID":"base","metadata":{"sandgate":"v2"},"network":{"allowPublicTraffic":false}}"#;
const PLAIN: &str = r#"{"templateID":"base"}"#;

/// The first seed's.
fn keyring() -> Keyring {
    let (kid, seed) = SEEDS_V2.lines().next().unwrap().split_once(' ').unwrap();
    Keyring::new(kid.parse().unwrap(), seed.as_bytes()).unwrap()
}

async fn controller_token(platform: &Running, sandbox: &Value) -> Value {
    platform.process(text(sandbox, "sandboxID"), &[]).await["token"].take()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

#[tokio::test]
async fn the_metadata_choose_the_version() {
    let platform = start().await;
    for path in ["/sandboxes", "/v2/sandboxes"] {
        let sandbox = platform.create(path, V2).await;
        let id = text(&sandbox, "sandboxID").parse().unwrap();
        assert_eq!(sandbox["envdAccessToken"], keyring().access_token(&id, 0).expose());
        assert_eq!(sandbox["trafficAccessToken"], keyring().traffic_token(&id, 0).expose());
        assert_eq!(controller_token(&platform, &sandbox).await, sandbox["envdAccessToken"]);
    }
    let sandbox = platform.create("/sandboxes", PLAIN).await;
    let id = text(&sandbox, "sandboxID").parse().unwrap();
    let v1 = v1::Keyring::new(SEED.as_bytes()).unwrap();
    assert_eq!(sandbox["envdAccessToken"], v1.access_token(&id).expose());
}

#[tokio::test]
async fn the_platform_chooses_the_version_by_default() {
    let platform = start_platform(Settings { issue: Version::V2, ..settings() }).await;
    assert!(text(&platform.create("/sandboxes", PLAIN).await, "envdAccessToken").starts_with("sg2a.b."));
    let v1 = r#"{"templateID":"base","metadata":{"sandgate":"v1"}}"#;
    assert_eq!(text(&platform.create("/sandboxes", v1).await, "envdAccessToken").len(), 64);
}

#[tokio::test]
async fn a_version_without_seeds_is_refused() {
    let seeds = || Seeds::new(Some(SEED.as_bytes()), None).unwrap();
    let platform = start_platform(Settings { seeds: seeds(), ..settings() }).await;
    let answer = platform.api("POST /sandboxes", V2).await;
    let body = json!({ "code": 400, "message": "this platform does not issue tokens of that version" });
    assert_eq!((answer.status, answer.json()), (400, body));
    let answer = platform.api("POST /sandboxes", r#"{"templateID":"base","metadata":{"sandgate":"v3"}}"#).await;
    assert_eq!(answer.status, 400);
    assert!(sandgate_platform::Platform::new(Settings { seeds: seeds(), issue: Version::V2, ..settings() }).is_err());
}

#[tokio::test]
async fn the_access_token_is_rotated() {
    let platform = start().await;
    let sandbox = platform.create("/sandboxes", V2).await;
    let id = text(&sandbox, "sandboxID");
    let rotate = format!("POST /sandboxes/{id}/credentials/rotate");
    for generation in 1..3 {
        let answer = platform.api(&rotate, r#"{"access":true}"#).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        // When the answer arrives, the controller has only this one.
        let token = keyring().access_token(&id.parse().unwrap(), generation);
        assert_eq!(controller_token(&platform, &sandbox).await, token.expose());
        let rotated = answer.json();
        assert_eq!(rotated["envdAccessToken"], token.expose());
        assert_eq!(rotated["trafficAccessToken"], sandbox["trafficAccessToken"]);
        // A client that connects gets the new ones.
        let connected = platform.api(&format!("POST /sandboxes/{id}/connect"), "{}").await.json();
        assert_eq!(connected, rotated);
    }
}

#[tokio::test]
async fn concurrent_rotations_run_one_after_the_other() {
    let platform = start().await;
    let sandbox = platform.create("/sandboxes", V2).await;
    let id = text(&sandbox, "sandboxID");
    let rotate = format!("POST /sandboxes/{id}/credentials/rotate");
    let body = r#"{"access":true,"traffic":true}"#;
    let (one, other) = tokio::join!(platform.api(&rotate, body), platform.api(&rotate, body));
    assert_eq!((one.status, other.status), (200, 200));
    let connected = platform.api(&format!("POST /sandboxes/{id}/connect"), "{}").await.json();
    let (keyring, id) = (keyring(), id.parse().unwrap());
    assert_eq!(connected["envdAccessToken"], keyring.access_token(&id, 2).expose());
    assert_eq!(connected["trafficAccessToken"], keyring.traffic_token(&id, 2).expose());
}

#[tokio::test]
async fn a_refused_rotation_changes_nothing() {
    let platform = start().await;
    let v1 = platform.create("/sandboxes", PLAIN).await;
    let v2 = platform.create("/sandboxes", r#"{"templateID":"base","metadata":{"sandgate":"v2"}}"#).await;
    let open = r#"{"templateID":"base","secure":false,"metadata":{"sandgate":"v2"}}"#;
    let open = platform.create("/sandboxes", open).await;
    for (sandbox, body, status, message) in [
        (&v1, r#"{"access":true}"#, 409, "tokens of version 1 have no generation"),
        (&v2, r#"{"traffic":true}"#, 409, "the sandbox has no such token"),
        (&v2, r#"{"access":true,"traffic":true}"#, 409, "the sandbox has no such token"),
        (&open, r#"{"access":true}"#, 409, "the sandbox has no such token"),
        (&v2, "{}", 400, "access or traffic must be true"),
        (&v2, r#"{"access":1}"#, 400, "malformed request body"),
        (&v2, r#"{"access":true,"trafic":true}"#, 400, "malformed request body"),
        (&v2, "", 400, "malformed request body"),
    ] {
        let id = text(sandbox, "sandboxID");
        let answer = platform.api(&format!("POST /sandboxes/{id}/credentials/rotate"), body).await;
        assert_eq!((answer.status, answer.json()), (status, json!({ "code": status, "message": message })), "{body}");
        let connected = platform.api(&format!("POST /sandboxes/{id}/connect"), "{}").await.json();
        assert_eq!(&connected, sandbox, "{body}");
    }
    let answer = platform.api("POST /sandboxes/abc/credentials/rotate", r#"{"access":true}"#).await;
    assert_eq!(answer.status, 404);
}
