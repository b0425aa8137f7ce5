//! The life of a credential: waiting controllers, waking, short ids, webhooks.

use super::Sink;
use core::fmt::Write;
use sandgate::{
    Controller, Edge, Header, Policy, Port, Request, Route, SandboxId, SandboxState, UnixSeconds, wake, webhook,
    write_refusal,
};

pub(super) fn run(data: &[u8], now: UnixSeconds, sink: &mut Sink) -> Option<()> {
    let (body, hash) = data.split_at_checked(data.len() / 2)?;
    let mut controller = Controller::waiting(Policy::default());
    for (body, hash) in [(data, &b""[..]), (body, hash), (data, data)] {
        match controller.initialize(body, hash) {
            Ok(outcome) => drop(sink.write_str(outcome.as_str())),
            Err(denied) => drop(denied.write_json(sink)),
        }
    }
    sink.0 ^= controller.is_waiting() as u32;

    let headers = webhook::Headers::read([(&b"e2b-signature"[..], data), (body, hash)]);
    if let Ok(mut verifier) = webhook::Verifier::new(body) {
        let _ = verifier.add(hash);
        let answer = verifier.start(&headers).and_then(|mut verification| {
            verification.update(data);
            verification.finish()
        });
        sink.0 ^= (answer.is_ok() || verifier.verify(&headers, hash).is_ok()) as u32;
        sink.0 ^= webhook::sign(hash, data).is_ok() as u32;
    }

    let route = Route::new(SandboxId::shorten(data).ok()?, Port::CONTROLLER);
    let request = Request::new(data, data).access_token(Header::Once(data));
    let state = SandboxState::restricted();
    if let Err(denied) = wake::check(&Edge::default(), &controller, &route, state, &request, now) {
        let _ = write_refusal(sink, denied, Some(route.sandbox_id()), data);
    }
    Some(())
}
