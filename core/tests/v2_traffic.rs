//! v2 passes, signed hosts and the edge.

use sandgate::v2::{Keyring, TrafficKey, TrafficKeyring, TrafficRoot};
use sandgate::{
    Carrier, Carriers, Code, Context, Denied, Edge, Gate, Header, Misuse, Passed, Policy, Port, Request, Route,
    SandboxId, SandboxState, UnixSeconds, Versions, Window, forward, v1,
};

const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);
const END: UnixSeconds = UnixSeconds::new(1_800_000_060);
const MAX_HOST: i64 = 78_364_164_095;

fn keyring() -> Keyring {
    Keyring::new("a".parse().unwrap(), &[7; 32]).unwrap()
}

fn id() -> SandboxId {
    "i94gcaqbpvohfr764s5l".parse().unwrap()
}

fn key() -> TrafficKey {
    TrafficKey::new(&keyring().traffic_token(&id(), 0)).unwrap()
}

fn port(number: u16) -> Port {
    Port::try_from(number).unwrap()
}

fn edge(policy: Policy) -> Edge {
    Edge::new(policy.carriers(Carriers::of(&Carrier::ALL))).v2_keyring(keyring().traffic().clone())
}

fn route(label: &str) -> Route {
    let host = format!("{label}.sandbox.example.com");
    Route::parse(Header::Once(host.as_bytes()), Header::Absent, Header::Absent).unwrap()
}

fn check(edge: &Edge, label: &str, request: &Request<'_>) -> Result<Passed, Code> {
    edge.check(&route(label), SandboxState::restricted(), request, NOW).map_err(Denied::code)
}

fn pass() -> String {
    key().issue_pass(port(8080), END, None).unwrap().as_str().to_owned()
}

fn host() -> String {
    key().issue_signed_host(&id(), port(8080), END).unwrap().as_str().to_owned()
}

const LABEL: &str = "8080-i94gcaqbpvohfr764s5l";

#[test]
fn every_single_change_of_a_pass_is_refused() {
    let right = pass().into_bytes();
    for at in 0..right.len() {
        for byte in (0..=255).filter(|byte| *byte != right[at]) {
            let mut wrong = right.clone();
            wrong[at] = byte;
            let code = key().verify_pass(&wrong, port(8080), None, NOW).unwrap_err().code();
            assert!(matches!(code, Code::Invalid | Code::Malformed), "{}", wrong.escape_ascii());
        }
        assert!(key().verify_pass(&right[..at], port(8080), None, NOW).is_err());
        assert!(key().verify_pass(&right[at + 1..], port(8080), None, NOW).is_err());
    }
    assert_eq!(key().verify_pass(b"", port(8080), None, NOW).unwrap_err().code(), Code::Missing);
}

#[test]
fn every_single_change_of_a_label_is_refused() {
    let right = host().into_bytes();
    let open = edge(Policy::default());
    for at in 0..right.len() {
        for byte in (0..=255).filter(|byte| *byte != right[at]) {
            let mut wrong = right.clone();
            wrong[at] = byte;
            let code = key().verify_signed_host(&wrong, &id(), port(8080), NOW).unwrap_err().code();
            assert!(matches!(code, Code::Invalid | Code::Malformed), "{}", wrong.escape_ascii());
            // At the edge it leads to another sandbox or port, where it is wrong too, or to none.
            let mut host = wrong.clone();
            host.extend(b".sandbox.example.com");
            let Ok(route) = Route::parse(Header::Once(&host), Header::Absent, Header::Absent) else { continue };
            let answer = open.check(&route, SandboxState::restricted(), &Request::new(b"GET", b"/"), NOW);
            assert_eq!(answer.unwrap_err().gate(), Gate::Traffic, "{}", wrong.escape_ascii());
        }
    }
    // A host may arrive in any case, but the signature must be in lower case.
    let upper = String::from_utf8(right).unwrap().replace("-a", "-A");
    assert_eq!(key().verify_signed_host(upper.as_bytes(), &id(), port(8080), NOW).unwrap_err().code(), Code::Malformed);
}

