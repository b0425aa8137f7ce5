//! A grant as an array, whose elements JavaScript names.

use crate::host::{Answer, Env, Thrown, Value};
use crate::refusals::refused;
use crate::thrown::{defect, out_of_range};
use alloc::vec::Vec;
use sandgate::{Decoded, Denied, Grant};

/// Returns operation, path, the path's bytes, user, expiry, directory, size limit, SHA-256.
pub(crate) fn made<'c>(env: Env<'c>, grant: &Grant<'_>) -> Result<Value<'c>, Thrown> {
    let bytes = |text: Decoded<'_>| text.bytes().collect::<Vec<u8>>();
    let path = bytes(grant.path());
    let as_text = core::str::from_utf8(&path).map_or_else(|_| env.undefined(), |text| env.text(text))?;
    // v1 allows users that are not UTF-8; they stay bytes.
    let user = |user: Vec<u8>| core::str::from_utf8(&user).map_or_else(|_| env.bytes(&user), |text| env.text(text));
    // Signed directories are always UTF-8.
    let directory = |text| env.text(core::str::from_utf8(&bytes(text)).map_err(|_| defect())?);
    let max_bytes =
        grant.max_bytes().map(i64::try_from).transpose().map_err(|_| out_of_range("maxBytes", "below 2^63"))?;
    env.array([
        env.ascii(grant.operation().as_str())?,
        as_text,
        env.bytes(&path)?,
        grant.user().map(bytes).map_or_else(|| env.undefined(), user)?,
        grant.expires().map_or_else(|| env.undefined(), |end| env.integer(end.get()))?,
        grant.directory().map_or_else(|| env.undefined(), directory)?,
        max_bytes.map_or_else(|| env.undefined(), |max| env.integer(max))?,
        grant.content_sha256().map_or_else(|| env.undefined(), |sha256| env.bytes(&sha256))?,
    ])
}

/// Returns the grant or the refusal.
pub(crate) fn answer<'c>(env: Env<'c>, answer: Result<Grant<'_>, Denied>) -> Answer<'c> {
    match answer {
        Ok(grant) => made(env, &grant).map(Some),
        Err(denied) => refused(env, denied),
    }
}
