//! Wire format v2, likewise.

use crate::Sink;
use core::fmt::Write;
use sandgate::v2::{FileUrl, FileUrlKey, Keyring, TrafficKey, TrafficKeyring, TrafficRoot};
use sandgate::{
    Carrier, Carriers, Context, Controller, Edge, Grant, Header, KeyId, Operation, Policy, Port, Request, Route,
    SandboxId, SandboxState, UnixSeconds, Window, forward,
};

pub(crate) fn run(data: &[u8], now: UnixSeconds, sink: &mut Sink) -> Option<()> {
    for piece in forward::query(data).chain(forward::cookies(data)) {
        sink.0 = sink.0.wrapping_add(piece.len() as u32);
    }
    let (kid, id) = (KeyId::try_from(data.get(..1)?).ok()?, SandboxId::try_from(data).ok()?);
    let mut keyring = Keyring::new(kid, data).ok()?;
    keyring.add(kid, data).err()?;
    let root = TrafficRoot::derive(kid, data).ok()?;
    let mut edge_keyring = TrafficKeyring::new(&root).ok()?;
    edge_keyring.add(&root).err()?;
    if let Err(denied) = keyring.verify_access_token(&id, 1, data).and(edge_keyring.verify_traffic_token(&id, 1, data))
    {
        let _ = denied.write_json(sink);
    }
    let window = Window::new(data.len() as u32, 3600).ok()?;
    file_urls(data, now, FileUrlKey::new(&keyring.access_token(&id, 1)).ok()?.window(window), sink)?;
    traffic(data, now, &id, TrafficKey::new(&keyring.traffic_token(&id, 1)).ok()?.window(window), sink)?;
    gates(data, now, &keyring, sink)
}

fn file_urls(data: &[u8], now: UnixSeconds, key: FileUrlKey, sink: &mut Sink) -> Option<()> {
    let context = Context::try_from(data).ok();
    let plain = FileUrl::upload(data, now).directory(data).user(data).max_bytes(1).content_sha256([1; 32]);
    let url = context.map_or(plain, |context| plain.context(context));
    let _ = key.write_url(sink, "https://49983-abc.example.com", &url);
    let mut buffer = [0; 512];
    if let Ok(text) = key.write_url_to_slice(&mut buffer, "x", &url) {
        let _ = Sink(0).write_str(text);
    }
    if let Ok(signature) = key.sign(&url) {
        let _ = sink.write_str(signature.as_str());
    }
    sink.0 ^= key.verify(&url, data, now).is_ok() as u32;
    if let Ok(grant) = key.verify_query(Operation::Write, data, context, now) {
        look_at(&grant, sink);
    }
    Some(())
}

fn look_at(grant: &Grant<'_>, sink: &mut Sink) {
    let texts = [Some(grant.path()), grant.user(), grant.directory()];
    texts.into_iter().flatten().flat_map(|text| text.bytes()).for_each(|byte| sink.0 ^= u32::from(byte));
    sink.0 ^= grant.max_bytes().unwrap_or_default() as u32;
    sink.0 ^= grant.content_sha256().map_or(0, |[first, ..]| u32::from(first));
}

fn traffic(data: &[u8], now: UnixSeconds, id: &SandboxId, key: TrafficKey, sink: &mut Sink) -> Option<()> {
    let (port, context) = (Port::try_from(data.len() as u16).ok()?, Context::try_from(data).ok());
    if let Ok(pass) = key.issue_pass(port, now, context) {
        let _ = sink.write_str(pass.as_str());
    }
    if let Ok(host) = key.issue_signed_host(id, port, now) {
        let _ = sink.write_str(host.as_str());
    }
    let verified = key.verify_pass(data, port, context, now).and(key.verify_signed_host(data, id, port, now));
    if let Err(denied) = verified {
        let _ = denied.write_json(sink);
    }
    Some(())
}

fn gates(data: &[u8], now: UnixSeconds, keyring: &Keyring, sink: &mut Sink) -> Option<()> {
    let route = Route::parse(Header::Once(data), Header::Absent, Header::Absent).ok()?;
    let token = keyring.access_token(route.sandbox_id(), 1);
    let policy = Policy::V2_ALONE.leeway(data.len() as u32).ok()?.carriers(Carriers::of(&Carrier::ALL));
    let cookies = [data, data];
    let request = Request::new(data, data).access_token(Header::Once(data)).cookies(&cookies);
    match Controller::new(&[token], policy).ok()?.check(&request, now) {
        Ok(allowed) => allowed.grant().into_iter().for_each(|grant| look_at(grant, sink)),
        Err(denied) => drop(denied.write_json(sink)),
    }
    let edge = Edge::new(policy).v2_keyring(keyring.traffic().clone());
    let (state, header) = (SandboxState::restricted().generation(1), Header::Once(data));
    for request in [request, request.traffic_token(header)] {
        match edge.check(&route, state, &request, now) {
            Ok(passed) => sink.0 ^= passed.expires().map_or(0, |time| time.get() as u32),
            Err(denied) => drop(denied.write_json(sink)),
        }
        sink.0 ^= edge.carrier(&route, state, &request).map_or(0, |carrier| carrier as u32);
    }
    Some(())
}
