//! Request targets as each SDK writes them.

use crate::{EXPIRES, NOW, TOKEN};
use sandgate::{AccessToken, Controller, Policy, Request, UnixSeconds, v1};

/// A path of 42 bytes, like [`crate::PATH`], but with bytes that every SDK escapes.
pub const ESCAPED_PATH: &str = "/home/user/projects/q, (final)/summary.txt";
const USER: &str = "user";
/// Where the sandbox is. Its length is no part of a target.
pub const BASE: &str = "https://49983-i94gcaqbpvohfr764s5l.e2b.app";

/// The target of a signed v1 URL as Python's `urlencode` and JavaScript's `URLSearchParams` write it, and as ours.
///
/// # Panics
/// If the controller refuses one of them, or one is not of the length and the number of escapes that are to be measured.
#[must_use]
pub fn v1_targets() -> [(&'static str, String); 3] {
    let key = v1::FileUrlKey::new(&token()).expect("a token");
    let url = v1::FileUrl::download(ESCAPED_PATH.as_bytes()).user(USER.as_bytes()).expires(UnixSeconds::new(EXPIRES));
    let signature = key.sign(&url).as_str().to_owned();
    let (path, sign) = (form(ESCAPED_PATH), form(&signature));
    let mut ours = String::new();
    key.write_url(&mut ours, BASE, &url).expect("a text takes everything");
    let targets = [
        ("ours", ours.split_off(BASE.len())),
        ("Python's SDK", format!("/files?path={path}&username={USER}&signature={sign}&signature_expiration={EXPIRES}")),
        (
            "JavaScript's SDK",
            format!("/files?username={USER}&path={path}&signature={sign}&signature_expiration={EXPIRES}"),
        ),
    ];
    let controller = Controller::new(&[token()], Policy::default()).expect("a token");
    for (whose, target) in &targets {
        let request = Request::new(b"GET", target.as_bytes());
        let allowed = controller.check(&request, UnixSeconds::new(NOW)).expect(whose);
        assert_eq!(allowed.grant().expect(whose).path(), ESCAPED_PATH, "{whose}");
        let escapes = target.matches('%').count();
        assert!((150..=200).contains(&target.len()) && (8..=12).contains(&escapes), "{target}: {escapes} escapes");
    }
    targets
}

/// The controller's token.
///
/// # Panics
/// Never: the token is a constant.
#[must_use]
pub fn token() -> AccessToken {
    AccessToken::try_from(TOKEN).expect("a token")
}

/// What a form, Python's `urlencode` and JavaScript's `URLSearchParams` write for a text of ASCII.
fn form(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escaped).collect()
}
