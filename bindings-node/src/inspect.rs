//! What a text is and says, and why a pass or a signed host is refused, for anyone who looks for the mistake.

use crate::arguments::{Long, Short, context, port, presented, sandbox_id, text};
use crate::class::Arguments;
use crate::clock;
use crate::explain::explanation;
use crate::functions::Functions;
use crate::host::{Answer, Env, Thrown, Value};
use crate::thrown::misuse;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use sandgate::TrafficToken;
use sandgate::explain::{self, Text};

/// What a text is and what it says. Nothing is verified.
pub(crate) fn describe<'c>(env: Env<'c>, _: &Functions, &[text, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    let said = explain::describe(presented(text, &mut buffer, "text")?);
    let mut parts = vec![
        (c"kind", env.ascii(said.kind.as_str())?),
        (c"isWellFormed", env.boolean(said.is_well_formed)?),
        (c"presented", env.text(&Text::from(said.presented).to_string())?),
    ];
    let names = [(c"path", said.path), (c"user", said.user), (c"directory", said.directory)];
    let texts = names.into_iter().filter_map(|(name, text)| Some((name, text?)));
    let mut is_percent_encoded = false;
    for (name, text) in texts {
        parts.push((name, env.text(&text.to_string())?));
        is_percent_encoded |= Text::is_percent_encoded(&text);
    }
    parts.push((c"isPercentEncoded", env.boolean(is_percent_encoded)?));
    if let Some(format) = said.format {
        parts.push((c"format", env.ascii(format.as_str())?));
    }
    if let Some(route) = said.route {
        parts.push((c"sandboxId", env.ascii(route.sandbox_id().as_str())?));
        parts.push((c"hostPort", env.integer(route.port().get().into())?));
    }
    if let Some(kid) = said.key_id {
        parts.push((c"keyId", env.ascii(kid.as_str())?));
    }
    if let Some(port) = said.port {
        parts.push((c"port", env.integer(port.get().into())?));
    }
    if let Some(expires) = said.expires {
        parts.push((c"expires", env.integer(expires.get())?));
    }
    if let Some(max) = said.max_bytes {
        // At most 2^53 - 1.
        parts.push((c"maxBytes", env.integer(max.cast_signed())?));
    }
    if let Some(sha256) = said.content_sha256 {
        parts.push((c"contentSha256", env.bytes(&sha256)?));
    }
    env.object(&parts).map(Some)
}

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
    let why = explain::pass(&token, pass, port, context, clock::now(now)?).map_err(misuse("trafficToken"))?;
    why.map(|why| explanation(env, &why)).transpose()
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
    let why = explain::signed_host(&token, label, &id, port, clock::now(now)?).map_err(misuse("trafficToken"))?;
    why.map(|why| explanation(env, &why)).transpose()
}
