//! Guarantees to every caller: threads, redaction, messages that are valid JSON, the std conversions.

use sandgate::v1::{FileUrl, FileUrlKey, Keyring, Signature};
use sandgate::{
    AccessToken, Allowed, BufferTooSmall, Code, Controller, Denied, Edge, Fingerprint, Gate, Grant, Misuse, Operation,
    Policy, Route, SandboxId, TrafficToken, UnixSeconds, Window, WriteUrlError, v2, webhook,
};

const fn shared<T: Send + Sync + Unpin + 'static>() {}
const fn an_error<T: core::error::Error + Send + Sync + 'static>() {}

const _: () = {
    shared::<AccessToken>();
    shared::<TrafficToken>();
    shared::<Keyring>();
    shared::<FileUrlKey>();
    shared::<Signature>();
    shared::<Controller>();
    shared::<Edge>();
    shared::<Route>();
    shared::<Allowed<'static>>();
    shared::<Grant<'static>>();
    shared::<SandboxId>();
    shared::<Fingerprint>();
    shared::<v2::Keyring>();
    shared::<v2::TrafficKeyring>();
    shared::<v2::TrafficRoot>();
    shared::<v2::FileUrlKey>();
    shared::<v2::TrafficKey>();
    shared::<v2::Pass>();
    shared::<v2::SignedHost>();
    shared::<Policy>();
    shared::<Window>();
    shared::<webhook::Verifier>();
    shared::<webhook::Verification>();
    shared::<webhook::Signature>();
    an_error::<Denied>();
    an_error::<Misuse>();
    an_error::<WriteUrlError>();
    an_error::<BufferTooSmall>();
    an_error::<sandgate::BadEscape>();
    an_error::<sandgate::creation::Refused>();
};

#[test]
fn no_secret_is_shown() {
    let secret = "0123456789abcdef-secret";
    let token = AccessToken::try_from(secret).unwrap();
    let key = FileUrlKey::new(&token).unwrap();
    let header = sandgate::Header::Once(secret.as_bytes());
    let target = format!("/files?signature={secret}");
    let request = sandgate::Request::new(b"GET", target.as_bytes()).access_token(header).traffic_token(header);
    let traffic = TrafficToken::try_from(secret).unwrap();
    let keyring = Keyring::new(secret.as_bytes()).unwrap();
    let signature = key.sign(&FileUrl::download(b"/a"));
    let shown = format!(
        "{token:?} {traffic:?} {key:?} {keyring:?} {:?} {:?} {request:?} {signature:?} {:?}",
        Controller::new(core::slice::from_ref(&token), Policy::default()).unwrap(),
        Edge::new(Policy::default()).v1_keyring(keyring.clone()),
        sandgate::SandboxState::restricted().traffic_token(&traffic),
    );
    assert!(!shown.contains("secret") && !shown.contains(&signature.as_str()[3..]), "{shown}");
    // Nor as a list of numbers.
    assert!(!shown.contains("48, 49, 50"), "{shown}");
}

