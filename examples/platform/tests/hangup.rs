//! At SIGHUP the program reads its seeds again, all or none.

mod common;

use common::program::{Platform, program, start};
use common::{API_KEY, SEED, SEEDS_V2, send};
use rustix::process::Signal;
use serde_json::Value;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

const A: &str = "a a first seed of 32 bytes and more, secret\n";
const B: &str = "b another seed of 32 bytes and more, secret\n";

/// The program, with seeds and log in files.
struct Running {
    platform: Platform,
    api: SocketAddr,
    edge: SocketAddr,
    directory: TempDir,
}

/// With an edge that derives tokens: its accepted tokens change with the seeds.
fn started() -> Running {
    let directory = tempfile::tempdir().unwrap();
    let [v1, v2, log] = ["v1", "v2", "log"].map(|name| directory.path().join(name));
    fs::write(&v1, SEED).unwrap();
    fs::write(&v2, A).unwrap();
    let mut command = program();
    command.arg("--seed-file").arg(&v1).arg("--seeds-v2").arg(&v2).args(["--issue", "v2", "--edge-tokens", "derived"]);
    command.env("SANDGATE_API_KEYS", API_KEY).stderr(File::create(log).unwrap());
    let (platform, api, edge) = start(&mut command);
    Running { platform, api, edge, directory }
}

impl Running {
    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap()
    }

    /// Writes seeds to a file, sends SIGHUP, and returns the line with the result.
    async fn hang_up(&self, name: &str, seeds: &str) -> String {
        fs::write(self.path("new"), seeds).unwrap();
        fs::rename(self.path("new"), self.path(name)).unwrap();
        self.signalled().await
    }

    async fn signalled(&self) -> String {
        let lines = |log: &str| log.lines().filter(|line| line.starts_with("SIGHUP: ")).map(str::to_owned).collect();
        let before: Vec<String> = lines(&self.log());
        self.platform.signal(Signal::HUP);
        for _ in 0..2000 {
            let now: Vec<String> = lines(&self.log());
            if now.len() > before.len() {
                return now.last().unwrap().clone();
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("nothing was said: {}", self.log());
    }

    async fn create(&self) -> Value {
        let body = r#"{"templateID":"base","network":{"allowPublicTraffic":false}}"#;
        let key = format!("X-API-Key: {API_KEY}");
        send(self.api, &["POST /sandboxes HTTP/1.1", "Host: api", &key], body).await.json()
    }

    /// The edge's answer to a client with the traffic token of a sandbox.
    async fn reached(&self, sandbox: &Value) -> u16 {
        let host = format!("Host: 8080-{}.sandbox.localhost", sandbox["sandboxID"].as_str().unwrap());
        let token = format!("E2b-Traffic-Access-Token: {}", sandbox["trafficAccessToken"].as_str().unwrap());
        send(self.edge, &["GET / HTTP/1.1", &host, &token], "").await.status
    }
}

fn kid(sandbox: &Value) -> &str {
    &sandbox["envdAccessToken"].as_str().unwrap()[..7]
}

#[tokio::test]
async fn a_seed_is_replaced_step_by_step() {
    let mut running = started();
    let old = running.create().await;
    assert_eq!((kid(&old), running.reached(&old).await), ("sg2a.a.", 200));
    for (seeds, first, of_old) in
        [(format!("{A}{B}"), "sg2a.a.", 200), (format!("{B}{A}"), "sg2a.b.", 200), (B.to_owned(), "sg2a.b.", 403)]
    {
        assert_eq!(running.hang_up("v2", &seeds).await, "SIGHUP: the seeds were read again");
        let new = running.create().await;
        assert_eq!((kid(&new), running.reached(&new).await), (first, 200), "{first}");
        assert_eq!(running.reached(&old).await, of_old, "{first}");
    }
    assert!(running.platform.stop().success());
}

#[tokio::test]
async fn a_bad_file_keeps_the_old_seeds_of_both_formats() {
    let mut running = started();
    let old = running.create().await;
    for (name, seeds, why) in [
        ("v2", &*format!("{B}{B}"), "v2: "),
        ("v2", "a tooshort\n", "v2: "),
        ("v2", "", "v2: there must be at least one"),
        // The other file is valid by now, and must not be used alone.
        ("v1", "fifteen bytes..", "v1: "),
    ] {
        if name == "v1" {
            fs::write(running.path("v2"), B).unwrap();
        }
        let said = running.hang_up(name, seeds).await;
        assert!(said.starts_with("SIGHUP: the seeds stay as they were: ") && said.contains(why), "{said}");
        let new = running.create().await;
        assert_eq!((kid(&new), running.reached(&new).await, running.reached(&old).await), ("sg2a.a.", 200, 200));
    }
    fs::remove_file(running.path("v1")).unwrap();
    assert!(running.signalled().await.contains("stay as they were"));
    assert_eq!(running.hang_up("v1", SEED).await, "SIGHUP: the seeds were read again");
    assert_eq!(kid(&running.create().await), "sg2a.b.");
    assert!(running.platform.stop().success());
    let log = running.log();
    for secret in ["first seed", "another seed", "tooshort", "fifteen"] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[tokio::test]
async fn seeds_of_the_environment_are_not_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = program();
    command.env("SANDGATE_SEEDS_V2", SEEDS_V2).env("SANDGATE_API_KEYS", API_KEY).args(["--issue", "v2"]);
    command.stderr(File::create(directory.path().join("log")).unwrap());
    let (platform, api, edge) = start(&mut command);
    let mut running = Running { platform, api, edge, directory };
    assert_eq!(running.signalled().await, "SIGHUP: the seeds are not in files, so they cannot be read again");
    assert_eq!(kid(&running.create().await), "sg2a.b.");
    assert!(running.platform.stop().success());
}
