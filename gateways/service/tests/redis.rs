//! Sandboxes in a real Redis, on a port and in a folder of its own: killed, restarted, slow, with wrong data, and with two gateways.

mod common;

use common::{HEADER, ID, Service, ask_nginx, listener, token, within};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(20);

/// A server and the commands for it.
struct Redis {
    folder: tempfile::TempDir,
    port: u16,
    server: Child,
}

fn server(folder: &std::path::Path, port: u16) -> Child {
    let mut command = Command::new("redis-server");
    command.args([
        "--port",
        &port.to_string(),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
    ]);
    command.arg("--dir").arg(folder).args(["--enable-debug-command", "yes"]).stdout(Stdio::null());
    command.spawn().expect("redis-server must be installed: apt-get install redis-server")
}

impl Redis {
    fn start() -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let server = server(folder.path(), port);
        let redis = Self { folder, port, server };
        redis.wait();
        redis
    }

    fn wait(&self) {
        assert!(within(LONG, || self.cli(&["PING"]) == "PONG"));
    }

    fn cli(&self, arguments: &[&str]) -> String {
        let output = Command::new("redis-cli").args(["-p", &self.port.to_string()]).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn stop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    fn restart(&mut self) {
        self.server = server(self.folder.path(), self.port);
        self.wait();
    }

    fn set(&self, generation: u32) {
        self.cli(&["HSET", &key(), "restricted", "1", "generation", &generation.to_string()]);
    }

    fn changed(&self, message: &str) {
        self.cli(&["PUBLISH", "sandgate:changed", message]);
    }

    fn gateway(&self, more: &str) -> Service {
        let state = format!("state.redis = {{ address = \"127.0.0.1:{}\" }}\nstore = {{ {more} }}\n", self.port);
        let seeds = "seeds.v2_traffic_roots = { file = \"FOLDER/roots\" }\nadmin = { address = \"127.0.0.1:0\" }\n";
        let service = Service::start(&format!("{seeds}{state}{}", listener("nginx")));
        assert!(within(LONG, || service.admin("/readyz").status == 200));
        service
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn key() -> String {
    format!("sandgate:sandbox:{ID}")
}

/// The status of the answer for the client.
fn status(service: &Service, token: &str) -> u16 {
    let answer = ask_nginx(service.listeners[0], "GET", "/", &format!("8080-{ID}.sandbox.test"), &[(HEADER, token)]);
    answer.header("x-sandgate-status").map_or(answer.status, |status| status.parse().unwrap())
}

#[test]
fn revocation_reaches_two_gateways_within_a_second() {
    let redis = Redis::start();
    redis.set(0);
    // Answers could be used for an hour: only the channel tells of a change.
    let gateways = [redis.gateway("ttl_ms = 3600000"), redis.gateway("ttl_ms = 3600000")];
    for round in 0..5 {
        for gateway in &gateways {
            assert_eq!((status(gateway, &token(round)), status(gateway, &token(round + 1))), (200, 403));
        }
        redis.set(round + 1);
        redis.changed(ID);
        let start = Instant::now();
        for gateway in &gateways {
            assert!(within(SECOND, || status(gateway, &token(round)) == 403));
            assert_eq!(status(gateway, &token(round + 1)), 200);
        }
        assert!(start.elapsed() < SECOND);
    }
    // Without a message the cache still answers: it is one. A message for all clears it.
    redis.set(9);
    assert_eq!(status(&gateways[0], &token(9)), 403);
    redis.changed("*");
    assert!(within(SECOND, || status(&gateways[0], &token(9)) == 200));
    let metrics = gateways[0].admin("/metrics").body;
    assert!(metrics.contains("sandgate_cache_total{outcome=\"hit\"}"), "{metrics}");
}

#[test]
fn killed_redis_closes_the_gateway_and_a_restarted_one_opens_it() {
    let mut redis = Redis::start();
    redis.set(0);
    let gateway = redis.gateway("ttl_ms = 3600000");
    assert_eq!(status(&gateway, &token(0)), 200);
    redis.stop();
    assert!(within(SECOND, || status(&gateway, &token(0)) == 503));
    assert_eq!(gateway.admin("/readyz").status, 503);
    assert!(gateway.admin("/metrics").body.contains("sandgate_store_errors_total{cause=\"away\"}"));
    redis.restart();
    assert!(within(LONG, || status(&gateway, &token(0)) == 200));
    assert!(within(LONG, || gateway.admin("/readyz").status == 200));
    // What changed while it was away counts.
    redis.stop();
    redis.restart();
    redis.set(1);
    assert!(within(LONG, || status(&gateway, &token(0)) == 403 && status(&gateway, &token(1)) == 200));
}

#[test]
fn stale_answers_serve_while_redis_is_away_if_that_is_configured() {
    let mut redis = Redis::start();
    redis.set(0);
    let gateway = redis.gateway("ttl_ms = 1, away = \"stale\", stale_ms = 1500");
    assert_eq!(status(&gateway, &token(0)), 200);
    redis.stop();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!((status(&gateway, &token(0)), status(&gateway, &token(1))), (200, 403));
    assert!(within(LONG, || status(&gateway, &token(0)) == 503), "not for ever");
}

#[test]
fn slow_redis_is_away() {
    let redis = Redis::start();
    redis.set(0);
    let gateway = redis.gateway("ttl_ms = 0, timeout_ms = 200");
    assert_eq!(status(&gateway, &token(0)), 200);
    let port = redis.port.to_string();
    let mut sleeper =
        Command::new("redis-cli").args(["-p", &port, "DEBUG", "SLEEP", "2"]).stdout(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    assert_eq!(status(&gateway, &token(0)), 503);
    assert!(start.elapsed() < SECOND);
    sleeper.wait().unwrap();
    assert!(within(LONG, || gateway.admin("/readyz").status == 200), "without another request");
    assert_eq!(status(&gateway, &token(0)), 200);
}

#[test]
fn wrong_data_opens_nothing() {
    let redis = Redis::start();
    redis.set(0);
    let gateway = redis.gateway("ttl_ms = 0, away = \"stale\", stale_ms = 3600000");
    assert_eq!(status(&gateway, &token(0)), 200);
    for wrong in [
        &["HSET", &key(), "restricted", "maybe"][..],
        &["HSET", &key(), "restricted", "1", "generation", "-1"],
        &["HSET", &key(), "generation", "0", "other", "x"],
        &["SET", &key(), "text"],
    ] {
        redis.cli(wrong);
        assert_eq!(status(&gateway, &token(0)), 503, "{wrong:?}");
    }
    redis.cli(&["DEL", &key()]);
    assert_eq!(status(&gateway, &token(0)), 502);
    redis.set(0);
    assert_eq!(status(&gateway, &token(0)), 200);
    assert!(gateway.admin("/metrics").body.contains("sandgate_store_errors_total{cause=\"wrong_data\"} 4"));
}
