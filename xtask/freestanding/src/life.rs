//! A controller that is initialised, and a sandbox that is woken.

use crate::Sink;
use core::fmt::Write;
use sandgate::{Controller, Edge, Header, Policy, Port, Request, Route, SandboxId, SandboxState, UnixSeconds, wake};

pub(crate) fn run(data: &[u8], now: UnixSeconds, sink: &mut Sink) {
    for mut controller in
        [Controller::waiting(Policy::default()), Controller::waiting(Policy::V2_ALONE), Controller::open()]
    {
        sink.0 ^= u32::from(controller.is_waiting());
        match controller.initialize(data, data) {
            Ok(outcome) => drop(sink.write_str(outcome.as_str())),
            Err(denied) => drop(denied.write_json(sink)),
        }
        wakes(&controller, data, now, sink);
    }
}

fn wakes(controller: &Controller, data: &[u8], now: UnixSeconds, sink: &mut Sink) {
    let id = match SandboxId::shorten(data) {
        Ok(id) => id,
        Err(misuse) => {
            let _ = sink.write_str(misuse.message());
            return;
        }
    };
    let route = Route::new(id, Port::CONTROLLER);
    let request = Request::new(data, data).access_token(Header::Once(data)).traffic_token(Header::Once(data));
    for state in [SandboxState::public(), SandboxState::restricted()] {
        if let Err(denied) = wake::check(&Edge::default(), controller, &route, state, &request, now) {
            let _ = denied.write_json(sink);
        }
    }
}
