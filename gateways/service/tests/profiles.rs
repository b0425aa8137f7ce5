//! What each gateway that speaks HTTP asks, and what it is answered.

mod common;

use common::{
    Answer, HEADER, ID, PUBLIC_ID, SEEDS_AND_STATE, Service, ask, ask_nginx, in_an_hour, listener, token, traffic_key,
};
use sandgate::Port;
use std::net::SocketAddr;

const ALL: &str = "policy.carriers = [\"header\", \"host\", \"query\", \"cookie\"]\n";

fn one(profile: &str, carriers: &str) -> Service {
    Service::start(&format!("{carriers}{SEEDS_AND_STATE}{}", listener(profile)))
}

fn host() -> String {
    format!("8080-{ID}.sandbox.test")
}

fn pass() -> String {
    traffic_key().issue_pass(Port::try_from(8080).unwrap(), in_an_hour(), None).unwrap().as_str().to_owned()
}

#[test]
fn nginx_is_told_how_the_request_goes_on() {
    let service = one("nginx", ALL);
    let address = service.listeners[0];
    let (token, pass) = (token(0), pass());
    let signed = traffic_key().issue_signed_host(&ID.parse().unwrap(), Port::try_from(8080).unwrap(), in_an_hour());
    let signed = format!("{}.sandbox.test", signed.unwrap().as_str());

    let answer = ask_nginx(address, "GET", "/a%2Fb?x=%zz", &host(), &[(HEADER, &token), ("Cookie", "a=1")]);
    assert_eq!((answer.status, answer.header("x-sandgate-target")), (200, Some("/a%2Fb?x=%zz")));
    assert_eq!(answer.header("x-sandgate-port"), Some("8080"));
    assert_eq!((answer.header("x-sandgate-id"), answer.header("x-sandgate-forward-cookie")), (Some(ID), Some("a=1")));
    assert_eq!(answer.header("x-sandgate-forward-e2b-traffic-access-token"), None);

    let answer = ask_nginx(
        address,
        "GET",
        "/",
        &signed,
        &[("X-Forwarded-Host", &signed), ("Origin", &format!("https://{signed}"))],
    );
    assert_eq!((answer.status, answer.header("x-sandgate-forward-host")), (200, Some(host().as_str())));
    assert_eq!(answer.header("x-sandgate-forward-x-forwarded-host"), Some(host().as_str()));
    assert_eq!(answer.header("x-sandgate-forward-origin"), Some(format!("https://{}", host()).as_str()));

    let target = format!("/?a=1&sandgate_traffic={pass}&b");
    assert_eq!(ask_nginx(address, "GET", &target, &host(), &[]).header("x-sandgate-target"), Some("/?a=1&b"));

    let cookie = format!("__Host-sandgate-traffic={pass}");
    let answer = ask_nginx(address, "GET", "/", &host(), &[("Cookie", &cookie)]);
    assert_eq!((answer.status, answer.header("x-sandgate-forward-cookie")), (200, None));
    let answer = ask_nginx(address, "GET", "/", &host(), &[("Cookie", "a=1"), ("Cookie", &cookie), ("Cookie", "b=2")]);
    assert_eq!((answer.status, answer.header("x-sandgate-forward-cookie")), (200, Some("a=1; b=2")));
    assert!(answer.headers.iter().all(|line| !line.1.contains("sg2p")));
}

