//! The edge's rule, beyond the vectors.

use sandgate::v1::Keyring;
use sandgate::{
    Code, Denied, Edge, Gate, Header, Passed, Policy, Port, Request, Route, SandboxState, TrafficToken, UnixSeconds,
    forward, write_refusal,
};

const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);

fn route(host: &str) -> Result<Route, Denied> {
    Route::parse(Header::Once(host.as_bytes()), Header::Absent, Header::Absent)
}

fn body(denied: Denied, route: &Route, path: &str) -> String {
    let mut body = String::new();
    write_refusal(&mut body, denied, Some(route.sandbox_id()), path.as_bytes()).unwrap();
    body
}

#[test]
fn restricted_sandbox_accepts_only_its_token() {
    let keyring = Keyring::new(b"a seed of at least 16 bytes").unwrap();
    let route = route("8080-abc123.e2b.app").unwrap();
    let token = keyring.traffic_token(route.sandbox_id());
    let access = keyring.access_token(route.sandbox_id());
    let other = keyring.traffic_token(&"other".parse().unwrap());
    let stored = SandboxState::restricted().traffic_token(&token);

    let edges = [
        (Edge::default(), stored),
        (Edge::new(Policy::default()).v1_keyring(keyring.clone()), SandboxState::restricted()),
    ];
    for (edge, state) in edges {
        let check = |header| {
            let request = Request::new(b"GET", b"/").traffic_token(header);
            edge.check(&route, state, &request, NOW).map_err(Denied::code)
        };
        assert_eq!(check(Header::Once(token.expose().as_bytes())), Ok(Passed::Token));
        assert_eq!(check(Header::Absent), Err(Code::Missing));
        assert_eq!(check(Header::Once(b"")), Err(Code::Missing));
        assert_eq!(check(Header::Repeated), Err(Code::Malformed));
        for wrong in [access.expose(), other.expose(), "x", &token.expose().to_uppercase()] {
            assert_eq!(check(Header::Once(wrong.as_bytes())), Err(Code::Invalid), "{wrong}");
        }
    }
}

#[test]
fn edge_without_a_secret_fails_closed() {
    let request = Request::new(b"GET", b"/").traffic_token(Header::Once(b"x"));
    let answer = Edge::default().check(&route("8080-abc.e2b.app").unwrap(), SandboxState::restricted(), &request, NOW);
    assert_eq!(answer, Err(Denied::new(Gate::Traffic, Code::Invalid)));
}

#[test]
fn controllers_port_passes_the_edge_without_a_token() {
    let request = Request::new(b"GET", b"/files");
    let check = |edge: Edge, host| edge.check(&route(host).unwrap(), SandboxState::restricted(), &request, NOW);
    assert_eq!(check(Edge::default(), "49983-abc.e2b.app"), Ok(Passed::ControllerPort));
    let moved = Edge::default().controller_port(Port::try_from(5000).unwrap());
    assert_eq!(check(moved.clone(), "5000-abc.e2b.app"), Ok(Passed::ControllerPort));
    assert!(check(moved, "49983-abc.e2b.app").is_err());
    let init = Request::new(b"POST", b"/init?x");
    let screen = |edge: &Edge, host| edge.screen(&route(host).unwrap(), &init).map_err(Denied::status);
    let moved = Edge::default().controller_port(Port::try_from(5000).unwrap());
    assert_eq!(screen(&moved, "5000-abc.e2b.app"), Err(404));
    assert_eq!(screen(&moved, "49983-abc.e2b.app"), Ok(()));
    let public = Edge::default().check(&route("80-abc.e2b.app").unwrap(), SandboxState::public(), &request, NOW);
    assert_eq!(public, Ok(Passed::Public));
}

