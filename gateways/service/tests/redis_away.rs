//! A real Redis that cannot answer: it loads, refuses a user, or its node is lost without a word.

mod common;

use common::proxy::Proxy;
use common::redis::{Redis, key, status};
use common::{ID, LONG, token, within};

const STALE: &str = "away = \"stale\", stale_ms = 3600000, timeout_ms = 3000";

#[test]
fn lost_node_is_noticed_and_no_revocation_is_missed() {
    let redis = Redis::start();
    redis.set(0);
    let proxy = Proxy::to(redis.port);
    let gateway = Redis::gateway_of(&format!("address = \"127.0.0.1:{}\"", proxy.port), "ttl_ms = 3600000");
    assert_eq!(status(&gateway, &token(0)), 200);
    // No request asks Redis: the answer is remembered. Connections are silent, and none of them ends.
    proxy.lose_open_connections();
    redis.set(1);
    redis.changed(ID);
    assert!(within(LONG, || status(&gateway, &token(0)) == 403 && status(&gateway, &token(1)) == 200));
    // With the whole node gone the service is not ready, and afterwards it is again.
    proxy.lose(true);
    assert!(within(LONG, || gateway.admin("/readyz").status == 503));
    proxy.lose(false);
    assert!(within(LONG, || gateway.admin("/readyz").status == 200));
}

#[test]
fn server_that_refuses_the_question_is_away_and_its_data_is_not_wrong() {
    let redis = Redis::start();
    redis.set(0);
    let (stale, closed) = (redis.gateway(&format!("ttl_ms = 0, {STALE}")), redis.gateway("ttl_ms = 0"));
    assert_eq!((status(&stale, &token(0)), status(&closed, &token(0))), (200, 200));
    redis.cli(&["ACL", "SETUSER", "default", "-hgetall"]);
    assert_eq!((status(&stale, &token(0)), status(&closed, &token(0))), (200, 503));
    assert!(within(LONG, || closed.admin("/readyz").status == 503));
    let metrics = closed.admin("/metrics").body;
    assert!(metrics.contains("cause=\"away\"") && !metrics.contains("wrong_data"), "{metrics}");
    redis.cli(&["ACL", "SETUSER", "default", "+hgetall"]);
    assert!(within(LONG, || closed.admin("/readyz").status == 200 && status(&closed, &token(0)) == 200));
}

#[test]
fn redis_that_loads_its_data_is_away() {
    let mut redis = Redis::start();
    redis.set(0);
    redis.cli(&["EVAL", "for i = 1, 20000 do redis.call('SET', 'filler' .. i, 'x') end", "0"]);
    let gateway = redis.gateway(&format!("ttl_ms = 0, {STALE}"));
    assert_eq!(status(&gateway, &token(0)), 200);
    let is_loading = |redis: &Redis| redis.cli(&["HGETALL", &key()]).contains("LOADING");
    let asked_while_it_loads = (0..5).any(|_| {
        redis.stop();
        redis.start_again(&["--key-load-delay", "200"]);
        assert!(within(LONG, || is_loading(&redis)));
        assert_eq!(status(&gateway, &token(0)), 200);
        // On a loaded machine it may have ended before.
        is_loading(&redis)
    });
    assert!(asked_while_it_loads);
    let metrics = gateway.admin("/metrics").body;
    assert!(metrics.contains("cause=\"away\"") && !metrics.contains("wrong_data"), "{metrics}");
    assert!(within(LONG, || gateway.admin("/metrics").body.contains("sandgate_store_up 1")));
    assert_eq!(status(&gateway, &token(0)), 200);
}

#[test]
fn password_is_read_again_at_a_reload() {
    let redis = Redis::start();
    redis.set(0);
    redis.cli(&[
        "ACL",
        "SETUSER",
        "gateway",
        "on",
        ">first",
        "~sandgate:*",
        "&sandgate:*",
        "+hgetall",
        "+subscribe",
        "+ping",
    ]);
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, "first\n").unwrap();
    let table = format!(
        "address = \"127.0.0.1:{}\", user = \"gateway\", password = {{ file = \"{}\" }}",
        redis.port,
        password.display()
    );
    let gateway = Redis::gateway_of(&table, "ttl_ms = 0");
    assert_eq!(status(&gateway, &token(0)), 200);
    redis.cli(&["ACL", "SETUSER", "gateway", "<first", ">second"]);
    std::fs::write(&password, "second\n").unwrap();
    redis.cli(&["CLIENT", "KILL", "USER", "gateway"]);
    assert!(within(LONG, || gateway.admin("/readyz").status == 503));
    gateway.signal("HUP");
    assert!(within(LONG, || gateway.admin("/readyz").status == 200 && status(&gateway, &token(0)) == 200));
    assert!(!gateway.log().contains("first") && !gateway.log().contains("second"));
}
