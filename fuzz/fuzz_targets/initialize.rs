//! Bodies of `POST /init` of arbitrary bytes, one after the other: core and a slow model must agree on each outcome and on the
//! state that it leaves.

#![no_main]

#[path = "../life/model.rs"]
mod model;

use libfuzzer_sys::fuzz_target;
use model::{Model, State, hash, read};
use sandgate::{Controller, Denied, Header, Policy, Request, UnixSeconds};

/// The input is split at this byte, which no UTF-8 contains.
const BETWEEN: u8 = 0xff;

fuzz_target!(|input: &[u8]| {
    let (mut controller, mut model) = (Controller::waiting(Policy::default()), Model::waiting());
    for step in input.split(|byte| *byte == BETWEEN).take(16) {
        // What the host publishes comes first.
        let (published, body) = step.split_first().unwrap_or((&b'n', &[]));
        let token = read(body).and_then(|(token, _)| token).unwrap_or_default();
        let expected = match published {
            b'n' => String::new(),
            b'e' => hash(""),
            b't' => hash(&token),
            other => hash(&token)[usize::from(*other) % 128..].to_owned(),
        };
        let answer = controller.initialize(body, expected.as_bytes());
        let answer = answer.map(|outcome| outcome.as_str()).map_err(|denied| denied.code().as_str());
        assert_eq!(answer, model.initialize(body, expected.as_bytes()), "{}", body.escape_ascii());
        assert_state(&controller, &model.state);
    }
});

fn assert_state(controller: &Controller, state: &State) {
    let check = |token: &str| {
        let request = Request::new(b"GET", b"/metrics").access_token(Header::Once(token.as_bytes()));
        controller.check(&request, UnixSeconds::new(0)).map(drop).map_err(Denied::message)
    };
    let unauthorized = "unauthorized access, please provide a valid access token or method signing if supported";
    match state {
        State::Waiting => assert_eq!(check("x"), Err("envd not initialized")),
        State::Open => assert_eq!(check("x"), Ok(())),
        State::Requires(token) => {
            assert_eq!(check(token), Ok(()));
            assert_eq!(check(&format!("{token}x")), Err(unauthorized));
        }
    }
}