#[test]
fn nginx_gets_the_refusal_in_two_headers() {
    let service = one("nginx", ALL);
    let address = service.listeners[0];
    let said = |answer: &Answer| {
        assert_eq!((answer.status, answer.body.as_str()), (403, ""));
        let body: serde_json::Value = serde_json::from_str(answer.header("x-sandgate-body").unwrap()).unwrap();
        assert_eq!(body["code"].to_string(), answer.header("x-sandgate-status").unwrap());
        (body["code"].as_u64().unwrap(), body["message"].as_str().unwrap().to_owned())
    };
    let refused =
        |target: &str, host: &str, more: &[(&str, &str)]| said(&ask_nginx(address, "GET", target, host, more)).0;
    let (token, controller) = (token(0), format!("49983-{ID}.sandbox.test"));
    let missing = "Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing";
    assert_eq!(said(&ask_nginx(address, "GET", "/", &host(), &[])), (403, missing.to_owned()));
    assert_eq!(refused("/", &host(), &[(HEADER, "")]), 403);
    assert_eq!(refused("/", &host(), &[(HEADER, "x")]), 403);
    assert_eq!(refused("/", &host(), &[(HEADER, &token), (HEADER, &token)]), 403);
    assert_eq!(refused("/", "8080-nobody.sandbox.test", &[(HEADER, &token)]), 502);
    assert_eq!(refused("/", "example.test", &[]), 400);
    assert_eq!(refused("http://8080-pub456.sandbox.test/", "8080-pub456.sandbox.test", &[]), 400);
    for (target, status) in [("/init", 404), ("//init", 400), ("/%69nit", 404), ("/x/../init", 404), ("/%2569nit", 400)]
    {
        assert_eq!(refused(target, &controller, &[]), status, "{target}");
    }
}

