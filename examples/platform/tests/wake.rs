//! Requests to a paused sandbox at the edge.

mod common;

use common::{Running, start, start_with};
use rustix::process::{Pid, Signal, kill_process};
use sandgate_platform::EdgeTokens;
use serde_json::{Value, json};
use std::fs::{File, rename};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

const DENIED: &str =
    "This sandbox can't be resumed with the credentials provided. Check your access token and try again.";
const V1: &str = r#"{"templateID":"base","autoResume":{"enabled":true},"network":{"allowPublicTraffic":false}}"#;
const V2: &str = r#"{"templateID":"base","autoResume":{"enabled":true},"network":{"allowPublicTraffic":false},"metadata":{"sandgate":"v2"}}"#;
const OPEN: &str = r#"{"templateID":"base","autoResume":{"enabled":true},"secure":false}"#;
const PUBLIC: &str = r#"{"templateID":"base","autoResume":{"enabled":true}}"#;
const ASLEEP: &str = r#"{"templateID":"base","autoPause":true}"#;

struct Sandbox {
    id: String,
    access: String,
    traffic: String,
}

async fn paused(platform: &Running, new: &str) -> Sandbox {
    let sandbox = created(platform, new).await;
    sandbox.pause(platform).await;
    sandbox
}

async fn created(platform: &Running, new: &str) -> Sandbox {
    let sandbox = platform.create("/sandboxes", new).await;
    let text = |name: &str| sandbox[name].as_str().unwrap_or_default().to_owned();
    Sandbox {
        id: text("sandboxID"),
        access: format!("X-Access-Token: {}", text("envdAccessToken")),
        traffic: format!("E2b-Traffic-Access-Token: {}", text("trafficAccessToken")),
    }
}

impl Sandbox {
    async fn pause(&self, platform: &Running) {
        assert_eq!(platform.api(&format!("POST /sandboxes/{}/pause", self.id), "").await.status, 204);
    }

    async fn state(&self, platform: &Running) -> Value {
        platform.api(&format!("GET /sandboxes/{}", self.id), "").await.json()["state"].take()
    }

