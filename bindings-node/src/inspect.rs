//! Describes credentials, and explains why a pass or a signed host is refused.

use crate::arguments::{Long, Short, context, port, presented, sandbox_id, text};
use crate::class::{Arguments, Functions};
use crate::clock;
use crate::explain::explanation;
use crate::host::{Answer, Env, Thrown, Value};
use crate::properties::Properties;
use crate::thrown::misuse;
use sandgate::explain::{self, Explanation, Format, Text};
use sandgate::{KeyId, Misuse, TrafficToken, UnixSeconds};

/// Describes a text without verifying it.
pub(crate) fn describe<'c>(env: Env<'c>, _: &Functions, &[text, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    let said = explain::describe(presented(text, &mut buffer, "text")?);
    let mut made = Properties::of(env);
    made.word(c"kind", Some(said.kind.as_str()))?;
    made.word(c"format", said.format.map(Format::as_str))?;
    made.boolean(c"isWellFormed", said.is_well_formed)?;
    made.text(c"presented", Some(&Text::from(said.presented)))?;
    let mut is_percent_encoded = false;
    for (name, text) in [(c"path", &said.path), (c"user", &said.user), (c"directory", &said.directory)] {
        if let Some(text) = text {
            made.text(name, Some(text))?;
            is_percent_encoded |= text.is_percent_encoded();
        }
    }
    made.boolean(c"isPercentEncoded", is_percent_encoded)?;
    if let Some(route) = &said.route {
        made.word(c"sandboxId", Some(route.sandbox_id().as_str()))?;
        made.integer(c"hostPort", Some(route.port().get().into()))?;
    }
    made.word(c"keyId", said.key_id.as_ref().map(KeyId::as_str))?;
    made.integer(c"port", said.port.map(|port| port.get().into()))?;
    made.integer(c"expires", said.expires.map(UnixSeconds::get))?;
    // At most 2^53 - 1.
    made.integer(c"maxBytes", said.max_bytes.map(u64::cast_signed))?;
    if let Some(sha256) = &said.content_sha256 {
        made.add(c"contentSha256", env.bytes(sha256)?);
    }
    made.object()
}

/// Returns the explanation, if there is one.
fn answer<'c>(env: Env<'c>, why: Result<Option<Explanation<'_>>, Misuse>) -> Answer<'c> {
    explanation(env, why.map_err(misuse("trafficToken"))?.as_ref())
}

#[inline(never)]
fn token(value: Value<'_>) -> Result<TrafficToken, Thrown> {
    let mut buffer = Short::new();
    TrafficToken::try_from(text(value, &mut buffer, "trafficToken")?).map_err(misuse("trafficToken"))
}

/// Explains why an edge with this traffic token refuses a pass.
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

/// Explains why an edge with this traffic token refuses the label of a signed host.
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