#[test]
fn undescribed_and_ambiguous_requests_are_refused() {
    let service = one("nginx", ALL);
    let address = service.listeners[0];
    let public = format!("8080-{PUBLIC_ID}.sandbox.test");
    let described = |address: SocketAddr, lines: &[(&str, &str)]| {
        let answer = ask(address, "GET", "/", &[&[("Host", "127.0.0.1")], lines].concat());
        if answer.status == 200 { 200 } else { answer.header("x-sandgate-status").unwrap().parse().unwrap() }
    };
    let whole = [("X-Sandgate-Method", "GET"), ("X-Sandgate-Target", "/"), ("X-Sandgate-Host", public.as_str())];
    assert_eq!(described(address, &whole), 200);
    for index in 0..whole.len() {
        let mut lines = whole.to_vec();
        lines.remove(index);
        assert_eq!(described(address, &lines), 400, "missing");
        let mut lines = whole.to_vec();
        lines[index].1 = "";
        assert_eq!(described(address, &lines), 400, "empty");
        assert_eq!(described(address, &[&whole[..], &whole[index..=index]].concat()), 400, "repeated");
    }
    // The address of the gateway's own request is not the client's host.
    assert_eq!(described(address, &[("X-Sandgate-Method", "GET"), ("X-Sandgate-Target", "/"), ("Host", &public)]), 400);
    assert!(
        service
            .admin("/metrics")
            .body
            .contains(r#"sandgate_decisions_total{code="malformed",gate="host",profile="nginx"}"#)
    );
}

#[test]
fn traefik_and_caddy_describe_the_request_in_forwarding_headers() {
    let token = token(0);
    let host = host();
    let with = |more: &[(&'static str, String)]| -> Vec<(&'static str, String)> {
        let described = [
            ("X-Forwarded-Method", "POST".to_owned()),
            ("X-Forwarded-Uri", "/upload?a=1".to_owned()),
            ("X-Forwarded-Host", host.clone()),
            ("X-Forwarded-For", "192.0.2.7".to_owned()),
        ];
        [&described[..], more].concat()
    };
    let send = |address, own_host: &str, lines: &[(&'static str, String)]| {
        let lines: Vec<_> = lines.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ask(address, "GET", "/", &[&[("Host", own_host)], &lines[..]].concat())
    };

    let traefik = one("traefik", "policy.carriers = [\"header\", \"cookie\"]\n");
    let address = traefik.listeners[0];
    let cookies = format!("a=1; __Host-sandgate-traffic={}", pass());
    let answer = send(address, "gateway", &with(&[("Cookie", cookies)]));
    assert_eq!((answer.status, answer.header("cookie"), answer.header(HEADER)), (200, Some("a=1"), None));
    let answer = send(address, "gateway", &with(&[]));
    assert_eq!((answer.status, answer.header("content-type")), (403, Some("application/json")));
    assert!(answer.body.contains("is missing"));

    let caddy = one("caddy", "policy.carriers = [\"header\", \"host\", \"cookie\"]\n");
    let address = caddy.listeners[0];
    let answer = send(address, &host, &with(&[("E2b-Traffic-Access-Token", token.clone())]));
    assert_eq!((answer.status, answer.header("x-sandgate-forward-host")), (200, Some(host.as_str())));
    // The two hosts contradict each other.
    assert_eq!(send(address, "8080-pub456.sandbox.test", &with(&[("E2b-Traffic-Access-Token", token)])).status, 400);
}

#[test]
fn credential_that_a_gateway_would_pass_on_is_refused() {
    let public = format!("8080-{PUBLIC_ID}.sandbox.test");
    let (with_pass, signed) = (format!("/?sandgate_traffic={}", pass()), public.replace(".sandbox", "-signed.sandbox"));
    for (profile, host_status) in [("traefik", 400), ("envoy-http", 400), ("caddy", 200)] {
        let service = one(profile, "policy.carriers = [\"header\", \"cookie\"]\n");
        let asked = |target: &str, host: &str| {
            let described = [("X-Forwarded-Method", "GET"), ("X-Forwarded-Uri", target), ("X-Forwarded-Host", host)];
            ask(service.listeners[0], "GET", target, &[&[("Host", host)], &described[..]].concat()).status
        };
        assert_eq!(asked("/", &public), 200, "{profile}");
        assert_eq!(asked(&with_pass, &public), 400, "{profile}");
        assert_eq!(asked("/", &signed), host_status, "{profile}");
    }
}

#[test]
fn envoy_over_http_repeats_the_request() {
    let prefix = "path_prefix = \"/authz\"\n";
    let carriers = "policy.carriers = [\"header\", \"cookie\"]\n";
    let service = Service::start(&format!("{carriers}{SEEDS_AND_STATE}{}{prefix}", listener("envoy-http")));
    let address = service.listeners[0];
    let (token, host) = (token(0), host());
    let cookie = format!("__Host-sandgate-traffic={}", pass());
    let answer =
        ask(address, "PUT", "/authz/a?b", &[("Host", &host), (HEADER, &token), ("Cookie", &cookie), ("Accept", "*/*")]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-envoy-auth-headers-to-remove"), Some(&*format!("{HEADER},cookie")));
    assert_eq!(ask(address, "GET", "/authz/", &[("Host", &host)]).status, 403);
    assert_eq!(ask(address, "GET", "/", &[("Host", &host), (HEADER, &token)]).status, 400);
}

#[test]
fn pass_is_bound_to_the_client_that_the_gateway_names() {
    let bound = "bind_to_client = true\n";
    let service = Service::start(&format!("{ALL}{SEEDS_AND_STATE}{}{bound}", listener("nginx")));
    let context = |address: &'static str| sandgate::Context::try_from(address.as_bytes()).unwrap();
    let pass = |context| {
        let pass = traffic_key().issue_pass(Port::try_from(8080).unwrap(), in_an_hour(), context);
        pass.unwrap().as_str().to_owned()
    };
    let ask = |pass: String| ask_nginx(service.listeners[0], "GET", "/", &host(), &[(HEADER, &pass)]).status;
    assert_eq!(ask(pass(Some(context("192.0.2.7")))), 200);
    assert_eq!(ask(pass(Some(context("192.0.2.8")))), 403);
    assert_eq!(ask(pass(None)), 403);
    let public = format!("8080-{PUBLIC_ID}.sandbox.test");
    let lines = [("Host", "h"), ("X-Sandgate-Method", "GET"), ("X-Sandgate-Target", "/"), ("X-Sandgate-Host", &public)];
    assert_eq!(common::ask(service.listeners[0], "GET", "/", &lines).status, 403, "no client is named");
}
