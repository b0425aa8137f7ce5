//! What a text is and says, and why a pass or a signed host is refused, for anyone who looks for the mistake.

use crate::arguments::{Long, Short, context, port, presented, sandbox_id, text};
use crate::class::{Arguments, Functions};
use crate::clock;
use crate::explain::explanation;
use crate::host::{Answer, Env, Thrown, Value};
use crate::thrown::{misuse, shown};
use alloc::vec;
use sandgate::explain::{self, Explanation, Format, Text};
use sandgate::{KeyId, Misuse, TrafficToken, UnixSeconds};

/// What a text is and what it says. Nothing is verified.
pub(crate) fn describe<'c>(env: Env<'c>, _: &Functions, &[text, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    let said = explain::describe(presented(text, &mut buffer, "text")?);
    let route = said.route.as_ref();
    let is_percent_encoded =
        [said.path, said.user, said.directory].iter().flatten().any(Text::is_percent_encoded);
    let mut parts = vec![
        (c"isWellFormed", env.boolean(said.is_well_formed)?),
        (c"isPercentEncoded", env.boolean(is_percent_encoded)?),
    ];
    for (name, text) in [
        (c"presented", Some(Text::from(said.presented))),
        (c"path", said.path),
        (c"user", said.user),
        (c"directory", said.directory),
    ] {
        if let Some(text) = text {
            parts.push((name, env.text(&shown(&text))?));
        }
    }
    for (name, word) in [
        (c"kind", Some(said.kind.as_str())),
        (c"format", said.format.map(Format::as_str)),
        (c"sandboxId", route.map(|route| route.sandbox_id().as_str())),
        (c"keyId", said.key_id.as_ref().map(KeyId::as_str)),
    ] {
        if let Some(word) = word {
            parts.push((name, env.ascii(word)?));
        }
    }
    for (name, number) in [
        (c"hostPort", route.map(|route| route.port().get().into())),
        (c"port", said.port.map(|port| port.get().into())),
        (c"expires", said.expires.map(UnixSeconds::get)),
        // At most 2^53 - 1.
        (c"maxBytes", said.max_bytes.map(u64::cast_signed)),
    ] {
        if let Some(number) = number {
            parts.push((name, env.integer(number)?));
        }
    }
    if let Some(sha256) = said.content_sha256 {
        parts.push((c"contentSha256", env.bytes(&sha256)?));
    }
    env.object(&parts).map(Some)
}

/// The explanation, if there is one.
fn answer<'c>(env: Env<'c>, why: Result<Option<Explanation<'_>>, Misuse>) -> Answer<'c> {
    explanation(env, why.map_err(misuse("trafficToken"))?.as_ref())
}

#[inline(never)]
fn token(value: Value<'_>) -> Result<TrafficToken, Thrown> {
    let mut buffer = Short::new();
    TrafficToken::try_from(text(value, &mut buffer, "trafficToken")?).map_err(misuse("trafficToken"))
}

/// Why an edge with this traffic token refuses a pass.
pub(crate) fn explain_pass<'c>(
    env: Env<'c>,
    _: &Functions,
    &[pass, token, port, context, now, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (mut buffer, mut context_buffer) = (Short::new(), Long::new());
    let (pass, token) = (presented(pass, &mut buffer, "pass")?, self::token(token)?);
    let (port, context) = (self::port(port, "port")?, self::context(context, &mut context_buffer)?);
    answer(env, explain::pass(&token, pass, port, context, clock::now(now)?))
}

/// Why an edge with this traffic token refuses the label of a signed host.
pub(crate) fn explain_signed_host<'c>(
    env: Env<'c>,
    _: &Functions,
    &[label, token, id, port, now, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let mut buffer = Short::new();
    let (label, token) = (presented(label, &mut buffer, "label")?, self::token(token)?);
    let (id, port) = (sandbox_id(id, "sandboxId")?, self::port(port, "port")?);
    answer(env, explain::signed_host(&token, label, &id, port, clock::now(now)?))
}
