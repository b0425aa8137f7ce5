//! The program: what it prints on start, and that it removes its files and processes on stop.

mod common;

use common::program::{program, start};
use common::{API_KEY, SEED, SEEDS_V2, send};
use sandgate::fingerprint;
use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

#[tokio::test]
async fn a_stopped_platform_leaves_nothing_behind() {
    let temporary = tempfile::tempdir().unwrap();
    let seed = temporary.path().join("seed");
    std::fs::write(&seed, SEED).unwrap();
    let files = temporary.path().join("files");
    std::fs::create_dir(&files).unwrap();
    let mut platform = program();
    platform.env("TMPDIR", &files).env("SANDGATE_API_KEYS", API_KEY).arg("--seed-file").arg(&seed);
    let (mut platform, api, edge) = start(platform.stderr(Stdio::null()));
    let key = format!("X-API-Key: {API_KEY}");
    let create = ["POST /v2/sandboxes HTTP/1.1", "Host: api", &key];
    let sandbox = send(api, &create, r#"{"templateID":"base"}"#).await.json();
    let host = format!("Host: 49983-{}.sandbox.localhost", sandbox["sandboxID"].as_str().unwrap());
    let controller = send(edge, &["GET /process HTTP/1.1", &host], "").await.json();
    let controller = format!("/proc/{}", controller["pid"]);
    assert!(std::fs::exists(&controller).unwrap());

    let roots: Vec<_> = std::fs::read_dir(&files).unwrap().map(Result::unwrap).collect();
    assert_eq!(roots.len(), 1);
    // Other users of the machine cannot read the sandboxes' files.
    assert_eq!(roots[0].metadata().unwrap().permissions().mode() & 0o7777, 0o700);

    assert!(platform.stop().success());
    assert!(!std::fs::exists(&controller).unwrap());
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 0);
}

#[tokio::test]
async fn the_log_shows_only_fingerprints() {
    let temporary = tempfile::tempdir().unwrap();
    let log = temporary.path().join("log");
    let mut command = program();
    command.env("SANDGATE_SEEDS_V2", SEEDS_V2).env("SANDGATE_API_KEYS", API_KEY).args(["--issue", "v2"]);
    let (mut platform, api, edge) = start(command.stderr(File::create(&log).unwrap()));
    let key = format!("X-API-Key: {API_KEY}");
    let restricted = r#"{"templateID":"base","network":{"allowPublicTraffic":false}}"#;
    let sandbox = send(api, &["POST /sandboxes HTTP/1.1", "Host: api", &key], restricted).await.json();
    let id = sandbox["sandboxID"].as_str().unwrap();
    let rotate = format!("POST /sandboxes/{id}/credentials/rotate HTTP/1.1");
    let rotated = send(api, &[&rotate, "Host: api", &key], r#"{"access":true,"traffic":true}"#).await.json();
    let part = "a".repeat(34);
    let host = format!("Host: 8080-{id}-{part}.sandbox.localhost");
    let carried = ["E2b-Traffic-Access-Token: sg2p.x", "Cookie: __Host-sandgate-traffic=sg2p.x"];
    let line = "GET /?sandgate_traffic=sg2p.x HTTP/1.1";
    assert_eq!(send(edge, &[line, &host, carried[0], carried[1]], "").await.status, 403);
    assert_eq!(send(edge, &[line, &host, carried[1]], "").await.status, 403);
    assert!(platform.stop().success());

    let log = std::fs::read_to_string(log).unwrap();
    for answer in [&sandbox, &rotated] {
        for name in ["envdAccessToken", "trafficAccessToken"] {
            let token = answer[name].as_str().unwrap();
            assert!(log.contains(fingerprint(token.as_bytes()).as_str()), "{log}");
        }
    }
    assert!(log.contains(&format!("edge: 8080-{id} GET / 403 traffic: malformed, by header\n")), "{log}");
    assert!(log.contains(&format!("edge: 8080-{id} GET / 403 traffic: invalid, by host\n")), "{log}");
    for secret in ["sg2", "sandgate", part.as_str(), API_KEY, "seed of v2"] {
        assert!(!log.contains(secret), "{log}");
    }
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

#[test]
fn a_missing_seed_or_an_unknown_carrier_is_refused() {
    let v2 = "a a seed of v2, of 32 bytes and more";
    for (arguments, variable, seed, message) in [
        (&["--issue", "v2"][..], "SANDGATE_SEED", SEED, "--issue: must be a format that has a seed"),
        (&[], "SANDGATE_SEEDS_V2", v2, "--issue: must be a format that has a seed"),
        (&["--issue", "v2"], "SANDGATE_SEEDS_V2", "a a short seed of v2", "32 for v2"),
        (&["--carriers", "header,body"], "SANDGATE_SEED", SEED, "must be header, host, query or cookie"),
    ] {
        let output = program().env("SANDGATE_API_KEYS", API_KEY).env(variable, seed).args(arguments).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(message) && !error.contains("a short"), "{error}");
    }
}
