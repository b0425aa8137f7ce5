//! Why a file URL is refused, for anyone who looks for the mistake.

use crate::arguments::{Long, context, operation, presented};
use crate::class::{Arguments, Functions};
use crate::clock;
use crate::controller::access_tokens;
use crate::host::{Answer, Env};
use crate::thrown::{misuse, shown};
use alloc::vec;
use sandgate::explain::{Explanation, file_url};

/// Looks at a file URL by its raw query as a controller with these access tokens would.
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

/// An explanation as an object, if there is one.
#[inline(never)]
pub(crate) fn explanation<'c>(env: Env<'c>, why: Option<&Explanation<'_>>) -> Answer<'c> {
    let Some(why) = why else { return Ok(None) };
    let mut parts = vec![
        (c"code", env.ascii(why.denied.code().as_str())?),
        (c"status", env.integer(why.denied.status().into())?),
        (c"message", env.ascii(why.denied.message())?),
        (c"text", env.text(&shown(why))?),
    ];
    if let Some(change) = &why.change {
        parts.push((c"field", env.ascii(change.field())?));
        if let Some(value) = change.value() {
            parts.push((c"value", env.text(&shown(&value))?));
        }
    }
    if let Some(expires) = why.expires {
        parts.push((c"expires", env.integer(expires.get())?));
    }
    env.object(&parts).map(Some)
}