#[test]
fn a_pass_is_for_one_port_and_one_context() {
    let context = Context::try_from("203.0.113.7").unwrap();
    let bound = key().issue_pass(port(8080), END, Some(context)).unwrap();
    let code = |presented: &str, number, context| {
        key().verify_pass(presented.as_bytes(), port(number), context, NOW).map_err(Denied::code)
    };
    assert_eq!(code(bound.as_str(), 8080, Some(context)), Ok(END));
    assert_eq!(code(bound.as_str(), 8080, None), Err(Code::Invalid));
    assert_eq!(code(&pass(), 8080, Some(context)), Err(Code::Invalid));
    assert_eq!(code(&pass(), 8081, None), Err(Code::OutOfScope));
    let (label, other) = (host(), "other".parse().unwrap());
    let code = |id: &SandboxId, number| {
        key().verify_signed_host(label.as_bytes(), id, port(number), NOW).map_err(Denied::code)
    };
    assert_eq!(
        (code(&id(), 8080), code(&id(), 80), code(&other, 8080)),
        (Ok(END), Err(Code::OutOfScope), Err(Code::Invalid))
    );
    // Neither a signed host nor a static token has a context.
    let request = Request::new(b"GET", b"/").context(context);
    assert!(matches!(check(&edge(Policy::default()), &label, &request), Ok(Passed::SignedHost { .. })));
}

#[test]
fn boundary_seconds_are_exact() {
    let windows = |leeway, max| {
        key().window(Window::new(leeway, max).unwrap()).signed_host_window(Window::new(leeway, max).unwrap())
    };
    let code = |expires: i64, now: i64, leeway, max| {
        let (key, end, now) = (windows(leeway, max), UnixSeconds::new(expires), UnixSeconds::new(now));
        let pass = key.issue_pass(port(80), end, None).unwrap();
        let host = key.issue_signed_host(&id(), port(80), end).unwrap();
        let answer = key.verify_pass(pass.as_str().as_bytes(), port(80), None, now).map(drop).map_err(Denied::code);
        let of_host =
            key.verify_signed_host(host.as_str().as_bytes(), &id(), port(80), now).map(drop).map_err(Denied::code);
        assert_eq!(answer, of_host);
        answer
    };
    assert_eq!(code(1000, 1000, 0, 60), Ok(()));
    assert_eq!(code(1000, 1001, 0, 60), Err(Code::Expired));
    assert_eq!(code(1000, 1300, 300, 60), Ok(()));
    assert_eq!(code(1000, 1301, 300, 60), Err(Code::Expired));
    assert_eq!(code(1060, 1000, 0, 60), Ok(()));
    assert_eq!(code(1061, 1000, 0, 60), Err(Code::LifetimeTooLong));
    assert_eq!(code(1361, 1000, 300, 60), Err(Code::LifetimeTooLong));
    assert_eq!(code(MAX_HOST, MAX_HOST, 0, 0), Ok(()));
    assert_eq!(code(0, 0, 0, 0), Ok(()));
    // The edge uses the policy's window: a week, and a day for signed hosts.
    for (seconds, of_pass, of_host) in
        [(86_400, Ok(()), Ok(())), (86_401, Ok(()), Err(())), (604_800, Ok(()), Err(())), (604_801, Err(()), Err(()))]
    {
        let end = UnixSeconds::new(NOW.get() + seconds);
        let open = edge(Policy::default());
        let pass = key().issue_pass(port(8080), end, None).unwrap();
        let request = Request::new(b"GET", b"/").traffic_token(Header::Once(pass.as_str().as_bytes()));
        let lifetime =
            |answer: Result<Passed, Code>| answer.map(drop).map_err(|code| assert_eq!(code, Code::LifetimeTooLong));
        assert_eq!(lifetime(check(&open, LABEL, &request)), of_pass, "{seconds}");
        let host = key().issue_signed_host(&id(), port(8080), end).unwrap();
        assert_eq!(lifetime(check(&open, host.as_str(), &Request::new(b"GET", b"/"))), of_host, "{seconds}");
    }
    let policy = Policy::default().max_lifetime(60).signed_host_max_lifetime(59).leeway(300).unwrap();
    let late = key().issue_signed_host(&id(), port(8080), UnixSeconds::new(NOW.get() + 360)).unwrap();
    assert_eq!(check(&edge(policy), late.as_str(), &Request::new(b"GET", b"/")), Err(Code::LifetimeTooLong));
    assert!(check(&edge(policy.signed_host_max_lifetime(60)), late.as_str(), &Request::new(b"GET", b"/")).is_ok());
    assert_eq!(Policy::default().leeway(301), Err(Misuse::Leeway));
}