#[test]
fn internal_routes_are_404_at_the_edge() {
    let (controller, other) = (route("49983-abc.e2b.app").unwrap(), route("8080-abc.e2b.app").unwrap());
    for path in ["/init", "/upgrade", "/freeze", "/unfreeze", "/fsfreeze", "/fsthaw", "/collapse"] {
        for spelling in [path.to_owned(), format!("{path}/"), format!("/x/..{path}?q"), format!("/%2e{path}")] {
            let request = Request::new(b"POST", spelling.as_bytes());
            let denied = Edge::default().screen(&controller, &request).unwrap_err();
            assert_eq!((denied.gate(), denied.status()), (Gate::InternalRoute, 404), "{spelling}");
            assert_eq!(Edge::default().screen(&other, &request), Ok(()), "{spelling}");
            assert_eq!(Edge::default().check(&controller, SandboxState::public(), &request, NOW), Err(denied));
        }
        let denied = Edge::default().screen(&controller, &Request::new(b"GET", path.as_bytes())).unwrap_err();
        for target in [path.to_owned(), format!("{path}?x=1")] {
            let expected = format!(r#"{{"message":"not found","path":"{path}","code":404}}"#);
            assert_eq!(body(denied, &controller, &target), expected);
        }
    }
    let undecodable = Edge::default().screen(&controller, &Request::new(b"GET", b"/%zz")).unwrap_err();
    assert_eq!(undecodable.status(), 400);
    assert_eq!(body(undecodable, &controller, "/%zz"), r#"{"code":400,"message":"malformed request"}"#);
}

#[test]
fn ambiguous_target_is_refused() {
    let malformed = Err(Denied::new(Gate::InternalRoute, Code::Malformed));
    let screen = |host, method: &str, target: &str| {
        Edge::default().screen(&route(host).unwrap(), &Request::new(method.as_bytes(), target.as_bytes()))
    };
    for host in ["49983-abc.e2b.app", "8080-abc.e2b.app"] {
        for target in [
            "http://49983-abc.e2b.app/init",
            "HTTP://x/",
            "*",
            "",
            "?/init",
            "x/files",
            "/init#x",
            "/init?#x",
            "/#/init",
            "/files?path=/a#&signature=x",
            "/\\init",
            "/a\\..\\init",
            "/?a\\b",
            "/init\t",
            "/in\nit",
            "/init\0",
            "/init\x7f",
        ] {
            assert_eq!(screen(host, "POST", target), malformed, "{host} {target:?}");
        }
        for method in ["CONNECT", "TRACE", "TRACK"] {
            assert_eq!(screen(host, method, "/"), malformed, "{host} {method}");
        }
        assert_eq!(screen(host, "trace", "/files?path=%5C%23%00&a=%252e//"), Ok(()), "{host}");
    }
    for target in [
        "//init",
        "/x//y",
        "/%252e%252e/init",
        "/a%252Finit",
        "/%25",
        "/init%3Fx",
        "/init%23",
        "/a%5C..%5Cinit",
        "/init%00",
    ] {
        assert_eq!(screen("49983-abc.e2b.app", "POST", target), malformed, "{target}");
        assert_eq!(screen("8080-abc.e2b.app", "POST", target), Ok(()), "{target}");
    }
}

#[test]
fn refusal_bodies_equal_those_of_e2bs_proxy() {
    let route = route("8080-abc.e2b.app").unwrap();
    let missing = "Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing";
    let invalid =
        "Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid";
    for (code, message) in [(Code::Missing, missing), (Code::Invalid, invalid), (Code::Malformed, invalid)] {
        let denied = Denied::new(Gate::Traffic, code);
        let expected = format!(r#"{{"sandboxId":"abc","message":"{message}","code":403}}"#);
        assert_eq!(body(denied, &route, "/init"), expected);
    }
    // The body names the path only if the path could be read.
    let malformed = Denied::new(Gate::InternalRoute, Code::Malformed);
    for path in ["/init", "//init", "/init#x", "/%zz"] {
        assert_eq!(body(malformed, &route, path), r#"{"code":400,"message":"malformed request"}"#, "{path}");
    }
    let host = Denied::new(Gate::Host, Code::Malformed);
    assert_eq!(body(host, &route, "/init"), r#"{"code":400,"message":"invalid host or routing headers"}"#);
    let mut no_sandbox = String::new();
    write_refusal(&mut no_sandbox, Denied::new(Gate::Traffic, Code::Missing), None, b"/").unwrap();
    assert_eq!(no_sandbox, format!(r#"{{"code":403,"message":"{missing}"}}"#));
}

#[test]
fn unroutable_hosts_are_refused() {
    let wrong = [
        "",
        ".",
        "-",
        "8080-abc",
        "8080.e2b.app",
        "0-abc.e2b.app",
        "65536-abc.e2b.app",
        "99999999999999999999-abc.e2b.app",
        "8080-a_c.e2b.app",
        "8080--abc.e2b.app",
        "8080-abc.e2b.app:http",
        "8080-abc.e2b.app:80:80",
        "8080 -abc.e2b.app",
        "LOCALHOST",
        "sandbox.",
        "sandbox",
        "Sandbox.e2b.app",
        "127.0.0.1.",
        "127.0.0",
        "[::1",
        "::1",
        "[127.0.0.1]",
        "[x]",
        "localhos",
        "80-abc.x, 80-def.y",
        "80-abc.x@y",
        "sandbox.x, 80-def.y",
        "sandbox.x/y",
        "sandbox.x@y",
        "sandbox.x:1:2",
        "[80-abc.x",
        "80-abc.x/y",
        "80-abc.x]:80",
        "80-abc.x ",
        "80-abc.x#y",
        "[::1%25lo]",
        "8080-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.e2b.app",
    ];
    for host in wrong {
        // With valid routing headers, so that only the host can be the reason.
        let denied =
            Route::parse(Header::Once(host.as_bytes()), Header::Once(b"abc"), Header::Once(b"80")).unwrap_err();
        assert_eq!((denied.gate(), denied.status()), (Gate::Host, 400), "{host}");
    }
    for host in [Header::Absent, Header::Once(b""), Header::Repeated, Header::Once(b"8080-abc.e2b.app\xff")] {
        assert!(Route::parse(host, Header::Once(b"abc"), Header::Once(b"80")).is_err());
    }
    for host in ["localhost", "localhost:3000", "127.0.0.1", "[::1]:80", "sandbox.e2b.app", "sandbox.x:1"] {
        assert!(
            Route::parse(Header::Once(host.as_bytes()), Header::Once(b"abc"), Header::Once(b"80")).is_ok(),
            "{host}"
        );
    }
}

#[test]
fn both_routing_headers_are_required_once() {
    let by_header = |id: Header<'_>, port: Header<'_>| Route::parse(Header::Once(b"localhost:3000"), id, port);
    let (id, port) = (Header::Once(b"abc"), Header::Once(b"0080"));
    let found = by_header(id, port).unwrap();
    assert_eq!((found.sandbox_id().as_str(), found.port().get()), ("abc", 80));
    for missing in [Header::Absent, Header::Once(b"")] {
        assert_eq!(by_header(missing, port).map_err(Denied::code), Err(Code::Missing));
        assert_eq!(by_header(id, missing).map_err(Denied::code), Err(Code::Missing));
    }
    for wrong in [Header::Repeated, Header::Once(b"A"), Header::Once(b"0"), Header::Once(b"65536"), Header::Once(b"+1")]
    {
        assert_eq!(by_header(id, wrong).map_err(Denied::code), Err(Code::Malformed));
    }
    for wrong in
        [Header::Repeated, Header::Once(b"A"), Header::Once(b"a-b"), Header::Once(b"a b"), Header::Once(b"\xff")]
    {
        assert_eq!(by_header(wrong, port).map_err(Denied::code), Err(Code::Malformed));
    }
    // If the host names the route, the headers are not read.
    let labelled = Route::parse(Header::Once(b"80-xyz.e2b.app"), Header::Repeated, Header::Once(b"x")).unwrap();
    assert_eq!(labelled.sandbox_id().as_str(), "xyz");
}

#[test]
fn a_stored_token_is_opaque_text() {
    let token = TrafficToken::try_from("any text, 64 hex digits or not").unwrap();
    let request = Request::new(b"GET", b"/").traffic_token(Header::Once(token.expose().as_bytes()));
    let state = SandboxState::restricted().traffic_token(&token);
    assert_eq!(Edge::default().check(&route("1-a.b").unwrap(), state, &request, NOW), Ok(Passed::Token));
}

#[test]
fn forwarded_host_has_the_route_in_place_of_its_label() {
    let domain: Option<&[u8]> = Some(b".e2b.app");
    assert_eq!(forward::host(b"8080-abc.e2b.app"), domain);
    assert_eq!(forward::host(b"8080-abc-a00f9k3zxq7m2v5tplgd4hnb6wsjyircu6.e2b.app"), domain);
    assert_eq!(forward::host(b"8080-abc."), Some(&b"."[..]));
    // Hosts that route by headers.
    for host in ["sandbox.e2b.app", "localhost", "127.0.0.1:80", "a-b", "", "sandbox.e2b-eu.app"] {
        assert_eq!(forward::host(host.as_bytes()), None, "{host}");
    }
}
