//! A grant as one string, which JavaScript takes apart: each value of its own would be several calls of Node-API.

use crate::flat::Flat;
use crate::host::{Answer, Env};
use crate::refusals::refused;
use crate::thrown::out_of_range;
use sandgate::{Denied, Grant, Operation, UnixSeconds};

/// Returns `number` with the operation, then path, user, expiry and, if there is any of them, directory, size limit, SHA-256.
pub(crate) fn made<'c>(env: Env<'c>, number: u64, grant: &Grant<'_>) -> Answer<'c> {
    let mut flat = Flat::with_capacity(grant.path().len());
    flat.number(number << 1 | u64::from(grant.operation() == Operation::Write));
    flat.text(Some(grant.path()));
    flat.text(grant.user());
    flat.integer(grant.expires().map(UnixSeconds::get));
    let (directory, max_bytes, sha256) = (grant.directory(), grant.max_bytes(), grant.content_sha256());
    if directory.is_some() || max_bytes.is_some() || sha256.is_some() {
        let max_bytes = max_bytes.map(i64::try_from).transpose().map_err(|_| out_of_range("maxBytes", "below 2^63"))?;
        flat.text(directory);
        flat.integer(max_bytes);
        match sha256 {
            Some(sha256) => flat.bytes(&sha256),
            None => flat.number(0),
        }
    }
    env.units(flat.units()).map(Some)
}

/// Returns the grant or the refusal.
pub(crate) fn answer<'c>(env: Env<'c>, answer: Result<Grant<'_>, Denied>) -> Answer<'c> {
    match answer {
        Ok(grant) => made(env, 0, &grant),
        Err(denied) => refused(env, denied),
    }
}
