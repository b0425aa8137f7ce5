//! Explains why a file URL is refused.

use crate::arguments::{Long, context, operation, presented};
use crate::class::{Arguments, Functions};
use crate::clock;
use crate::controller::access_tokens;
use crate::host::{Answer, Env};
use crate::properties::Properties;
use crate::thrown::misuse;
use sandgate::UnixSeconds;
use sandgate::explain::{Explanation, file_url};

/// Explains why a controller with these access tokens refuses a raw query.
pub(crate) fn explain<'c>(
    env: Env<'c>,
    _: &Functions,
    &[query, tokens, operation, context, now, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (mut query_buffer, mut context_buffer) = (Long::new(), Long::new());
    let query = presented(query, &mut query_buffer, "query")?;
    let (tokens, operation) = (access_tokens(tokens)?, self::operation(operation)?);
    let context = self::context(context, &mut context_buffer)?;
    let why = file_url(&tokens, operation, query, context, clock::now(now)?).map_err(misuse("accessToken"))?;
    explanation(env, why.as_ref())
}

/// Converts an optional explanation to an object.
#[inline(never)]
pub(crate) fn explanation<'c>(env: Env<'c>, why: Option<&Explanation<'_>>) -> Answer<'c> {
    let Some(why) = why else { return Ok(None) };
    let mut made = Properties::of(env);
    made.word(c"code", Some(why.denied.code().as_str()))?;
    made.integer(c"status", Some(why.denied.status().into()))?;
    made.word(c"message", Some(why.denied.message()))?;
    made.text(c"text", Some(why))?;
    if let Some(change) = &why.change {
        made.word(c"field", Some(change.field()))?;
        if let Some(value) = &change.value() {
            made.text(c"value", Some(value))?;
        }
    }
    made.integer(c"expires", why.expires.map(UnixSeconds::get))?;
    made.object()
}
