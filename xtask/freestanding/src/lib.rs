//! Core without an operating system: all its functions, reachable from one C function, so that the linker keeps them and
//! `nm` shows whether a path that panics is left.

#![no_std]

mod explain;
mod life;
mod v2;

use core::fmt::Write;
use sandgate::v1::{FileUrl, FileUrlKey, Keyring};
use sandgate::{
    AccessToken, Controller, Edge, Head, Header, Operation, Policy, Port, Request, Route, SandboxId, SandboxState,
    TrafficToken, UnixSeconds, compare, creation, fingerprint, forward, unknown_sandbox, write_refusal, write_to_slice,
};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// A writer that folds its input, so that nothing is optimised away.
struct Sink(u32);

impl Write for Sink {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.0 = text.bytes().fold(self.0, |sum, byte| sum.rotate_left(5) ^ u32::from(byte));
        Ok(())
    }
}

/// Passes `data` to every function of the crate.
///
/// # Safety
/// `data` has `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe(data: *const u8, len: usize, now: i64) -> u32 {
    // SAFETY: the caller's contract.
    let data = unsafe { core::slice::from_raw_parts(data, len) };
    let mut sink = Sink(0);
    run(data, UnixSeconds::new(now), &mut sink);
    v2::run(data, UnixSeconds::new(now), &mut sink);
    life::run(data, UnixSeconds::new(now), &mut sink);
    explain::run(data, UnixSeconds::new(now), &mut sink);
    explain::traffic(data, UnixSeconds::new(now), &mut sink);
    explain::webhook(data, &mut sink);
    #[cfg(feature = "planted")]
    {
        sink.0 ^= u32::from(data[now as usize]);
    }
    sink.0
}

fn run(data: &[u8], now: UnixSeconds, sink: &mut Sink) -> Option<()> {
    let _ = sink.write_str(fingerprint(data).as_str());
    sink.0 ^= u32::from(compare::equal(data, b"x"));

    if let Ok(route) = Route::parse(Header::Once(data), Header::Once(data), Header::Once(data)) {
        sink.0 ^= u32::from(route.port().get());
    }
    let text = core::str::from_utf8(data).unwrap_or("8080");
    sink.0 ^= u32::from(text.parse::<Port>().map_or(0, Port::get));
    sink.0 ^= text.parse::<Operation>().is_ok() as u32;
    let options = creation::Options { envd_version: Some(text), restricted_by_default: true, ..Default::default() };
    match creation::decide(&options) {
        Ok(credentials) => sink.0 ^= u32::from(credentials.traffic_token),
        Err(refused) => drop(refused.write_json(sink)),
    }

    let id = SandboxId::try_from(data).ok()?;
    let mut keyring = Keyring::new(data).ok()?;
    keyring.add(data).ok()?;
    let (access, traffic) = (keyring.access_token(&id), keyring.traffic_token(&id));
    let _ = sink.write_str(access.expose());
    if let Err(denied) = keyring.verify_access_token(&id, data).and(keyring.verify_traffic_token(&id, data)) {
        let _ = denied.write_json(sink);
    }

    let key = FileUrlKey::new(&access).ok()?;
    let url = FileUrl::download(data).user(data).expires(now);
    let _ = sink.write_str(key.sign(&url).as_str());
    let _ = key.write_url(sink, "https://49983-abc.example.com", &url);
    let mut buffer = [0; 512];
    if let Ok(text) = key.write_url_to_slice(&mut buffer, text, &url) {
        let _ = Sink(0).write_str(text);
    }
    sink.0 ^= key.verify(&url, data, now).is_ok() as u32;
    if let Ok(grant) = key.verify_query(Operation::Write, data, now) {
        grant.path().bytes().chain(grant.user().unwrap_or_default().bytes()).for_each(|byte| sink.0 ^= u32::from(byte));
        let _ = grant.path().copy_to(&mut buffer);
    }

    let request = Request::new(data, data).access_token(Header::Once(data)).traffic_token(Header::Once(data));
    let controller = Controller::new(&[access.clone(), AccessToken::try_from(data).ok()?], Policy::default()).ok()?;
    match controller.check(&request, now) {
        Ok(allowed) => sink.0 ^= u32::from(allowed.grant().is_some()),
        Err(denied) => drop(write_to_slice(&mut buffer, |out| denied.write_json(out))),
    }

    let (lines, other) = ([(data, data), (data, &b"x"[..])], [(&b"host"[..], data)]);
    let (head, other) = (Head::new(data, data, &lines), Head::new(data, data, &other));
    let head = head.joined().body().beside(&other);
    sink.0 ^= controller.guard(&head, now).is_ok_and(|allowed| allowed.is_none()) as u32;
    let edge = Edge::default();
    if let Ok(route) = edge.route(&head) {
        let passed = edge.guard(&route, SandboxState::public(), &head, now);
        let _ = sink.write_str(passed.map_or("", |passed| passed.basis()));
    }
    let _ = unknown_sandbox::write_json(sink, &id);
    let mut sum = 0_u8;
    sink.0 ^= forward::header(data, data, |piece| piece.iter().for_each(|byte| sum ^= byte)) as u32;
    forward::target(data, |piece| piece.iter().for_each(|byte| sum ^= byte));
    sink.0 ^= u32::from(sum);

    let route = Route::new(id, Port::CONTROLLER);
    let stored = TrafficToken::try_from(data).ok()?;
    let state = SandboxState::restricted().traffic_token(&stored);
    for edge in [Edge::default(), Edge::new(Policy::default()).v1_keyring(keyring)] {
        if let Err(denied) = edge.check(&route, state, &request, now) {
            let _ = write_refusal(sink, denied, Some(&id), data);
        }
    }
    sink.0 ^= (traffic == stored) as u32;
    Some(())
}
