//! Properties of the life cycle: a waiting controller is closed, and what initialises it changes all of it or nothing.
#![cfg(feature = "initialize")]

use proptest::prelude::*;
use sandgate::{
    AccessToken, Allowed, Code, Controller, Edge, Gate, Head, Header, Initialized, Misuse, Policy, Request, Route,
    SandboxId, SandboxState, TrafficToken, UnixSeconds, wake,
};
use sha2::{Digest, Sha512};

const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);

/// Few, so that they meet. The last one is of v2.
const TOKENS: [&str; 4] = ["a", "b", "c", "sg2a.k.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"];

#[derive(Clone, Debug)]
struct Asked {
    token: Option<usize>,
    /// In nanoseconds after a second.
    timestamp: Option<u32>,
    /// The token whose hash is expected, none of them, or no hash at all.
    expected: Option<Option<usize>>,
}

fn asked() -> impl Strategy<Value = Asked> {
    let token = || prop::option::of(0..TOKENS.len());
    (token(), prop::option::of(0..6_u32), prop::option::of(token())).prop_map(|(token, timestamp, expected)| Asked {
        token,
        timestamp,
        expected,
    })
}

impl Asked {
    fn body(&self) -> String {
        let mut members = serde_json::Map::new();
        if let Some(token) = self.token {
            members.insert("accessToken".to_owned(), TOKENS[token].into());
        }
        if let Some(nanoseconds) = self.timestamp {
            members.insert("timestamp".to_owned(), format!("2026-11-30T12:00:00.{nanoseconds:09}Z").into());
        }
        serde_json::Value::Object(members).to_string()
    }

    fn hash(&self) -> String {
        let hash = |token: Option<usize>| hex::encode(Sha512::digest(token.map_or("", |token| TOKENS[token])));
        self.expected.map_or(String::new(), hash)
    }
}

/// What a controller is known to require: nothing known yet, nothing, or a token.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Model {
    Waiting,
    Open,
    Requires(usize),
}

fn observed(controller: &Controller) -> Model {
    let opens = |token: &&str| {
        let header = Header::Once(token.as_bytes());
        controller.check(&Request::new(b"GET", b"/metrics").access_token(header), NOW).is_ok()
    };
    let opened: Vec<usize> = (0..TOKENS.len()).filter(|index| opens(&TOKENS[*index])).collect();
    match opened[..] {
        [] => Model::Waiting,
        [token] => Model::Requires(token),
        _ => Model::Open,
    }
}