#[test]
fn unissuable_credentials_are_wrong_use() {
    assert_eq!(key().issue_pass(Port::CONTROLLER, END, None).unwrap_err(), Misuse::ControllerPort);
    assert_eq!(key().issue_signed_host(&id(), Port::CONTROLLER, END).unwrap_err(), Misuse::ControllerPort);
    let moved = key().controller_port(port(5000));
    assert!(moved.issue_pass(Port::CONTROLLER, END, None).is_ok());
    assert_eq!(moved.issue_pass(port(5000), END, None).unwrap_err(), Misuse::ControllerPort);
    for time in [-1, 1 << 53] {
        assert_eq!(key().issue_pass(port(80), UnixSeconds::new(time), None).unwrap_err(), Misuse::Time);
    }
    assert!(key().issue_signed_host(&id(), port(80), UnixSeconds::new(MAX_HOST)).is_ok());
    assert_eq!(
        key().issue_signed_host(&id(), port(80), UnixSeconds::new(MAX_HOST + 1)).unwrap_err(),
        Misuse::SignedHost
    );
    for (name, number, fits) in [
        ("a".repeat(22), 65535, true),
        ("a".repeat(23), 65535, false),
        ("a".repeat(26), 1, true),
        ("a".repeat(27), 1, false),
        ("A".into(), 1, false),
        ("a-b".into(), 1, false),
        ("a_b".into(), 1, false),
    ] {
        let answer = key().issue_signed_host(&name.parse().unwrap(), port(number), END);
        assert_eq!(
            answer.as_ref().map(|label| label.as_str().len() <= 63).map_err(|misuse| *misuse),
            if fits { Ok(true) } else { Err(Misuse::SignedHost) },
            "{name}"
        );
    }
}

#[test]
fn only_the_first_carrier_is_tried() {
    let open = edge(Policy::default());
    let (token, pass, host) = (keyring().traffic_token(&id(), 0), pass(), host());
    let query = format!("/?sandgate_traffic={pass}");
    let cookie = format!("__Host-sandgate-traffic={pass}");
    let cookies = [cookie.as_bytes()];
    let all =
        Request::new(b"GET", query.as_bytes()).cookies(&cookies).traffic_token(Header::Once(token.expose().as_bytes()));
    assert_eq!(check(&open, &host, &all), Ok(Passed::Token));
    let no_header = all.traffic_token(Header::Absent);
    assert_eq!(check(&open, &host, &no_header), Ok(Passed::SignedHost { expires: END }));
    assert_eq!(check(&open, LABEL, &no_header), Ok(Passed::Pass { carrier: Carrier::Query, expires: END }));
    let cookie_alone = Request::new(b"GET", b"/").cookies(&cookies);
    assert_eq!(check(&open, LABEL, &cookie_alone), Ok(Passed::Pass { carrier: Carrier::Cookie, expires: END }));
    let header = Request::new(b"GET", b"/").traffic_token(Header::Once(pass.as_bytes()));
    assert_eq!(check(&open, LABEL, &header), Ok(Passed::Pass { carrier: Carrier::Header, expires: END }));

    assert_eq!(check(&open, &host, &all.traffic_token(Header::Once(b"sg2t.x"))), Err(Code::Malformed));
    assert_eq!(check(&open, &host, &all.traffic_token(Header::Repeated)), Err(Code::Malformed));
    let wrong_host = host.replace("-a", "-b");
    assert_eq!(check(&open, &wrong_host, &no_header), Err(Code::Invalid));
    let wrong_query = Request::new(b"GET", b"/?sandgate_traffic=").cookies(&cookies);
    assert_eq!(check(&open, LABEL, &wrong_query), Err(Code::Malformed));
    assert_eq!(check(&open, LABEL, &Request::new(b"GET", b"/")), Err(Code::Missing));

    // A static token is accepted only in the header.
    let token_in_query = format!("/?sandgate_traffic={}", token.expose());
    assert_eq!(check(&open, LABEL, &Request::new(b"GET", token_in_query.as_bytes())), Err(Code::Malformed));
    // Carriers that are not accepted are ignored.
    let host_alone =
        Edge::new(Policy::default().carriers(Carriers::of(&[Carrier::Host]))).v2_keyring(keyring().traffic().clone());
    assert_eq!(check(&host_alone, LABEL, &all.traffic_token(Header::Repeated)), Err(Code::Missing));
    let default = Edge::new(Policy::default()).v2_keyring(keyring().traffic().clone());
    assert_eq!(check(&default, LABEL, &no_header), Err(Code::Missing), "query and cookie are off by default");
}

