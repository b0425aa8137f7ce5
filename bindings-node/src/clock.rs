//! Times: what the caller gives, or the clock.

use crate::arguments::maybe_integer;
use crate::raw::Value;
use crate::thrown::{Thrown, misuse, out_of_range, wrong_value};
use sandgate::UnixSeconds;

/// A time, if it is given.
#[inline]
pub(crate) fn maybe_time(value: Value<'_>, name: &str) -> Result<Option<UnixSeconds>, Thrown> {
    Ok(maybe_integer(value, name)?.map(UnixSeconds::new))
}

/// `now`, or the clock when the caller gives none.
#[inline]
pub(crate) fn now(value: Value<'_>) -> Result<UnixSeconds, Thrown> {
    maybe_time(value, "now")?.map_or_else(read_clock, Ok)
}

fn read_clock() -> Result<UnixSeconds, Thrown> {
    sandgate::clock::now().map_err(misuse("now"))
}

/// The end that is given, either itself or as a lifetime from now.
#[inline]
pub(crate) fn end(expires: Value<'_>, expires_in: Value<'_>, now: Value<'_>) -> Result<Option<UnixSeconds>, Thrown> {
    let (expires, now) = (maybe_time(expires, "expires")?, maybe_time(now, "now")?);
    let Some(lifetime) = maybe_integer(expires_in, "expiresIn")? else { return Ok(expires) };
    if expires.is_some() {
        return Err(wrong_value("expiresIn", "give expires or expiresIn, not both"));
    }
    let end = now.map_or_else(read_clock, Ok)?.get().checked_add(lifetime);
    end.map(|end| Some(UnixSeconds::new(end))).ok_or_else(|| out_of_range("expiresIn"))
}
