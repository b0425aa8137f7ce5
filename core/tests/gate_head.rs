//! What guards read from a request's head, and in what its two views must agree.

use sandgate::{
    AccessToken, Allowed, Code, Controller, Denied, Edge, Gate, Head, Header, HeaderLine, Policy, SandboxState,
    UnixSeconds, headers,
};

const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);
const PREFLIGHT: [HeaderLine<'static>; 2] =
    [(b"Origin", b"https://app.example"), (b"Access-Control-Request-Method", b"PUT")];

fn lines<'a>(lines: &[(&'a str, &'a str)]) -> Vec<HeaderLine<'a>> {
    lines.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect()
}

fn controller() -> Controller {
    Controller::new(&[AccessToken::try_from("right").unwrap()], Policy::default()).unwrap()
}

fn guard<'a>(head: &Head<'a>) -> Result<Option<Allowed<'a>>, Denied> {
    controller().guard(head, NOW)
}

const UNREADABLE: Denied = Denied::new(Gate::Route, Code::Malformed);

#[test]
fn a_header_is_found_in_any_case_and_under_all_its_names() {
    let given = lines(&[
        ("X-ACCESS-token", "a"),
        ("x-access-tokens", "b"),
        ("Novita-Sandbox-Id", "c"),
        ("e2b-sandbox-id", "c"),
    ]);
    let head = Head::new(b"GET", b"/", &given);
    assert_eq!(head.header(&["x-access-token"]), Header::Once(b"a"));
    assert_eq!(head.header(&["e2b-sandbox-id", "novita-sandbox-id"]), Header::Repeated);
    assert_eq!(head.header(&["host"]), Header::Absent);
}

#[test]
fn equal_host_and_authority_are_one_host() {
    for (given, host) in [
        (&[("host", "a")][..], Header::Once(&b"a"[..])),
        (&[(":authority", "a")], Header::Once(b"a")),
        (&[(":authority", "a"), ("host", "a")], Header::Once(b"a")),
        (&[(":authority", "a"), ("host", "A")], Header::Repeated),
        (&[(":authority", "a"), ("host", "")], Header::Repeated),
        (&[("host", "a"), ("host", "a")], Header::Repeated),
        (&[], Header::Absent),
    ] {
        assert_eq!(Head::new(b"GET", b"/", &lines(given)).host(), host, "{given:?}");
    }
}

#[test]
fn comma_in_a_joined_header_is_a_repetition() {
    let given = lines(&[("X-Access-Token", "right, right"), ("Cookie", "a=1,b=2")]);
    let head = Head::new(b"GET", b"/metrics", &given);
    assert_eq!(guard(&head).err().map(Denied::code), Some(Code::Invalid));
    assert_eq!(guard(&head.joined()).err(), Some(UNREADABLE));
    let token = lines(&[("X-Access-Token", "right")]);
    assert!(guard(&Head::new(b"GET", b"/metrics", &token).joined()).is_ok());
}