#[test]
fn passed_returns_carrier_and_expiry() {
    assert_eq!((Passed::Token.carrier(), Passed::Token.expires()), (Some(Carrier::Header), None));
    let pass = Passed::Pass { carrier: Carrier::Cookie, expires: END };
    assert_eq!((pass.carrier(), pass.expires()), (Some(Carrier::Cookie), Some(END)));
    let host = Passed::SignedHost { expires: END };
    assert_eq!((host.carrier(), host.expires()), (Some(Carrier::Host), Some(END)));
    for open in [Passed::Public, Passed::ControllerPort] {
        assert_eq!((open.carrier(), open.expires()), (None, None));
    }
}

#[test]
fn passed_basis_names_the_reason() {
    let all = [Passed::Public, Passed::ControllerPort, Passed::Token]
        .into_iter()
        .chain([Passed::Pass { carrier: Carrier::Cookie, expires: END }, Passed::SignedHost { expires: END }]);
    let names: Vec<_> = all.map(Passed::basis).collect();
    assert_eq!(names, ["public", "controller_port", "token", "pass", "signed_host"]);
}

#[test]
fn edge_of_both_versions_decides_by_prefix() {
    let v1_keyring = v1::Keyring::new(&[1; 16]).unwrap();
    let v1_token = v1_keyring.traffic_token(&id());
    let v2_token = keyring().traffic_token(&id(), 0);
    let with_v1 = Edge::new(Policy::default()).v1_keyring(v1_keyring.clone());
    let with_both = with_v1.clone().v2_keyring(keyring().traffic().clone());
    let with_v2 = edge(Policy::default());
    let code = |edge: &Edge, presented: &str| {
        let request = Request::new(b"GET", b"/").traffic_token(Header::Once(presented.as_bytes()));
        check(edge, LABEL, &request).map(drop)
    };
    let (one, two, pass) = (v1_token.expose(), v2_token.expose(), pass());
    assert_eq!((code(&with_both, one), code(&with_both, two), code(&with_both, &pass)), (Ok(()), Ok(()), Ok(())));
    assert_eq!(
        (code(&with_v1, one), code(&with_v1, two), code(&with_v1, &pass)),
        (Ok(()), Err(Code::Invalid), Err(Code::Invalid))
    );
    assert_eq!((code(&with_v2, one), code(&with_v2, two)), (Err(Code::Malformed), Ok(())));
    assert_eq!(
        (code(&with_both, "x"), code(&with_both, "sg2t.x"), code(&with_both, "sg2a.x")),
        (Err(Code::Invalid), Err(Code::Malformed), Err(Code::Invalid))
    );

    // Without a v2 secret nothing is parsed as v2, not even text with a v2 prefix.
    assert_eq!(code(&with_v1, "sg2t.x"), Err(Code::Invalid));
    assert_eq!(code(&with_v1, "sg2p.x"), Err(Code::Invalid));

    // A policy of one version ignores the secrets of the other.
    let of = |policy: Policy| Edge::new(policy).v1_keyring(v1_keyring.clone()).v2_keyring(keyring().traffic().clone());
    assert_eq!((code(&of(Policy::V2_ALONE), one), code(&of(Policy::V2_ALONE), two)), (Err(Code::Malformed), Ok(())));
    assert_eq!((code(&of(Policy::E2B_SDKS), one), code(&of(Policy::E2B_SDKS), two)), (Ok(()), Err(Code::Invalid)));
    assert_eq!(
        code(&Edge::new(Policy::V2_ALONE.versions(Versions::V2)).v1_keyring(v1_keyring), one),
        Err(Code::Invalid)
    );

    // An edge without a v2 secret parses labels as v1 does: it ignores the third part.
    assert_eq!(check(&with_v1, &host(), &Request::new(b"GET", b"/")), Err(Code::Missing));
}

