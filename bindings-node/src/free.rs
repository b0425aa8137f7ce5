//! What needs no object.

use crate::arguments::{Long, presented, text};
use crate::class::{Arguments, Functions};
use crate::host::{Answer, Env, Thrown, Value};
use crate::read::Read;
use crate::thrown::not_text;
use alloc::vec::Vec;
use sandgate::forward;

/// Whether two secrets are equal, in time that depends on their lengths alone.
pub(crate) fn equal<'c>(env: Env<'c>, _: &Functions, &[a, b, ..]: &Arguments<'c>) -> Answer<'c> {
    let (mut a_buffer, mut b_buffer) = (Long::new(), Long::new());
    let (a, b) = (secret(a, &mut a_buffer, "a")?, secret(b, &mut b_buffer, "b")?);
    env.boolean(a.zip(b).is_some_and(|(a, b)| sandgate::compare::equal(a, b))).map(Some)
}

/// None where a lone surrogate is in it: that equals nothing.
fn secret<'r>(value: Value<'_>, buffer: &'r mut Long, name: &str) -> Result<Option<&'r [u8]>, Thrown> {
    match buffer.read(value, false) {
        Read::Text => Ok(Some(buffer.bytes())),
        Read::LoneSurrogate => Ok(None),
        refused => Err(not_text(refused, name)),
    }
}

/// What a log may show of a token.
pub(crate) fn fingerprint<'c>(env: Env<'c>, _: &Functions, &[token, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    env.ascii(sandgate::fingerprint(presented(token, &mut buffer, "token")?).as_str()).map(Some)
}

/// The query without the parameter that only the edge reads.
pub(crate) fn forward_query<'c>(env: Env<'c>, _: &Functions, &[query, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    // It is forwarded as that of a target.
    let (target, mut out) = ([b"?", presented(query, &mut buffer, "query")?].concat(), Vec::new());
    forward::target(&target, |piece| out.extend_from_slice(piece));
    like_given(env, query, out.get(1..).unwrap_or_default())
}

/// A Cookie line without the cookie that only the edge reads; empty when none stays.
pub(crate) fn forward_cookies<'c>(env: Env<'c>, _: &Functions, &[line, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    let (presented, mut out) = (presented(line, &mut buffer, "line")?, Vec::new());
    forward::header(b"cookie", presented, |piece| out.extend_from_slice(piece));
    like_given(env, line, &out)
}

/// A host with a route's label in the place of its left-most one; as it is where it leaves the route to headers.
pub(crate) fn forward_host<'c>(env: Env<'c>, _: &Functions, &[host, label, ..]: &Arguments<'c>) -> Answer<'c> {
    let (mut host_buffer, mut label_buffer) = (Long::new(), Long::new());
    let (given, label) = (presented(host, &mut host_buffer, "host")?, text(label, &mut label_buffer, "label")?);
    match forward::host(given) {
        Some(rest) => like_given(env, host, &[label, rest].concat()),
        None => like_given(env, host, given),
    }
}

/// A string for a string, otherwise bytes. What is taken out ends at ASCII characters, so that the rest of a string is one again.
fn like_given<'c>(env: Env<'c>, given: Value<'c>, left: &[u8]) -> Answer<'c> {
    match core::str::from_utf8(left) {
        Ok(text) if given.is_string() => env.text(text).map(Some),
        _ => env.bytes(left).map(Some),
    }
}