#[test]
fn spaces_and_tabs_around_a_value_do_not_count() {
    let answer = |value: &str| {
        let given = lines(&[("X-Access-Token", value)]);
        guard(&Head::new(b"GET", b"/metrics", &given)).map(|_| ()).map_err(Denied::code)
    };
    for around in [" right", "right\t", "\t  right \t"] {
        assert_eq!(answer(around), Ok(()), "{around:?}");
    }
    for empty in ["", " ", "\t \t"] {
        assert_eq!(answer(empty), Err(Code::Missing), "{empty:?}");
    }
    for other in ["ri ght", "right\u{a0}", "\nright", "right\0", "\u{b}right", "right \r"] {
        assert_eq!(answer(other), Err(Code::Invalid), "{other:?}");
    }

    let given = lines(&[("Host", " 8080-abc.e2b.app:80\t"), ("Cookie", " a=1 ")]);
    let head = Head::new(b"GET", b"/", &given);
    assert_eq!(Edge::default().route(&head).map(|route| route.to_string()), Ok("8080-abc".to_owned()));
    let plain = lines(&[("host", "8080-abc.e2b.app:80"), ("cookie", "a=1")]);
    assert!(Edge::default().route(&head.beside(&Head::new(b"GET", b"/", &plain))).is_ok());

    let preflight: [HeaderLine<'_>; 3] =
        [(b"Origin", b" null"), (b"Access-Control-Request-Method", b"PUT "), (b"Content-Length", b" 0\t")];
    assert!(Head::new(b"OPTIONS", b"/", &preflight).is_preflight());
    assert!(!Head::new(b"OPTIONS", b"/", &[(b"Origin", b" "), preflight[1]]).is_preflight());
}

#[test]
fn a_preflight_passes_without_a_body_and_without_an_upgrade() {
    let preflight = |method: &str, more: &[(&str, &str)]| {
        let given = [PREFLIGHT.to_vec(), lines(more)].concat();
        matches!(guard(&Head::new(method.as_bytes(), b"/metrics", &given)), Ok(None))
    };
    for more in [&[][..], &[("Content-Length", "0")], &[("Content-Length", "00")]] {
        assert!(preflight("OPTIONS", more), "{more:?}");
    }
    for method in ["options", "OPTION", "GET", "POST", ""] {
        assert!(!preflight(method, &[]), "{method:?}");
    }
    for more in [
        ("Origin", "https://app.example"),
        ("Access-Control-Request-Method", "PUT"),
        ("Content-Length", "1"),
        ("Content-Length", "-0"),
        ("Content-Length", ""),
        ("Content-Length", "0, 0"),
        ("Transfer-Encoding", "chunked"),
        ("Transfer-Encoding", ""),
        ("Upgrade", "websocket"),
        ("Upgrade", ""),
    ] {
        assert!(!preflight("OPTIONS", &[more]), "{more:?}");
    }
    assert!(!preflight("OPTIONS", &[("Content-Length", "0"), ("Content-Length", "0")]));
    for missing in 0..2 {
        assert!(guard(&Head::new(b"OPTIONS", b"/metrics", &PREFLIGHT[missing..=missing])).is_err());
    }
    let head = Head::new(b"OPTIONS", b"/metrics", &PREFLIGHT);
    assert_eq!(guard(&head.body()).err(), Some(Denied::new(Gate::Route, Code::Missing)));
}

#[test]
fn views_that_differ_in_a_deciding_value_are_refused() {
    let (none, right, wrong) =
        (lines(&[]), lines(&[("x-access-token", "right")]), lines(&[("x-access-token", "wrong")]));
    let twice = [right.clone(), right.clone()].concat();
    let also = [right.clone(), lines(&[("accept", "*/*")])].concat();
    let head =
        |method: &'static str, target: &'static str, lines| Head::new(method.as_bytes(), target.as_bytes(), lines);

    let seen = head("GET", "/metrics", &right);
    for other in [
        head("GET", "/metrics", &none),
        head("GET", "/metrics", &wrong),
        head("GET", "/metrics", &twice),
        head("POST", "/metrics", &right),
        head("GET", "/metrics?", &right),
        head("GET", "/health", &right),
    ] {
        assert_eq!(guard(&seen.beside(&other)).err(), Some(UNREADABLE), "{other:?}");
        assert_eq!(guard(&other.beside(&seen)).err(), Some(UNREADABLE), "{other:?}");
        let open = Controller::open();
        assert!(matches!(open.guard(&seen.beside(&other), NOW), Ok(Some(Allowed::Open(None)))));
    }
    let same = head("GET", "/metrics", &also);
    assert!(matches!(guard(&seen.beside(&same)), Ok(Some(Allowed::Token(None)))));

    // This also holds on an exempt route.
    let (health, files) = (head("GET", "/health", &none), head("GET", "/files", &none));
    assert_eq!(guard(&health.beside(&files)).err(), Some(UNREADABLE));
}

#[test]
fn joined_cookies_are_the_same_cookies() {
    let host = ("host", "80-abc.e2b.app");
    let edge = Edge::default();
    let route = |first: &[(&str, &str)], second: &[(&str, &str)]| {
        let (first, second) = (lines(first), lines(second));
        edge.route(&Head::new(b"GET", b"/", &first).beside(&Head::new(b"GET", b"/", &second))).map_err(Denied::gate)
    };
    let received = [host, ("cookie", "a=1"), ("Cookie", "b=2")];
    assert!(route(&received, &[host, ("cookie", "a=1; b=2")]).is_ok());
    for other in ["a=1", "a=1; b=3", "a=1;b=2", "b=2; a=1", ""] {
        assert_eq!(route(&received, &[host, ("cookie", other)]), Err(Gate::Host), "{other}");
    }
    assert_eq!(route(&received, &[host]), Err(Gate::Host));
    assert_eq!(route(&[host], &received), Err(Gate::Host));
    assert_eq!(route(&[host], &[("host", "81-abc.e2b.app")]), Err(Gate::Host));
    // A header that one view repeats is refused as repeated.
    assert_eq!(route(&[host, host], &[host]), Err(Gate::Host));
}

#[test]
fn an_edge_finds_the_route_and_screens_it() {
    let given = lines(&[("Host", "49983-abc.e2b.app")]);
    let route = |method: &str, target: &str| {
        Edge::default().route(&Head::new(method.as_bytes(), target.as_bytes(), &given)).map_err(|denied| {
            assert!([400, 404].contains(&denied.status()));
            denied.gate()
        })
    };
    assert_eq!(route("GET", "/files").map(|route| route.to_string()), Ok("49983-abc".to_owned()));
    assert_eq!(route("POST", "/init"), Err(Gate::InternalRoute));
    assert_eq!(route("POST", "/init#x"), Err(Gate::InternalRoute));
    assert_eq!(route("TRACE", "/"), Err(Gate::InternalRoute));
    for target in ["http://49983-abc.e2b.app/", "*", ""] {
        assert_eq!(route("GET", target), Err(Gate::Host), "{target}");
    }
    let by_header = lines(&[("Host", "localhost"), ("E2b-Sandbox-Id", "abc"), ("Novita-Sandbox-Port", "80")]);
    let head = Head::new(b"GET", b"/", &by_header);
    let route = Edge::default().route(&head).unwrap();
    assert_eq!(route.to_string(), "80-abc");
    let denied = Edge::default().guard(&route, SandboxState::restricted(), &head, NOW).unwrap_err();
    assert_eq!((denied.gate(), denied.code()), (Gate::Traffic, Code::Missing));
}

#[test]
fn a_head_shows_nothing_but_its_method() {
    let given = lines(&[("X-Access-Token", "secret")]);
    assert_eq!(format!("{:?}", Head::new(b"GET", b"/?signature=secret", &given)), "Head(GET, redacted)");
}

#[test]
fn but_for_preflights_a_controller_reads_only_the_access_token() {
    let (token, right) = (headers::ACCESS_TOKEN, "right");
    for method in ["GET", "POST", "PUT", "CONNECT", "options", ""] {
        assert_ne!(method, headers::PREFLIGHT_METHOD);
        for target in ["/metrics", "/files", "/files?path=/a", "/health", "/%zz"] {
            for tokens in [&[][..], &[(token, right)], &[(token, "wrong")], &[(token, right), (token, right)]] {
                let alone = lines(tokens);
                let others = headers::DECIDING.into_iter().filter(|name| *name != token).map(|name| (name, "a, b"));
                let all = [&alone[..], &PREFLIGHT, &lines(&others.collect::<Vec<_>>())].concat();
                let answers = [&alone, &all].map(|lines| {
                    let head = Head::new(method.as_bytes(), target.as_bytes(), lines);
                    [head, head.joined(), head.body()].map(|head| guard(&head).map(|allowed| format!("{allowed:?}")))
                });
                assert_eq!(answers[0], answers[1], "{method} {target} {tokens:?}");
            }
        }
    }
    let preflight = |lines| guard(&Head::new(headers::PREFLIGHT_METHOD.as_bytes(), b"/metrics", lines));
    assert!(matches!((preflight(&PREFLIGHT), preflight(&[])), (Ok(None), Err(_))));
}