    fn denied(&self) -> String {
        format!(r#"{{"sandboxId":"{}","message":"{DENIED}","code":403}}"#, self.id)
    }

    fn not_found(&self) -> String {
        format!(r#"{{"sandboxId":"{}","message":"The sandbox was not found","code":502}}"#, self.id)
    }
}

#[tokio::test]
async fn only_a_credential_wakes_a_sandbox() {
    for (tokens, new) in [(EdgeTokens::Stored, V1), (EdgeTokens::Derived, V2)] {
        let platform = start_with(tokens).await;
        let sandbox = paused(&platform, new).await;
        let (access, traffic) = (sandbox.access.as_str(), sandbox.traffic.as_str());
        let other = created(&platform, new).await;
        for (line, port, headers) in [
            ("GET /health", 49983, &[][..]),
            ("GET /health", 49983, &["X-Access-Token: wrong"]),
            ("GET /health", 49983, &[&other.access]),
            ("GET /health", 49983, &[access, access]),
            ("GET /health", 49983, &[traffic]),
            ("GET /files?path=a.txt", 49983, &[]),
            ("GET /files?path=a.txt&signature=v1_x", 49983, &[]),
            ("GET /", 8080, &[]),
            ("GET /", 8080, &[access]),
            ("GET /", 8080, &[&other.traffic]),
        ] {
            let answer = platform.edge(line, port, &sandbox.id, headers).await;
            assert_eq!(answer.content_type(), Some("application/json; charset=utf-8"));
            assert_eq!((answer.status, answer.body), (403, sandbox.denied()), "{line} {headers:?}");
        }
        assert_eq!(platform.edge("POST /init", 49983, &sandbox.id, &[access]).await.status, 404);
        let preflight = ["Origin: https://a.test", "Access-Control-Request-Method: PUT"];
        assert_eq!(platform.edge("OPTIONS /files", 49983, &sandbox.id, &preflight).await.status, 204);
        assert_eq!(sandbox.state(&platform).await, "paused");

        for (line, port, header) in [("GET /health", 49983, access), ("GET /", 8080, traffic)] {
            assert_eq!(platform.edge(line, port, &sandbox.id, &[header]).await.status, 200);
            assert_eq!(sandbox.state(&platform).await, "running");
            sandbox.pause(&platform).await;
        }
    }
}

#[tokio::test]
async fn an_open_port_wakes_for_everybody() {
    let platform = start().await;
    for (new, port) in [(OPEN, 49983), (OPEN, 8080), (PUBLIC, 8080)] {
        let sandbox = paused(&platform, new).await;
        assert_eq!(platform.edge("GET /", port, &sandbox.id, &[]).await.status, 200, "{new}");
    }
}

#[tokio::test]
async fn a_browser_gets_a_page() {
    let platform = start().await;
    let sandbox = paused(&platform, V1).await;
    let browser = ["Accept: text/html", "Sec-Fetch-Mode: navigate", "User-Agent: Mozilla/5.0"];
    let answer = platform.edge("GET /", 8080, &sandbox.id, &browser).await;
    assert_eq!((answer.status, answer.content_type()), (403, Some("text/html; charset=utf-8")));
    assert!(answer.body.contains(DENIED), "{}", answer.body);
}

#[tokio::test]
async fn what_is_not_woken_is_not_there() {
    let platform = start().await;
    let asleep = paused(&platform, ASLEEP).await;
    let answer = platform.edge("GET /health", 49983, &asleep.id, &[&asleep.access]).await;
    assert_eq!((answer.status, answer.body), (502, asleep.not_found()));
    assert_eq!(asleep.state(&platform).await, "paused");
    assert_eq!(platform.edge("GET /", 8080, "nobody", &[]).await.status, 502);

    // A file in place of its directory: it cannot be started.
    let broken = created(&platform, PUBLIC).await;
    let directory = platform.process(&broken.id, &[]).await["directory"].as_str().unwrap().to_owned();
    broken.pause(&platform).await;
    rename(&directory, format!("{directory}-away")).unwrap();
    File::create(&directory).unwrap();
    let answer = platform.edge("GET /", 8080, &broken.id, &[]).await;
    assert_eq!((answer.status, answer.body), (502, broken.not_found()));
    std::fs::remove_file(&directory).unwrap();
    rename(format!("{directory}-away"), &directory).unwrap();
    assert_eq!(platform.edge("GET /", 8080, &broken.id, &[]).await.status, 200);
}

#[tokio::test]
async fn many_requests_wake_once() {
    let platform = start().await;
    let sandbox = paused(&platform, V1).await;
    let ask = async || platform.process(&sandbox.id, &[&sandbox.access]).await;
    let (a, b, c, d, e, f) = tokio::join!(ask(), ask(), ask(), ask(), ask(), ask());
    for process in [&a, &b, &c, &d, &e, &f] {
        assert_eq!((&process["pid"], &process["waiting"]), (&a["pid"], &json!(false)));
    }
    // There was no second one: its socket would have replaced this one's, and connect could not reach it.
    let connect = format!("POST /sandboxes/{}/connect", sandbox.id);
    assert_eq!(platform.api(&connect, r#"{"secure":true}"#).await.status, 200);
    assert_eq!(platform.process(&sandbox.id, &[]).await["pid"], a["pid"]);
}

#[tokio::test]
async fn a_woken_sandbox_ends_again() {
    let platform = start().await;
    let new = r#"{"templateID":"base","autoPause":true,"autoResume":{"enabled":true},"timeout":1}"#;
    let sandbox = platform.create("/sandboxes", new).await;
    let id = sandbox["sandboxID"].as_str().unwrap();
    let access = format!("X-Access-Token: {}", sandbox["envdAccessToken"].as_str().unwrap());
    let mut pids = Vec::new();
    for _ in 0..2 {
        pids.push(platform.process(id, &[&access]).await["pid"].take());
        tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
        let state = platform.api(&format!("GET /sandboxes/{id}"), "").await.json();
        assert_eq!(state["state"], "paused");
    }
    assert_ne!(pids[0], pids[1]);
}

/// Kills a controller, and starts it again at its port, without its token.
fn restart(process: &Value) -> Child {
    let pid = i32::try_from(process["pid"].as_i64().unwrap()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    let arguments = process["arguments"].as_array().unwrap().iter().map(|argument| argument.as_str().unwrap());
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fake_controller.py"));
    command.args(["--port", &process["port"].to_string()]).args(arguments.skip(2));
    command.current_dir(process["directory"].as_str().unwrap()).stdout(Stdio::piped());
    let mut restarted = command.spawn().unwrap();
    BufReader::new(restarted.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
    restarted
}

#[tokio::test]
async fn a_controller_that_was_restarted_gets_its_token_with_connect() {
    let platform = start().await;
    let sandbox = platform.create("/sandboxes", V1).await;
    let id = sandbox["sandboxID"].as_str().unwrap();
    let process = platform.process(id, &[]).await;
    let mut restarted = restart(&process);
    assert_eq!(platform.process(id, &[]).await["waiting"], true);
    assert_eq!(platform.api(&format!("POST /sandboxes/{id}/connect"), "{}").await.json(), sandbox);
    let process = platform.process(id, &[]).await;
    assert_eq!((&process["waiting"], &process["token"]), (&json!(false), &sandbox["envdAccessToken"]));
    restarted.kill().unwrap();
    restarted.wait().unwrap();
}
