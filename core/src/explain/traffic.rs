//! Why an edge refuses a traffic pass or a signed host.

use super::change::Change;
use super::describe::describe;
use super::explanation::Explanation;
use super::said::put;
use super::text::{Edit, Text};
use crate::encoding::percent::Decoded;
use crate::request::route::Route;
use crate::v2::{Pass, PresentedHost, PresentedPass, TrafficKey};
use crate::value::error::{Code, Denied, Misuse};
use crate::value::ids::{Context, Port, SandboxId};
use crate::value::time::UnixSeconds;
use crate::value::token::TrafficToken;

/// Explains why an edge with this traffic token refuses a pass for `port`. Returns none for a pass that it accepts.
///
/// The changes that are tried: another spelling of the signature, the key id of the token, the requested port, no context.
///
/// ```
/// use sandgate::{Port, UnixSeconds, explain::{Change, pass}, v2::{Keyring, TrafficKey}};
///
/// let token = Keyring::new("a".parse()?, b"a seed of at least 32 bytes, kept secret")?.traffic_token(&"abc".parse()?, 0);
/// let (now, end, port) = (UnixSeconds::new(1_800_000_000), UnixSeconds::new(1_800_000_060), Port::try_from(8080)?);
/// let issued = TrafficKey::new(&token)?.issue_pass(port, end, None)?;
///
/// let edited = issued.as_str().replace("8080", "9090");
/// let explained = pass(&token, edited.as_bytes(), port, None, now)?.unwrap();
/// assert_eq!(explained.change, Some(Change::Port(port)));
/// # Ok::<(), sandgate::Misuse>(())
/// ```
///
/// # Errors
/// Those of [`TrafficKey::new`] for this token.
pub fn pass<'q>(
    token: &TrafficToken,
    presented: &'q [u8],
    port: Port,
    context: Option<Context<'_>>,
    now: UnixSeconds,
) -> Result<Option<Explanation<'q>>, Misuse> {
    let key = TrafficKey::new(token)?;
    let Err(denied) = key.verify_pass(presented, port, context, now) else { return Ok(None) };
    let spelled = Text::new(Decoded::plain(presented), Edit::Base64Url);
    let changes = [Change::Signature(spelled), Change::KeyId(key.kid()), Change::Port(port), Change::NoContext];
    let is_signed = |change: &Change<'_>| {
        let mut room = [0; Pass::MAX_LEN];
        let presented = match change {
            Change::Signature(spelled) => put(&mut room, spelled),
            _ => Some(Decoded::plain(presented)),
        };
        let Some(pass) = presented.and_then(PresentedPass::parse) else { return false };
        let is_kid = pass.kid() == key.kid() || matches!(change, Change::KeyId(_));
        let context = context.filter(|_| *change != Change::NoContext);
        let pass = if let Change::Port(port) = change { pass.with_port(*port) } else { pass };
        is_kid && key.has_signed_pass(&pass, context)
    };
    Ok(Some(explained(denied, presented, &changes, &is_signed)))
}

/// Explains why an edge with this traffic token refuses the label of a signed host for `port` of the sandbox. Returns none for
/// a label that it accepts.
///
/// The changes that are tried: the key id of the token, the requested port, the requested sandbox.
///
/// # Errors
/// Those of [`TrafficKey::new`] for this token.
pub fn signed_host<'q>(
    token: &TrafficToken,
    label: &'q [u8],
    id: &SandboxId,
    port: Port,
    now: UnixSeconds,
) -> Result<Option<Explanation<'q>>, Misuse> {
    let key = TrafficKey::new(token)?;
    let Err(denied) = key.verify_signed_host(label, id, port, now) else { return Ok(None) };
    let changes = [Change::KeyId(key.kid()), Change::Port(port), Change::SandboxId(*id)];
    let is_signed = |change: &Change<'_>| {
        let Ok(route) = Route::of_label(label) else { return false };
        let port = if let Change::Port(port) = change { *port } else { route.port() };
        let Some(host) = route.signed_part().and_then(|part| PresentedHost::parse(part, port)) else { return false };
        let is_kid = host.kid() == key.kid() || matches!(change, Change::KeyId(_));
        let is_id = route.sandbox_id() == id || matches!(change, Change::SandboxId(_));
        is_kid && is_id && key.has_signed_host(&host)
    };
    Ok(Some(explained(denied, label, &changes, &is_signed)))
}

/// A change is told where the signature is wrong. Where it is right, none is needed.
#[inline(never)]
fn explained<'q>(
    denied: Denied,
    presented: &'q [u8],
    changes: &[Change<'q>],
    is_signed: &dyn Fn(&Change<'_>) -> bool,
) -> Explanation<'q> {
    let mut found = Explanation { denied, change: None, expires: describe(presented).expires };
    if matches!(denied.code(), Code::Invalid | Code::Malformed) {
        found.change = changes.iter().find(|change| is_signed(change)).copied();
    }
    found
}
