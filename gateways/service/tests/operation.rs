//! Running the service: checks, reloads, metrics, logs, health, and its end.

mod common;

use common::{
    HEADER, ID, LONG, PUBLIC_ID, SEEDS_AND_STATE, Service, ask_nginx, command, folder, listener, token, within,
    write_config,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

fn nginx() -> String {
    format!("{SEEDS_AND_STATE}{}", listener("nginx"))
}

fn host() -> String {
    format!("8080-{ID}.sandbox.test")
}

/// What `--check` says of a configuration.
fn checked(config: &str) -> (bool, String) {
    let folder = folder(config);
    let output = command(folder.path()).arg("--check").output().unwrap();
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.success(), said.replace(folder.path().to_str().unwrap(), "FOLDER"))
}

#[test]
fn check_names_file_and_line() {
    assert_eq!(checked(&nginx()), (true, String::new()));
    let traefik = |carriers: &str| format!("policy.carriers = {carriers}\n{SEEDS_AND_STATE}{}", listener("traefik"));
    let long = "traefik cannot remove the carrier query from a request, so policy.carriers must not contain \"query\"";
    for (config, said) in [
        (traefik("[\"header\", \"query\"]"), format!("gateway.toml:7: profile: {long}")),
        (traefik("[\"header\",\n\"hosts\"]"), "gateway.toml:2: carriers: must be header, host, query or cookie".into()),
        (
            nginx().replace("\"nginx\"", "\"apache\""),
            "gateway.toml:6: unknown variant: must be one of `envoy-grpc`".into(),
        ),
        (
            nginx().replace("[\"127.0.0.0/8\"]", "[]"),
            "gateway.toml:8: peers: at least one network must be given".into(),
        ),
        (nginx() + "policy.leeway = 301\n", "gateway.toml:9: unknown field: must be one of `profile`".into()),
        (
            format!("policy.leeway = 301{}", nginx()),
            "gateway.toml:1: a leeway must be between 0 and 300 seconds".into(),
        ),
        (format!("policy.controller_port = 0{}", nginx()), "gateway.toml:1: a port must be".into()),
        (nginx().replace("state.toml", "roots"), "roots:1: the file's name must end with .toml or .json".into()),
        (nginx().replace("/roots", "/state.toml"), "state.toml:1: ".into()),
        (
            nginx().replace("{ file = \"FOLDER/roots\" }", "{ credential = \"../roots\" }"),
            "credential: must be a name".into(),
        ),
        (
            nginx().replace("{ file = \"FOLDER/roots\" }", "{ credential = \"roots\" }"),
            "$CREDENTIALS_DIRECTORY is not set".into(),
        ),
    ] {
        let (passed, found) = checked(&config);
        assert!(passed == said.is_empty() && found.contains(&said), "{config}\n{found}\nexpected: {said}");
    }
}

#[test]
fn errors_do_not_show_what_stands_in_a_wrong_place() {
    const REDIS: &str = "state.redis = { address = \"127.0.0.1:1\", password = ";
    let seeds = |value: &str| nginx().replace("{ file = \"FOLDER/roots\" }", value);
    let redis = |rest: &str| nginx().replace("state = { file = \"FOLDER/state.toml\" }", rest);
    for config in [
        seeds("\"sg2r.a.SECRET\""),
        seeds("[\"SECRET\"]"),
        seeds("{ SECRET = \"x\" }"),
        seeds("{ file = SECRET }"),
        seeds("{ file = \"SECRET"),
        redis(&format!("{REDIS}\"SECRET\" }}")),
        redis(&format!("{REDIS}{{ files = \"SECRET\" }} }}")),
        redis("state.redis = { address = \"x:1\", SECRET = \"x\" }"),
        redis("state.redis = { address = \"x:SECRET\" }"),
        redis("state.redis = \"SECRET\""),
        redis("state = \"SECRET\""),
        redis("state.http = { address = \"user:SECRET@x\" }"),
        nginx().replace("\"127.0.0.0/8\"", "\"SECRET\""),
        nginx().replace("\"127.0.0.1:0\"", "\"SECRET\""),
        format!("policy.leeway = \"SECRET\"{}", nginx()),
        format!("policy.versions = \"SECRET\"{}", nginx()),
        format!("policy.carriers = [\"SECRET\"]{}", nginx()),
        format!("SECRET = 1\nSECRET = 2{}", nginx()),
    ] {
        let (passed, said) = checked(&config);
        assert!(!passed && said.contains("gateway.toml:") && !said.contains("SECRET"), "{config}\n{said}");
    }
}

#[test]
fn seeds_may_be_credentials_of_systemd() {
    let folder = folder(&nginx().replace("{ file = \"FOLDER/roots\" }", "{ credential = \"roots\" }"));
    let given = |directory: &std::path::Path| {
        command(folder.path()).arg("--check").env("CREDENTIALS_DIRECTORY", directory).status().unwrap().success()
    };
    assert!(given(folder.path()));
    assert!(!given(std::path::Path::new("/nonexistent")));
}