proptest! {
    #[test]
    fn controller_follows_its_model(start in 0..3_usize, steps in prop::collection::vec(asked(), 0..12)) {
        let mut controller = match start {
            0 => Controller::waiting(Policy::default()),
            1 => Controller::open(),
            _ => Controller::new(&[AccessToken::try_from(TOKENS[0]).unwrap()], Policy::default()).unwrap(),
        };
        let mut model = [Model::Waiting, Model::Open, Model::Requires(0)][start];
        let mut applied = None;
        for asked in steps {
            let answer = controller.initialize(asked.body().as_bytes(), asked.hash().as_bytes());
            let before_first = !matches!(model, Model::Requires(_)) && asked.expected.is_none();
            let same = asked.token.is_some_and(|token| model == Model::Requires(token));
            let authorised = same || before_first || asked.expected == Some(asked.token);
            prop_assert_eq!(answer.is_ok(), authorised, "{:?} of {:?}", asked, model);
            let stale = asked.timestamp.is_some() && applied >= asked.timestamp;
            if authorised && !stale {
                applied = asked.timestamp.or(applied);
                model = asked.token.map_or(Model::Open, Model::Requires);
            }
            prop_assert_eq!(answer == Ok(Initialized::Stale), authorised && stale);
            prop_assert_eq!(observed(&controller), model, "{:?}", asked);
        }
    }

    /// Whatever it presents: only the exempt routes pass.
    #[test]
    fn waiting_controller_is_closed(
        method in "GET|POST|PUT|HEAD|OPTIONS|[A-Z]{0,7}",
        target in "/health|/init|/files|/files\\?path=%2Fa&signature=x|/%zz|\\PC{0,20}",
        token in prop::option::of("\\PC{0,20}"),
        twice in any::<bool>(),
        preflight in any::<bool>(),
    ) {
        let controller = Controller::waiting(Policy::default());
        let mut lines: Vec<(&[u8], &[u8])> = Vec::new();
        if let Some(token) = &token {
            lines.extend([(&b"X-Access-Token"[..], token.as_bytes())].repeat(if twice { 2 } else { 1 }));
        }
        if preflight {
            lines.extend([(&b"Origin"[..], &b"https://x.test"[..]), (b"Access-Control-Request-Method", b"GET")]);
        }
        let head = Head::new(method.as_bytes(), target.as_bytes(), &lines);
        let path = target.split('?').next().unwrap();
        let exempt = [("GET", "/health"), ("POST", "/init")].contains(&(method.as_str(), path));
        let other = Head::new(b"GET", b"/another", &lines);
        for (head, exempt) in [(head, exempt), (head.beside(&other), false)] {
            match controller.guard(&head, NOW) {
                Ok(Some(Allowed::Exempt)) => prop_assert!(exempt),
                Err(denied) => {
                    prop_assert!(!exempt);
                    prop_assert_eq!((denied.gate(), denied.code(), denied.status()), (Gate::Route, Code::NotInitialized, 401));
                    let mut body = String::new();
                    denied.write_json(&mut body).unwrap();
                    prop_assert_eq!(body, r#"{"code":401,"message":"envd not initialized"}"#);
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }

    /// What wakes a sandbox would be let through by the sandbox's own rules, and carries a credential where one is asked for.
    #[test]
    fn what_wakes_would_pass(
        port in prop_oneof![Just(49983_u16), Just(8080)],
        restricted in any::<bool>(),
        access in prop::option::of(prop_oneof![Just("a"), Just("b"), Just("")]),
        traffic in prop::option::of(prop_oneof![Just("t"), Just("a"), Just("")]),
        method in "GET|POST|HEAD|PUT",
        target in "/health|/init|/metrics|/files|/files\\?path=%2Fa|/%zz|/files\\?path=a&path=b",
    ) {
        let stored = TrafficToken::try_from("t").unwrap();
        let controller = Controller::new(&[AccessToken::try_from("a").unwrap()], Policy::default()).unwrap();
        let header = |value: Option<&'static str>| value.map_or(Header::Absent, |value| Header::Once(value.as_bytes()));
        let request = Request::new(method.as_bytes(), target.as_bytes());
        let request = request.access_token(header(access)).traffic_token(header(traffic));
        let route = Route::new("abc".parse().unwrap(), port.try_into().unwrap());
        let state = if restricted { SandboxState::restricted() } else { SandboxState::public() }.traffic_token(&stored);
        let edge = Edge::default();
        let wakes = wake::check(&edge, &controller, &route, state, &request, NOW).is_ok();
        let passes = edge.check(&route, state, &request, NOW).is_ok();
        let expected = match port {
            49983 => passes && access == Some("a"),
            _ => passes && (!restricted || traffic == Some("t")),
        };
        prop_assert_eq!(wakes, expected);
    }

    #[test]
    fn a_long_id_is_cut_at_its_first_dash(id in "[a-z0-9A-Z_-]{0,8}|[a-z0-9]{1,70}-\\PC{0,8}") {
        let short = id.split('-').next().unwrap();
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let right = (1..=63).contains(&short.len()) && short.bytes().all(allowed);
        let answer = SandboxId::shorten(id.as_bytes());
        prop_assert_eq!(answer.as_ref().map(SandboxId::as_str), if right { Ok(short) } else { Err(&Misuse::LongSandboxId) });
    }

    /// No body is a way in: without the host's word, no token replaces another, and what cannot be read changes nothing.
    #[test]
    fn no_body_replaces_a_token_that_the_host_did_not_publish(body in prop::collection::vec(any::<u8>(), 0..200), near in "[{}\":,a\\\\ ]{0,12}") {
        let mut controller = Controller::new(&[AccessToken::try_from("a").unwrap()], Policy::default()).unwrap();
        let hash = hex::encode(Sha512::digest("another"));
        let near = format!("{{\"accessToken\":\"b{near}\"}}");
        for body in [&body[..], near.as_bytes()] {
            for expected in ["", &hash] {
                prop_assert!(controller.initialize(body, expected.as_bytes()).is_err());
            }
        }
        prop_assert_eq!(observed(&controller), Model::Requires(0));
    }
}

#[test]
fn a_token_ends_the_wait() {
    let mut controller = Controller::waiting(Policy::default());
    controller.add(&AccessToken::try_from("a").unwrap()).unwrap();
    assert_eq!((observed(&controller), controller.is_waiting()), (Model::Requires(0), false));
    let mut still = Controller::waiting(Policy::V2_ALONE);
    still.add(&AccessToken::try_from("a").unwrap()).unwrap_err();
    assert!(still.is_waiting());
    let token = br#"{"accessToken":"a"}"#;
    assert_eq!(still.initialize(token, b"").unwrap_err().code(), Code::Malformed);
    assert!(still.is_waiting());
}

/// Nobody knows the token of a controller that waits, not even the party that decides about waking.
#[test]
fn waiting_controller_wakes_for_nobody_at_its_own_port() {
    let controller = Controller::waiting(Policy::default());
    let check = |host: &[u8], request: Request<'_>| {
        let route = Route::parse(Header::Once(host), Header::Absent, Header::Absent).unwrap();
        wake::check(&Edge::default(), &controller, &route, SandboxState::public(), &request, NOW)
    };
    for target in [&b"/health"[..], b"/metrics", b"/files"] {
        let request = Request::new(b"GET", target).access_token(Header::Once(b"a"));
        let denied = check(b"49983-abc.e2b.app", request).unwrap_err();
        assert_eq!((denied.gate(), denied.code(), denied.status()), (Gate::Wake, Code::NotInitialized, 403));
        assert!(check(b"8080-abc.e2b.app", request).is_ok());
    }
}

/// Threads check while another one replaces the controller: each sees the old or the new one, never a state in between.
#[test]
fn controller_is_replaced_as_a_whole() {
    use std::sync::RwLock;
    use std::sync::atomic::{AtomicBool, Ordering};

    let controller = RwLock::new(Controller::new(&[AccessToken::try_from("a").unwrap()], Policy::default()).unwrap());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watchers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = [false; 2];
                    while !done.load(Ordering::Relaxed) || seen != [true; 2] {
                        match observed(&controller.read().unwrap()) {
                            Model::Requires(token @ (0 | 1)) => seen[token] = true,
                            other => panic!("{other:?}"),
                        }
                    }
                })
            })
            .collect();
        for round in 1..200 {
            let token = TOKENS[round % 2];
            let (body, hash) = (format!(r#"{{"accessToken":"{token}"}}"#), hex::encode(Sha512::digest(token)));
            let outcome = controller.write().unwrap().initialize(body.as_bytes(), hash.as_bytes());
            assert_eq!(outcome, Ok(Initialized::Replaced));
            std::thread::yield_now();
        }
        done.store(true, Ordering::Relaxed);
        // The last token stays, so that one more exchange lets every watcher see both.
        while watchers.iter().any(|watcher| !watcher.is_finished()) {
            for token in [0, 1] {
                let next =
                    Controller::new(&[AccessToken::try_from(TOKENS[token]).unwrap()], Policy::default()).unwrap();
                *controller.write().unwrap() = next;
                std::thread::yield_now();
            }
        }
    });
}
