//! Sandboxes in a real Redis: killed, restarted, slow, with wrong data, and with two gateways.

mod common;

use common::redis::{Redis, key, status};
use common::{ID, LONG, token, within, within_a_second};
use std::cell::Cell;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn revocation_reaches_two_gateways_within_a_second() {
    let redis = Redis::start();
    redis.set(0);
    // Answers could be used for an hour: only the channel tells of a change.
    let gateways = [redis.gateway("ttl_ms = 3600000"), redis.gateway("ttl_ms = 3600000")];
    let round = Cell::new(0);
    let revoke = || {
        round.set(round.get() + 1);
        for gateway in &gateways {
            let (old, new) = (token(round.get() - 1), token(round.get()));
            assert_eq!((status(gateway, &old), status(gateway, &new)), (200, 403));
        }
        let start = Instant::now();
        redis.set(round.get());
        redis.changed(ID);
        start
    };
    let is_revoked = || gateways.iter().all(|gateway| status(gateway, &token(round.get() - 1)) == 403);
    assert!(within_a_second(revoke, is_revoked));
    assert!(gateways.iter().all(|gateway| status(gateway, &token(round.get())) == 200));
    // Without a message the cache still answers: it is one. A message for all clears it.
    redis.set(9);
    assert_eq!(status(&gateways[0], &token(9)), 403);
    redis.changed("*");
    assert!(within(LONG, || status(&gateways[0], &token(9)) == 200));
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
    assert!(within(LONG, || status(&gateway, &token(0)) == 503));
    assert!(within(LONG, || gateway.admin("/readyz").status == 503));
    assert!(gateway.admin("/metrics").body.contains("sandgate_store_up 0"));
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
    let forever = redis.gateway("ttl_ms = 1, away = \"stale\", stale_ms = 3600000");
    let gateway = redis.gateway("ttl_ms = 1, away = \"stale\", stale_ms = 1500");
    assert_eq!((status(&forever, &token(0)), status(&gateway, &token(0))), (200, 200));
    redis.stop();
    assert!(within(LONG, || forever.admin("/metrics").body.contains("sandgate_store_up 0")));
    assert_eq!((status(&forever, &token(0)), status(&forever, &token(1))), (200, 403));
    assert!(within(LONG, || status(&gateway, &token(0)) == 503), "not for ever");
    // A service that is not ready gets no request that its answers could serve.
    assert!(within(LONG, || !forever.log().is_empty() && forever.admin("/readyz").status == 200));
    assert_eq!(status(&forever, &token(0)), 200);
}

#[test]
fn slow_redis_is_away() {
    let redis = Redis::start();
    redis.set(0);
    let gateway = redis.gateway("ttl_ms = 0, timeout_ms = 200");
    assert!(within(LONG, || status(&gateway, &token(0)) == 200));
    let port = redis.port.to_string();
    let mut sleeper =
        Command::new("redis-cli").args(["-p", &port, "DEBUG", "SLEEP", "4"]).stdout(Stdio::null()).spawn().unwrap();
    assert!(within(LONG, || status(&gateway, &token(0)) == 503));
    let start = Instant::now();
    assert!((0..5).any(|_| status(&gateway, &token(0)) == 503 && start.elapsed() < SECOND * 3));
    sleeper.wait().unwrap();
    assert!(within(LONG, || gateway.admin("/readyz").status == 200), "without another request");
    assert!(within(LONG, || status(&gateway, &token(0)) == 200));
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