#[test]
fn no_secret_of_v2_is_shown() {
    let (kid, id, end) = ("k".parse().unwrap(), "abc".parse().unwrap(), UnixSeconds::new(1_800_000_000));
    let keyring = v2::Keyring::new(kid, &[7; 32]).unwrap();
    let root = v2::TrafficRoot::derive(kid, &[7; 32]).unwrap();
    let (access, traffic) = (keyring.access_token(&id, 0), keyring.traffic_token(&id, 0));
    let (file_key, traffic_key) = (v2::FileUrlKey::new(&access).unwrap(), v2::TrafficKey::new(&traffic).unwrap());
    let context = sandgate::Context::try_from("session-secret").unwrap();
    let url = v2::FileUrl::download(b"/a", end).context(context);
    let port = sandgate::Port::try_from(80).unwrap();
    let (signature, pass) = (file_key.sign(&url).unwrap(), traffic_key.issue_pass(port, end, None).unwrap());
    let host = traffic_key.issue_signed_host(&id, port, end).unwrap();
    let name = format!("{host}.example.com");
    let absent = sandgate::Header::Absent;
    let route = Route::parse(sandgate::Header::Once(name.as_bytes()), absent, absent).unwrap();
    let cookies: [&[u8]; 1] = [b"__Host-sandgate-traffic=secret"];
    let request = sandgate::Request::new(b"GET", b"/?sandgate_traffic=secret").cookies(&cookies).context(context);
    let shown = format!(
        "{keyring:?} {root:?} {access:?} {traffic:?} {file_key:?} {traffic_key:?} {signature:?} {pass:?} {host:?} {url:?}
         {route:?} {:?} {request:?} {:?} {:?} {:?}",
        route.signed_part(),
        keyring.traffic(),
        Controller::new(core::slice::from_ref(&access), Policy::V2_ALONE).unwrap(),
        Edge::new(Policy::V2_ALONE).v2_keyring(keyring.traffic().clone()),
    );
    let secrets =
        [root.expose(), access.expose(), traffic.expose(), signature.as_str(), pass.as_str()].map(|text| &text[7..]);
    for secret in secrets.into_iter().chain(["secret", &host.as_str()[7..], "115, 101, 99"]) {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn public_values_are_shown() {
    let id: SandboxId = "abc".parse().unwrap();
    assert_eq!(format!("{id} {id:?}"), "abc SandboxId(abc)");
    let route = Route::new(id, sandgate::Port::CONTROLLER);
    assert_eq!(route.to_string(), "49983-abc");
    assert_eq!(format!("{} {}", Gate::FileSignature, Code::OutOfScope), "file_signature out_of_scope");
    assert_eq!(sandgate::Operation::Write.to_string(), "write");
    assert_eq!(UnixSeconds::new(-5).to_string(), "-5");
}

#[test]
fn every_message_is_plain_json_and_every_status_a_refusal() {
    let gates = [Gate::Route, Gate::FileToken, Gate::FileSignature, Gate::Traffic, Gate::Host, Gate::InternalRoute];
    let codes = [Code::Missing, Code::Malformed, Code::Invalid, Code::Expired, Code::LifetimeTooLong, Code::OutOfScope];
    for gate in gates {
        for code in codes {
            let denied = Denied::new(gate, code);
            let mut body = String::new();
            denied.write_json(&mut body).unwrap();
            let read: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!(read, serde_json::json!({ "code": denied.status(), "message": denied.message() }));
            assert_eq!(denied.to_string(), denied.message());
            assert!(matches!(denied.status(), 400 | 401 | 403 | 404), "{denied:?}");
            assert_eq!(denied.message_c().to_str(), Ok(denied.message()));
        }
    }
}

#[test]
fn write_url_refuses_bad_bases_and_short_buffers() {
    let key = FileUrlKey::new(&AccessToken::try_from("token").unwrap()).unwrap();
    let url = FileUrl::download(b"/a");
    for base in [
        "",
        "/",
        "http://a/?b",
        "http://a/#b",
        "http://a b",
        "http://a\n",
        "http://a\0",
        "\x7f",
        "https://a\u{85}b",
        "https://a\u{80}",
        "\u{9f}",
    ] {
        assert_eq!(key.write_url(&mut String::new(), base, &url), Err(WriteUrlError::Base), "{base}");
    }
    let mut text = String::new();
    key.write_url(&mut text, "http://a//", &url).unwrap();
    assert!(text.starts_with("http://a//files?path="), "one slash is dropped, no more: {text}");

    let escaped = FileUrl::upload("/äöü äöü".as_bytes()).user(b"a b").expires(UnixSeconds::new(i64::MIN));
    text.clear();
    key.write_url(&mut text, "http://a", &escaped).unwrap();
    let needed = text.len();
    for size in 0..2 * needed {
        let mut out = vec![b'.'; size];
        let written = key.write_url_to_slice(&mut out, "http://a", &escaped);
        if size < needed {
            assert_eq!(written, Err(WriteUrlError::BufferTooSmall(BufferTooSmall { needed })), "{size} bytes");
            assert_eq!(out, vec![b'.'; size]);
        } else {
            assert_eq!(written, Ok(&*text), "{size} bytes");
        }
    }

    struct Full;
    impl core::fmt::Write for Full {
        fn write_str(&mut self, _: &str) -> core::fmt::Result {
            Err(core::fmt::Error)
        }
    }
    assert_eq!(key.write_url(&mut Full, "http://a", &url), Err(WriteUrlError::Output));
}

#[cfg(feature = "std")]
#[test]
fn system_time_is_floored() {
    use std::time::{Duration, UNIX_EPOCH};
    let seconds = |time| UnixSeconds::try_from(time).map(UnixSeconds::get);
    assert_eq!(seconds(UNIX_EPOCH), Ok(0));
    assert_eq!(seconds(UNIX_EPOCH + Duration::from_millis(1999)), Ok(1));
    assert_eq!(seconds(UNIX_EPOCH - Duration::from_millis(1)), Ok(-1));
    assert_eq!(seconds(UNIX_EPOCH - Duration::from_millis(1000)), Ok(-1));
    assert_eq!(seconds(UNIX_EPOCH - Duration::from_millis(1001)), Ok(-2));
    // The latest time that a system's clock can represent, if it can represent it.
    let ends = [
        UNIX_EPOCH.checked_sub(Duration::from_secs(1 << 63)),
        UNIX_EPOCH.checked_add(Duration::from_secs(i64::MAX as u64)),
    ];
    for (time, seconds) in ends.into_iter().zip([i64::MIN, i64::MAX]) {
        assert!(time.is_none_or(|time| UnixSeconds::try_from(time) == Ok(UnixSeconds::new(seconds))));
    }
    if let Some(time) =
        UNIX_EPOCH.checked_sub(Duration::new(1 << 63, 0)).and_then(|time| time.checked_sub(Duration::from_nanos(1)))
    {
        assert_eq!(UnixSeconds::try_from(time), Err(sandgate::Misuse::Time));
    }
}

#[test]
fn with_token_passes_the_token_itself() -> Result<(), Misuse> {
    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse()?;
    let v1 = Keyring::new(b"a seed of at least 16 bytes")?;
    assert_eq!(v1.with_access_token(&id, |token| token.to_vec()), v1.access_token(&id).expose_bytes());
    assert_eq!(v1.with_traffic_token(&id, |token| token.to_vec()), v1.traffic_token(&id).expose_bytes());

    let v2 = v2::Keyring::new("a".parse()?, b"a seed of at least 32 bytes, kept secret")?;
    for generation in [0, 1] {
        let (access, traffic) = (v2.access_token(&id, generation), v2.traffic_token(&id, generation));
        assert_eq!(v2.with_access_token(&id, generation, |token| token.to_vec()), access.expose_bytes());
        assert_eq!(v2.with_traffic_token(&id, generation, |token| token.to_vec()), traffic.expose_bytes());
        assert_eq!(v2.traffic().with_traffic_token(&id, generation, |token| token.to_vec()), traffic.expose_bytes());
    }
    Ok(())
}

#[test]
fn lists_have_each_once_in_the_order_of_declaration() {
    assert_eq!(Operation::ALL.map(Operation::as_str), ["read", "write"]);
    let gates =
        ["route", "file_token", "file_signature", "traffic", "host", "internal_route", "init", "wake", "webhook"];
    assert_eq!(Gate::ALL.map(Gate::as_str), gates);
    let codes = ["missing", "malformed", "invalid", "expired", "lifetime_too_long", "out_of_scope", "not_initialized"];
    assert_eq!(Code::ALL.map(Code::as_str), codes);
}