#[test]
fn edge_accepts_the_stored_token() {
    let stored = keyring().traffic_token(&id(), 0);
    let stateless = Edge::default();
    let state = SandboxState::restricted().traffic_token(&stored);
    let (route, host, pass) = (route(LABEL), host(), pass());
    for presented in [stored.expose(), &pass] {
        let request = Request::new(b"GET", b"/").traffic_token(Header::Once(presented.as_bytes()));
        assert!(stateless.check(&route, state, &request, NOW).is_ok(), "{presented}");
    }
    let request = Request::new(b"GET", b"/");
    let signed = self::route(&host);
    assert_eq!(stateless.check(&signed, state, &request, NOW), Ok(Passed::SignedHost { expires: END }));
    assert_eq!(stateless.carrier(&signed, state, &request), Some(Carrier::Host));
    // A stored text that is not a valid token fails closed: even the same text is refused.
    let spare = format!("{}{}", &stored.expose()[..49], spare_of(stored.expose()));
    for broken in ["sg2t.", "sg2t.x", "sg2t.a.short", &spare] {
        let token = broken.parse().unwrap();
        let state = SandboxState::restricted().traffic_token(&token);
        for presented in [stored.expose(), &pass, broken] {
            let request = Request::new(b"GET", b"/").traffic_token(Header::Once(presented.as_bytes()));
            assert_eq!(stateless.check(&route, state, &request, NOW).unwrap_err().code(), Code::Invalid, "{broken}");
        }
    }
    // So does a token of a format that the policy does not accept.
    let request = Request::new(b"GET", b"/").traffic_token(Header::Once(stored.expose().as_bytes()));
    let state = SandboxState::restricted().traffic_token(&stored);
    assert_eq!(Edge::new(Policy::E2B_SDKS).check(&route, state, &request, NOW).unwrap_err().code(), Code::Invalid);
}

/// Sets one of the two unused bits in the last character.
fn spare_of(token: &str) -> char {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = alphabet.find(token.chars().last().unwrap()).unwrap();
    alphabet.as_bytes()[last | 1] as char
}

#[test]
fn stored_token_takes_precedence_only_for_its_key_id() {
    // The edge has the roots a and b, the look-up says generation 1, and the stored token is that of a in generation 0.
    let mut keyring = TrafficKeyring::new(&TrafficRoot::derive("b".parse().unwrap(), &[8; 32]).unwrap()).unwrap();
    keyring.add(&TrafficRoot::derive("a".parse().unwrap(), &[7; 32]).unwrap()).unwrap();
    let open = Edge::new(Policy::default()).v2_keyring(keyring.clone());
    let told = self::keyring().traffic_token(&id(), 0);
    let state = SandboxState::restricted().generation(1).traffic_token(&told);
    let all = |token: &sandgate::TrafficToken, kid: &str| {
        let key = TrafficKey::new(token).unwrap();
        let renamed = |text: &str, at: usize| format!("{}{kid}{}", &text[..at], &text[at + 1..]);
        let pass = renamed(key.issue_pass(port(8080), END, None).unwrap().as_str(), 5);
        let host = renamed(key.issue_signed_host(&id(), port(8080), END).unwrap().as_str(), LABEL.len() + 1);
        let header = |text: &str| {
            let request = Request::new(b"GET", b"/").traffic_token(Header::Once(text.as_bytes()));
            open.check(&route(LABEL), state, &request, NOW).map(drop).map_err(Denied::code)
        };
        let by_host =
            open.check(&route(&host), state, &Request::new(b"GET", b"/"), NOW).map(drop).map_err(Denied::code);
        [header(&renamed(token.expose(), 5)), header(&pass), by_host]
    };
    assert_eq!(all(&told, "a"), [Ok(()); 3], "what it was told");
    assert_eq!(
        all(&self::keyring().traffic_token(&id(), 1), "a"),
        [Err(Code::Invalid); 3],
        "and no other of its key id"
    );
    assert_eq!(all(&keyring.traffic_token(&id(), 1), "b"), [Ok(()); 3], "what it derives for another");
    assert_eq!(all(&keyring.traffic_token(&id(), 0), "b"), [Err(Code::Invalid); 3]);
    assert_eq!(all(&told, "b"), [Err(Code::Invalid); 3], "under the name of another");
    assert_eq!(all(&told, "c"), [Err(Code::Invalid); 3], "under a name that nobody has");
}

#[test]
fn a_label_has_at_most_63_characters() {
    // One character more makes it malformed, even with the right mac.
    let id: SandboxId = "a".repeat(23).parse().unwrap();
    let short = keyring().traffic_token(&id, 0);
    let label = TrafficKey::new(&short).unwrap().issue_signed_host(&id, port(6553), END).unwrap();
    let long = label.as_str().replacen("6553-", "65535-", 1);
    assert_eq!((label.as_str().len(), long.len()), (63, 64));
    let open = edge(Policy::default());
    assert!(check(&open, label.as_str(), &Request::new(b"GET", b"/")).is_ok());
    assert_eq!(check(&open, &long, &Request::new(b"GET", b"/")), Err(Code::Malformed));
}

