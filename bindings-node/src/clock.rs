//! Times. No native reads a clock: `ts/time.ts` does, so that fake timers apply.

use crate::arguments::{INTEGER, maybe_integer};
use crate::class::{Arguments, Functions};
use crate::host::{Answer, Env, Thrown, Value};
use crate::thrown::{out_of_range, wrong_type, wrong_value};
use sandgate::UnixSeconds;

/// Returns an optional time.
#[inline]
pub(crate) fn maybe_time(value: Value<'_>, name: &str) -> Result<Option<UnixSeconds>, Thrown> {
    Ok(maybe_integer(value, name)?.map(UnixSeconds::new))
}

/// Returns `now`, which is required.
#[inline]
pub(crate) fn now(value: Value<'_>) -> Result<UnixSeconds, Thrown> {
    maybe_time(value, "now")?.ok_or_else(|| wrong_type("now", "a number or a bigint"))
}

/// Returns the expiry, from a time or from a lifetime after `now`. A negative lifetime would sign something that has expired.
pub(crate) fn end<'c>(env: Env<'c>, _: &Functions, &[expires, expires_in, now, ..]: &Arguments<'c>) -> Answer<'c> {
    let (expires, now) = (maybe_time(expires, "expires")?, maybe_time(now, "now")?);
    let end = match maybe_integer(expires_in, "expiresIn")? {
        None => expires,
        Some(_) if expires.is_some() => {
            return Err(wrong_value("expiresIn", "must not be given together with expires"));
        }
        Some(lifetime) => {
            let now = now.ok_or_else(|| wrong_type("now", "a number or a bigint"))?;
            let lifetime = u64::try_from(lifetime).map_err(|_| out_of_range("expiresIn", "0 seconds or more"))?;
            let end = now.get().checked_add_unsigned(lifetime).ok_or_else(|| out_of_range("expiresIn", INTEGER))?;
            Some(UnixSeconds::new(end))
        }
    };
    end.map(|end| env.integer(end.get())).transpose()
}
