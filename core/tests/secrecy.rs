//! `Debug` of every public type shows nothing of a secret, whether the value holds one or borrows a request that has one.
#![cfg(feature = "initialize")]

use sandgate::{
    AccessToken, Context, Controller, Edge, Head, Header, HeaderLine, KeyId, Operation, Policy, Port, Request, Route,
    SandboxId, SandboxState, TrafficToken, UnixSeconds, fingerprint, v1, v2, webhook,
};

const SEED: &str = "7Qm2xVb9Lr4TzKc8Wd1NyHs5Pf3GjEu6";
const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);

/// Public types that hold and borrow no text: numbers, names and constants.
const PLAIN: [&str; 19] = [
    "BufferTooSmall",
    "BadEscape",
    "Carrier",
    "Carriers",
    "Initialized",
    "Versions",
    "SignedPart",
    "WriteUrlError",
    "Code",
    "Denied",
    "Gate",
    "Misuse",
    "Fingerprint",
    "KeyId",
    "Operation",
    "Port",
    "SandboxId",
    "UnixSeconds",
    "Window",
];

/// The names of public types in a module's `pub use`.
fn exported(source: &str) -> Vec<String> {
    let lines = source.lines().filter(|line| line.starts_with("pub use"));
    let names = lines
        .flat_map(|line| line.rsplit("::").next().into_iter().flat_map(|last| last.split([',', '{', '}', ';', ' '])));
    let is_type = |name: &&str| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
    names.filter(is_type).map(str::to_owned).collect()
}

#[test]
fn no_public_type_shows_a_secret() {
    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse().unwrap();
    let (kid, port): (KeyId, Port) = ("k".parse().unwrap(), 8080.try_into().unwrap());
    let v1 = v1::Keyring::new(SEED.as_bytes()).unwrap();
    let v2 = v2::Keyring::new(kid, SEED.as_bytes()).unwrap();
    let (token, other) = (v1.access_token(&id), v2.access_token(&id, 0));
    let stored = v2.traffic_token(&id, 0);
    let root = v2::TrafficRoot::derive(kid, SEED.as_bytes()).unwrap();
    let (v1_url, v2_url) = (v1::FileUrlKey::new(&token).unwrap(), v2::FileUrlKey::new(&other).unwrap());
    let traffic_key = v2::TrafficKey::new(&stored).unwrap();
    let end = UnixSeconds::new(1_800_000_060);
    let v1_signature = v1_url.sign(&v1::FileUrl::download(b"/a"));
    let v2_signature = v2_url.sign(&v2::FileUrl::download(b"/a", end)).unwrap();
    let (pass, host) =
        (traffic_key.issue_pass(port, end, None).unwrap(), traffic_key.issue_signed_host(&id, port, end).unwrap());
    let controller = Controller::new(std::slice::from_ref(&token), Policy::default()).unwrap();
    let edge = Edge::new(Policy::default()).v1_keyring(v1.clone()).v2_keyring(v2.traffic().clone());

    let target = format!("/files?path=/a&signature={}", v1_signature.as_str().replace('+', "%2B"));
    let by_signature = Request::new(b"GET", target.as_bytes());
    let request = by_signature
        .access_token(Header::Once(token.expose_bytes()))
        .traffic_token(Header::Once(stored.expose_bytes()));
    let lines: [HeaderLine<'_>; 1] = [(b"X-Access-Token", other.expose_bytes())];
    let head = Head::new(b"GET", target.as_bytes(), &lines);
    let name = format!("{}.sandbox.example.com", host.as_str());
    let route = Route::parse(Header::Once(name.as_bytes()), Header::Absent, Header::Absent).unwrap();
    let allowed = controller.check(&by_signature, NOW).unwrap();
    let passed = edge.check(
        &Route::new(id, port),
        SandboxState::restricted(),
        &Request::new(b"GET", b"/").traffic_token(Header::Once(stored.expose_bytes())),
        NOW,
    );
    let context = Context::try_from(token.expose()).unwrap();
    let state = SandboxState::restricted().traffic_token(&stored);
    let verifier = webhook::Verifier::new(SEED.as_bytes()).unwrap();
    let webhook_signature = webhook::sign(SEED.as_bytes(), b"body").unwrap();
    let webhook_headers = webhook::Headers {
        signature: Header::Once(webhook_signature.as_bytes()),
        version: Header::Once(SEED.as_bytes()),
    };
    let right = webhook::Headers { version: Header::Absent, ..webhook_headers };
    let mut verification = verifier.start(&right).unwrap();
    verification.update(b"body");
    assert!(verification.finish().is_ok());

    macro_rules! shown {
        ($($name:literal: $value:expr),* $(,)?) => { [$(($name, format!("{0:?} {0:#?}", $value))),*] };
    }
    let shown = shown! {
        "Keyring": v1, "Keyring": v2, "TrafficKeyring": v2.traffic(), "AccessToken": token, "AccessToken": other,
        "TrafficToken": stored, "TrafficRoot": root, "FileUrlKey": v1_url, "FileUrlKey": v2_url, "TrafficKey": traffic_key,
        "Signature": v1_signature, "Signature": v2_signature, "Pass": pass, "SignedHost": host, "Controller": controller,
        "Edge": edge, "Policy": Policy::default(), "Request": request, "Header": Header::Once(token.expose_bytes()),
        "Head": head, "Route": route, "Allowed": allowed, "Passed": passed, "Grant": allowed.grant(),
        "Decoded": allowed.grant().unwrap().path(), "Context": context, "SandboxState": state,
        "FileUrl": v1::FileUrl::download(b"/a"), "FileUrl": v2::FileUrl::download(b"/a", end).context(context),
        "Verifier": verifier, "Verification": verification, "Headers": webhook_headers, "Signature": webhook_signature,
        "Fingerprint": fingerprint(token.expose_bytes()), "Operation": Operation::Read,
    };
    let secrets = [
        SEED,
        token.expose(),
        other.expose(),
        stored.expose(),
        root.expose(),
        v1_signature.as_str(),
        v2_signature.as_str(),
        webhook_signature.as_str(),
        pass.as_str().rsplit('.').next().unwrap(),
    ];
    for (name, text) in &shown {
        for secret in secrets {
            let parts = secret.as_bytes().windows(8).map(|run| std::str::from_utf8(run).unwrap());
            assert_eq!(parts.filter(|run| text.contains(run)).collect::<Vec<_>>(), [""; 0], "{name}: {text}");
        }
    }
    let sources = [
        include_str!("../src/lib.rs"),
        include_str!("../src/v1/mod.rs"),
        include_str!("../src/v2/mod.rs"),
        include_str!("../src/webhook/mod.rs"),
    ];
    let exported: Vec<_> = sources.iter().flat_map(|source| exported(source)).collect();
    assert!(exported.len() >= 40);
    let is_known = |name: &String| {
        PLAIN.contains(&name.as_str()) || name == "HeaderLine" || shown.iter().any(|(known, _)| known == name)
    };
    assert_eq!(exported.iter().filter(|name| !is_known(name)).collect::<Vec<_>>(), [""; 0]);
    println!("secrecy: {} public types, {} secrets: none is shown", exported.len(), secrets.len());
}

#[test]
fn words_of_a_token_are_not_shown_by_its_kind_of_error() {
    for text in ["sg2a.k.short", "sg2t.k.short", "\u{e9}"] {
        let said = format!("{:?} {:?}", AccessToken::try_from(text), TrafficToken::try_from(text));
        assert!(!said.contains("short"), "{said}");
    }
}