#[test]
fn a_pass_has_at_most_73_characters() {
    let far = UnixSeconds::new((1 << 53) - 1);
    let pass = key().issue_pass(port(65535), far, None).unwrap();
    assert_eq!(pass.as_str().len(), 73);
    let at_end = |text: &str| {
        let query = format!("/?sandgate_traffic={text}");
        let request = Request::new(b"GET", query.as_bytes());
        let answer = edge(Policy::default()).check(
            &route("65535-i94gcaqbpvohfr764s5l"),
            SandboxState::restricted(),
            &request,
            far,
        );
        answer.map(drop).map_err(Denied::code)
    };
    let escaped = pass.as_str().replacen("sg2p", "sg2%70", 1);
    assert_eq!((at_end(pass.as_str()), at_end(&escaped)), (Ok(()), Ok(())));
    assert_eq!(
        (at_end(&format!("{pass}A")), at_end(&format!("{escaped}A"))),
        (Err(Code::Malformed), Err(Code::Malformed))
    );
}

#[test]
fn all_cookie_lines_are_read() {
    let cookie = format!("a=1; __Host-sandgate-traffic={}", pass());
    let lines: [&[u8]; 4] = [b"x=1", b"y=2; z", cookie.as_bytes(), b"w"];
    let request = Request::new(b"GET", b"/").cookies(&lines);
    assert_eq!(
        check(&edge(Policy::default()), LABEL, &request),
        Ok(Passed::Pass { carrier: Carrier::Cookie, expires: END })
    );
}

#[test]
fn old_and_new_roots_verify_together() {
    let root = |name: &str, byte| TrafficRoot::derive(name.parse().unwrap(), &[byte; 32]).unwrap();
    let mut keyring = TrafficKeyring::new(&root("b", 8)).unwrap();
    keyring.add(&root("a", 7)).unwrap();
    let open = Edge::new(Policy::default()).v2_keyring(keyring.clone());
    for token in [keyring.traffic_token(&id(), 0), self::keyring().traffic_token(&id(), 0)] {
        let key = TrafficKey::new(&token).unwrap();
        let (pass, host) =
            (key.issue_pass(port(8080), END, None).unwrap(), key.issue_signed_host(&id(), port(8080), END).unwrap());
        for presented in [token.expose(), pass.as_str()] {
            let request = Request::new(b"GET", b"/").traffic_token(Header::Once(presented.as_bytes()));
            assert!(check(&open, LABEL, &request).is_ok());
        }
        assert!(check(&open, host.as_str(), &Request::new(b"GET", b"/")).is_ok());
    }
}

#[test]
fn forwarded_requests_have_no_credentials() {
    let joined = |query: &str| forward::query(query.as_bytes()).collect::<Vec<_>>().join(&b'&');
    for (query, rest) in [
        ("", ""),
        ("a=1&b", "a=1&b"),
        ("a=%zz&&b=+", "a=%zz&&b=+"),
        ("sandgate_traffic", ""),
        ("sandgate_traffic=x&a", "a"),
        ("a&s%61ndgate_traffic=x&sandgate_traffic", "a"),
        ("Sandgate_traffic=x&sandgate_traffic%zz=x", "Sandgate_traffic=x&sandgate_traffic%zz=x"),
    ] {
        assert_eq!(joined(query), rest.as_bytes(), "{query}");
    }
    let cookies = |line: &str| forward::cookies(line.as_bytes()).collect::<Vec<_>>().concat();
    for (line, rest) in [
        ("", ""),
        ("a=1; b=2", "a=1; b=2"),
        ("__Host-sandgate-traffic=x", ""),
        ("a=1;\t__Host-sandgate-traffic\t=\"x\" ;b", "a=1; b"),
        ("__host-sandgate-traffic=x; __Host-sandgate-traffic", "__host-sandgate-traffic=x; __Host-sandgate-traffic"),
    ] {
        assert_eq!(cookies(line), rest.as_bytes(), "{line}");
    }
    assert_eq!(route(&host()).to_string(), LABEL);
    assert!(!format!("{:?} {:?}", route(&host()), route(&host()).signed_part()).contains(&host()[29..]));
}
