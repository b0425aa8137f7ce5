//! The program: what it says when it has started, and what it leaves behind.

mod common;

use common::{API_KEY, SEED, send};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sandgate-platform"));
    command.args(["--controller", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fake_controller.py")]);
    command.env_remove("SANDGATE_SEED").env_remove("SANDGATE_API_KEYS");
    command
}

#[tokio::test]
async fn a_stopped_platform_leaves_nothing_behind() {
    let temporary = tempfile::tempdir().unwrap();
    let seed = temporary.path().join("seed");
    std::fs::write(&seed, SEED).unwrap();
    let files = temporary.path().join("files");
    std::fs::create_dir(&files).unwrap();
    let mut platform = program();
    platform.env("TMPDIR", &files).env("SANDGATE_API_KEYS", API_KEY).arg("--seed-file").arg(&seed);
    let mut platform = platform.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();

    let mut line = String::new();
    BufReader::new(platform.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let urls: Value = serde_json::from_str(&line).unwrap();
    let address = |name: &str| -> SocketAddr { urls[name].as_str().unwrap()["http://".len()..].parse().unwrap() };
    let key = format!("X-API-Key: {API_KEY}");
    let create = ["POST /v2/sandboxes HTTP/1.1", "Host: api", &key];
    let sandbox = send(address("api"), &create, r#"{"templateID":"base"}"#).await.json();
    let host = format!("Host: 49983-{}.sandbox.localhost", sandbox["sandboxID"].as_str().unwrap());
    let controller = send(address("edge"), &["GET /process HTTP/1.1", &host], "").await.json();
    let controller = format!("/proc/{}", controller["pid"]);
    assert!(std::fs::exists(&controller).unwrap());

    let roots: Vec<_> = std::fs::read_dir(&files).unwrap().map(Result::unwrap).collect();
    assert_eq!(roots.len(), 1);
    // Other users of the machine cannot read the sandboxes' files.
    assert_eq!(roots[0].metadata().unwrap().permissions().mode() & 0o7777, 0o700);

    kill_process(Pid::from_child(&platform), Signal::TERM).unwrap();
    assert!(platform.wait().unwrap().success());
    assert!(!std::fs::exists(&controller).unwrap());
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 0);
}

#[test]
fn without_a_seed_it_does_not_start() {
    let output = program().env("SANDGATE_API_KEYS", API_KEY).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("$SANDGATE_SEED"));

    let output = program().env("SANDGATE_API_KEYS", API_KEY).env("SANDGATE_SEED", "fifteen bytes..").output().unwrap();
    assert!(!output.status.success());
    assert!(!String::from_utf8_lossy(&output.stderr).contains("fifteen"));
}
