//! Edges, passes and webhooks: a credential that is wrong in its first or in its last character.

use crate::operations::{NOW, Ours, TAG, first_and_last};
use sandgate::v2::TrafficKey;
use sandgate::webhook::{Headers, Verifier, sign};
use sandgate::{Edge, Header, Port, Request, Route, SandboxId, SandboxState, v1, v2};

pub(crate) fn run(ours: Ours<'_>, keyring1: &v1::Keyring, keyring2: &v2::Keyring) {
    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse().expect("an id");
    let port = Port::try_from(8080).expect("a port");
    let route = Route::new(id, port);
    let (stored1, stored2) = (keyring1.traffic_token(&id), keyring2.traffic_token(&id, 0));
    let passes = |edge: &Edge, state: SandboxState<'_>, text: &[u8]| {
        edge.check(&route, state, &Request::new(b"GET", b"/").traffic_token(Header::Once(text)), NOW).is_ok()
    };
    let (state, deriving) = (SandboxState::restricted(), Edge::default().v1_keyring(keyring1.clone()));
    let right = stored1.expose_bytes();
    ours("Edge::check, v1 token", first_and_last(right, right.len(), *b"01"), &mut |text| {
        passes(&deriving, state, text)
    });
    let (right, known) = (stored2.expose_bytes(), state.traffic_token(&stored2));
    ours("Edge::check, stored token", first_and_last(right, TAG, *b"AE"), &mut |text| {
        passes(&Edge::default(), known, text)
    });

    let key = TrafficKey::new(&stored2).expect("a key");
    let pass = key.issue_pass(port, NOW, None).expect("a pass");
    let deriving = Edge::default().v2_keyring(keyring2.traffic().clone());
    let classes = || first_and_last(pass.as_bytes(), TAG, *b"AE");
    ours("Edge::check, pass", classes(), &mut |text| passes(&deriving, state, text));
    ours("v2::TrafficKey::verify_pass", classes(), &mut |text| key.verify_pass(text, port, None, NOW).is_ok());
    assert!(passes(&deriving, state, pass.as_bytes()));

    let (secret, body) = (b"the secret of the webhook", b"{}");
    let (verifier, signature) = (Verifier::new(secret).expect("a verifier"), sign(secret, body).expect("a signature"));
    ours("webhook::Verifier::verify", first_and_last(signature.as_bytes(), TAG, *b"AE"), &mut |text| {
        verifier.verify(&Headers { signature: Header::Once(text), ..Headers::default() }, body).is_ok()
    });
}