#[test]
fn changed_state_file_is_used_and_a_broken_one_is_not() {
    let service = Service::start(&nginx());
    let status = || ask_nginx(service.listeners[0], "GET", "/", &host(), &[(HEADER, &token(0))]).status;
    assert_eq!(status(), 200);
    std::fs::write(service.path("state.toml"), format!("[sandboxes.{ID}]\ngeneration = 1\n")).unwrap();
    assert!(within(LONG, || status() == 403));
    std::fs::write(service.path("state.toml"), format!("[sandboxes.{ID}]\n\ngeneration = no\n")).unwrap();
    assert!(within(LONG, || service.log().contains("state.toml:3: ")));
    assert_eq!(status(), 403);
    std::fs::write(service.path("state.toml"), format!("[sandboxes.{ID}]\ngeneration = 0\n")).unwrap();
    assert!(within(LONG, || status() == 200));
}

#[test]
fn seeds_rotate_under_load_without_a_wrong_answer() {
    let service = Service::start(&nginx());
    let next = b"another seed of at least 32 bytes, secret";
    let new = sandgate::v2::Keyring::new("b".parse().unwrap(), next).unwrap();
    let new_token = new.traffic_token(&ID.parse().unwrap(), 0).expose().to_owned();
    let new_root = sandgate::v2::TrafficRoot::derive("b".parse().unwrap(), next).unwrap().expose().to_owned();
    let address = service.listeners[0];
    let status = move |token: &str| ask_nginx(address, "GET", "/", &host(), &[(HEADER, token)]).status;
    assert_eq!((status(&token(0)), status(&new_token)), (200, 403));

    // The old token is right all the time, a foreign one never.
    let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let load: Vec<_> = (0..2)
        .map(|_| {
            let (stop, asked) = (Arc::clone(&stop), Arc::clone(&asked));
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    assert_eq!((status(&token(0)), status("sg2t.a.x")), (200, 403));
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let roots = std::fs::read_to_string(service.path("roots")).unwrap();
    let reloaded = || service.admin("/metrics").body.contains("sandgate_reloads_total{outcome=\"ok\"}");
    for round in 0..10 {
        std::fs::write(service.path("roots"), format!("{roots}{}", if round % 2 == 0 { &new_root } else { "" }))
            .unwrap();
        service.signal("HUP");
        assert!(within(LONG, || (status(&new_token) == 200) == (round % 2 == 0)), "round {round}");
        // Metric and log name the keys that verify.
        let has_new = || service.admin("/metrics").body.contains("sandgate_loaded_keys{key=\"v2:b\"} 1");
        assert!(within(LONG, || has_new() == (round % 2 == 0)), "round {round}");
    }
    assert!(service.log().contains(r#""keys":"v2:a v2:b""#), "{}", service.log());
    // A broken file changes nothing.
    std::fs::write(service.path("roots"), "sg2r.a.short\n").unwrap();
    service.signal("HUP");
    assert!(within(LONG, || service.log().contains("roots:1: ")));
    assert!(reloaded() && !service.log().contains("short"));
    stop.store(true, Ordering::Relaxed);
    for thread in load {
        thread.join().unwrap();
    }
    assert!(asked.load(Ordering::Relaxed) > 20);
}

#[test]
fn metrics_and_log_say_what_was_decided_and_show_no_credential() {
    let service = Service::start(&nginx());
    let address = service.listeners[0];
    let secret = token(0);
    let wrong = token(1);
    for token in [&secret, &wrong] {
        ask_nginx(address, "GET", "/?signature=v1_secret", &host(), &[(HEADER, token)]);
    }
    ask_nginx(address, "GET", "/", &format!("8080-{PUBLIC_ID}.sandbox.test"), &[]);
    let metrics = service.admin("/metrics").body;
    for line in [
        r#"sandgate_decisions_total{code="token",gate="allowed",profile="nginx"} 1"#,
        r#"sandgate_decisions_total{code="public",gate="allowed",profile="nginx"} 1"#,
        r#"sandgate_decisions_total{code="invalid",gate="traffic",profile="nginx"} 1"#,
        "sandgate_decision_seconds_count 3",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
    let log = service.log();
    let refused = log.lines().find(|line| line.contains("refused")).unwrap();
    let refused: serde_json::Value = serde_json::from_str(refused).unwrap();
    let fingerprint = sandgate::fingerprint(wrong.as_bytes()).to_string();
    assert_eq!((&refused["code"], &refused["carrier"]), (&"invalid".into(), &"header".into()));
    assert_eq!(refused["presented"].as_str(), Some(fingerprint.as_str()));
    for text in [&metrics, &log] {
        assert!(!text.contains(&wrong[7..]) && !text.contains(&secret[7..]) && !text.contains("v1_secret"));
    }
}

#[test]
fn service_does_not_start_with_what_check_refuses() {
    let folder = folder(&nginx());
    write_config(folder.path(), &nginx().replace("\"nginx\"", "\"apache\""));
    let output = command(folder.path()).output().unwrap();
    assert!(!output.status.success() && String::from_utf8(output.stderr).unwrap().contains("gateway.toml:6: "));
}
