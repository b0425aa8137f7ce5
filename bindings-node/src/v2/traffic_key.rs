//! Traffic passes and signed hosts.

use crate::arguments::{Long, Short, context, maybe_port, port, presented, sandbox_id, text};
use crate::class::{Arguments, Class, Functions, Method, native};
use crate::clock;
use crate::host::{Answer, Env, Thrown, Value};
use crate::policy::window;
use crate::refusals::refused_below_zero;
use crate::thrown::{misuse, wrong_value};
use sandgate::v2::TrafficKey;
use sandgate::{Denied, Misuse, TrafficToken, UnixSeconds, Window};

/// What follows from a traffic token of v2 to issue and verify traffic passes and signed hosts.
pub(crate) fn traffic_key<'c>(
    env: Env<'c>,
    _: &Functions,
    &[token, leeway, max_lifetime, signed_host_max_lifetime, controller_port, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let mut buffer = Short::new();
    let token = TrafficToken::try_from(text(token, &mut buffer, "trafficToken")?).map_err(misuse("trafficToken"))?;
    let key = TrafficKey::new(&token).map_err(misuse("trafficToken"))?;
    let of_host = window(Window::SIGNED_HOST, leeway, signed_host_max_lifetime, "signedHostMaxLifetime")?;
    let key = key.window(window(Window::DEFAULT, leeway, max_lifetime, "maxLifetime")?).signed_host_window(of_host);
    let port = maybe_port(controller_port, "controllerPort")?;
    let key = match port {
        Some(port) => key.controller_port(port),
        None => key,
    };
    let key_id = env.ascii(key.kid().as_str())?;
    env.stateful(key, &[(c"keyId", key_id)]).map(Some)
}

impl Class for TrafficKey {
    const METHODS: &'static [Method<Self>] = &[
        native(c"issuePass", issue_pass),
        native(c"issueSignedHost", issue_signed_host),
        native(c"verifyPass", verify_pass),
        native(c"verifySignedHost", verify_signed_host),
    ];
}

fn end(expires: Value<'_>) -> Result<UnixSeconds, Thrown> {
    clock::maybe_time(expires, "expires")?.ok_or_else(|| {
        wrong_value("expires", "must be given, or else expiresIn, because passes and signed hosts must end")
    })
}

/// Which argument core found wrong.
fn not_to_be_issued(misuse: Misuse) -> Thrown {
    let name = match misuse {
        Misuse::ControllerPort => "port",
        Misuse::Time => "expires",
        _ => "sandboxId or expires",
    };
    self::misuse(name)(misuse)
}

fn issue_pass<'c>(env: Env<'c>, key: &TrafficKey, &[port, expires, context, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    let (port, end) = (self::port(port, "port")?, end(expires)?);
    let pass = key.issue_pass(port, end, self::context(context, &mut buffer)?).map_err(not_to_be_issued)?;
    env.ascii(pass.as_bytes()).map(Some)
}

fn issue_signed_host<'c>(env: Env<'c>, key: &TrafficKey, &[id, port, expires, ..]: &Arguments<'c>) -> Answer<'c> {
    let (id, port) = (sandbox_id(id, "sandboxId")?, self::port(port, "port")?);
    let host = key.issue_signed_host(&id, port, end(expires)?).map_err(not_to_be_issued)?;
    env.ascii(host.as_bytes()).map(Some)
}

fn verify_pass<'c>(env: Env<'c>, key: &TrafficKey, &[presented, port, context, now, ..]: &Arguments<'c>) -> Answer<'c> {
    let (mut buffer, mut context_buffer) = (Short::new(), Long::new());
    let (presented, port) = (self::presented(presented, &mut buffer, "presented")?, self::port(port, "port")?);
    let context = self::context(context, &mut context_buffer)?;
    expiry(env, key.verify_pass(presented, port, context, clock::now(now)?))
}

fn verify_signed_host<'c>(env: Env<'c>, key: &TrafficKey, &[label, id, port, now, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Short::new();
    let label = presented(label, &mut buffer, "label")?;
    let (id, port) = (sandbox_id(id, "sandboxId")?, self::port(port, "port")?);
    expiry(env, key.verify_signed_host(label, &id, port, clock::now(now)?))
}

/// The end, which is never below zero in v2, or below zero the refusal.
fn expiry(env: Env<'_>, answer: Result<UnixSeconds, Denied>) -> Answer<'_> {
    match answer {
        Ok(end) => env.integer(end.get()).map(Some),
        Err(denied) => refused_below_zero(env, denied),
    }
}
