//! Comparison, controllers and edges.

use crate::presented::{BASE64, HEX, Pair, all, hidden};
use crate::report::{decides, derives};
use crate::{v1, v2};
use sandgate::v2::TrafficKey;
use sandgate::{
    AccessToken, Controller, Edge, Header, Initialized, Policy, Port, Request, Route, SandboxId, SandboxState,
    TrafficToken, UnixSeconds, compare,
};

const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);

pub(crate) fn run() {
    let id = v1::id();
    let access = sandgate::v1::Keyring::new(b"a seed of at least 16 bytes").unwrap().access_token(&id);
    for (which, presented, right) in all(access.expose_bytes(), v1::SECRET, HEX) {
        let (held, presented) = (hidden(access.expose_bytes(), v1::SECRET), hidden(&presented, v1::SECRET));
        decides(&format!("compare::equal, {which}"), right, || compare::equal(&held, &presented));
        // A length that is no multiple of a word.
        decides(&format!("compare::equal, 61 bytes, {which}"), right, || {
            compare::equal(&held[3..], &presented[3..]) && right
        });
        let [held, presented] = [held, presented].map(|text| AccessToken::try_from(&text[..]).unwrap());
        decides(&format!("AccessToken ==, {which}"), right, || held == presented);
    }
    controllers("v1", access.expose_bytes(), v1::SECRET, HEX, Policy::default());
    let access = v2::known().access_token(&id, 1);
    controllers("v2", access.expose_bytes(), v2::SECRET, BASE64, Policy::V2_ALONE);
    edges(&id);
}

fn controllers(version: &str, token: &[u8], secret: usize, pair: Pair, policy: Policy) {
    let controller = derives(&format!("Controller::new, {version}"), || {
        Controller::new(&[AccessToken::try_from(&hidden(token, secret)[..]).unwrap()], policy).unwrap()
    });
    for (which, presented, right) in all(token, secret, pair) {
        let request = Request::new(b"POST", b"/filesystem.Filesystem/ListDir");
        let name = format!("Controller::check, {version} token, {which}");
        let check = |text: &[u8]| controller.check(&request.access_token(Header::Once(text)), NOW).is_ok();
        decides(&name, right, || check(&presented));
        let text = hidden(&presented, secret);
        decides(&format!("{name}, secret"), right, || check(&text));
    }
    initialize(version, token, secret, pair, policy);
}

/// A body is presented, so that its bytes are public. The token that the controller holds is not, nor is the published hash.
fn initialize(version: &str, token: &[u8], secret: usize, pair: Pair, policy: Policy) {
    let body = |text: &[u8]| [br#"{"accessToken":""#, text, br#""}"#].concat();
    let holding = || Controller::new(&[AccessToken::try_from(&hidden(token, secret)[..]).unwrap()], policy).unwrap();
    for (which, presented, right) in all(token, secret, pair) {
        let mut controller = holding();
        decides(&format!("Controller::initialize, {version} token, {which}"), right, || {
            controller.initialize(&body(&presented), b"") == Ok(Initialized::Kept)
        });
    }
    let next = all(token, secret, pair)[1].1.clone();
    let hash = crate::presented::sha512(&next);
    for (which, published, right) in all(&hash, hash.len(), HEX) {
        let mut controller = holding();
        let published = hidden(&published, hash.len());
        decides(&format!("Controller::initialize, {version} hash, {which}"), right, || {
            controller.initialize(&body(&next), &published) == Ok(Initialized::Replaced)
        });
    }
}

fn edges(id: &SandboxId) {
    let port = Port::try_from(8080).unwrap();
    let host = format!("8080-{id}.example.com");
    let route = Route::parse(Header::Once(host.as_bytes()), Header::Absent, Header::Absent).unwrap();
    let v1_token = sandgate::v1::Keyring::new(b"a seed of at least 16 bytes").unwrap().traffic_token(id);
    let v2_token = v2::known().traffic_token(id, 1);
    let pass = TrafficKey::new(&v2_token).unwrap().issue_pass(port, NOW, None).unwrap();
    let deriving = Edge::default().v1_keyring(v1::hidden_keyring());
    let texts = [
        ("v1 token", v1_token.expose_bytes(), (v1_token.expose_bytes(), v1::SECRET), HEX),
        ("v2 token", v2_token.expose_bytes(), (v2_token.expose_bytes(), v2::SECRET), BASE64),
        ("pass", pass.as_bytes(), (v2_token.expose_bytes(), v2::SECRET), BASE64),
    ];
    for (kind, text, (stored, secret), pair) in texts {
        let stored = TrafficToken::try_from(&hidden(stored, secret)[..]).unwrap();
        let state = SandboxState::restricted().generation(1).traffic_token(&stored);
        for (which, presented, right) in all(text, secret, pair) {
            let name = format!("Edge::check, stored, {kind}, {which}");
            let check = |edge: &Edge, state, text: &[u8]| {
                let request = Request::new(b"GET", b"/").traffic_token(Header::Once(text));
                edge.check(&route, state, &request, NOW).is_ok()
            };
            decides(&name, right, || check(&Edge::default(), state, &presented));
            let text = hidden(&presented, secret);
            decides(&format!("{name}, secret"), right, || check(&Edge::default(), state, &text));
            if kind == "v1 token" {
                let name = format!("Edge::check, derived, {kind}, {which}");
                decides(&name, right, || check(&deriving, SandboxState::restricted(), &presented));
            }
        }
    }
}
