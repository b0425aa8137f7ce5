//! Natives without state.

use crate::arguments::{Long, presented, text};
use crate::class::{Arguments, Functions};
use crate::host::{Answer, Env, Thrown, Value};
use crate::read::Read;
use crate::thrown::not_text;
use alloc::vec::Vec;
use sandgate::forward;

/// Compares two secrets, in time that depends only on their lengths.
pub(crate) fn equal<'c>(env: Env<'c>, _: &Functions, &[a, b, ..]: &Arguments<'c>) -> Answer<'c> {
    let (mut a_buffer, mut b_buffer) = (Long::new(), Long::new());
    let (a, b) = (secret(a, &mut a_buffer, "a")?, secret(b, &mut b_buffer, "b")?);
    env.boolean(a.zip(b).is_some_and(|(a, b)| sandgate::compare::equal(a, b))).map(Some)
}

/// Returns none for a text with a lone surrogate, which equals nothing.
fn secret<'r>(value: Value<'_>, buffer: &'r mut Long, name: &str) -> Result<Option<&'r [u8]>, Thrown> {
    match buffer.read(value, false) {
        Read::Text => Ok(Some(buffer.bytes())),
        Read::LoneSurrogate => Ok(None),
        refused => Err(not_text(refused, name)),
    }
}

/// Returns a fingerprint of a token that is safe to log.
pub(crate) fn fingerprint<'c>(env: Env<'c>, _: &Functions, &[token, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    env.ascii(sandgate::fingerprint(presented(token, &mut buffer, "token")?).as_str()).map(Some)
}

/// Returns the query without the edge's own parameter.
pub(crate) fn forward_query<'c>(env: Env<'c>, _: &Functions, &[query, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    // Forwarded like the query of a target.
    let (target, mut out) = ([b"?", presented(query, &mut buffer, "query")?].concat(), Vec::new());
    forward::target(&target, |piece| out.extend_from_slice(piece));
    like_given(env, query, out.get(1..).unwrap_or_default())
}

/// Returns a `Cookie` line without the edge's own cookie; empty if none is left.
pub(crate) fn forward_cookies<'c>(env: Env<'c>, _: &Functions, &[line, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    let (presented, mut out) = (presented(line, &mut buffer, "line")?, Vec::new());
    forward::header(b"cookie", presented, |piece| out.extend_from_slice(piece));
    like_given(env, line, &out)
}

/// Replaces the left-most label of a host with a route's label. A host that leaves the route to headers stays unchanged.
pub(crate) fn forward_host<'c>(env: Env<'c>, _: &Functions, &[host, label, ..]: &Arguments<'c>) -> Answer<'c> {
    let (mut host_buffer, mut label_buffer) = (Long::new(), Long::new());
    let (given, label) = (presented(host, &mut host_buffer, "host")?, text(label, &mut label_buffer, "label")?);
    match forward::host(given) {
        Some(rest) => like_given(env, host, &[label, rest].concat()),
        None => like_given(env, host, given),
    }
}

/// Returns a string for a string, otherwise bytes. Removed parts end at ASCII characters, so the rest of a string is still one.
fn like_given<'c>(env: Env<'c>, given: Value<'c>, left: &[u8]) -> Answer<'c> {
    match core::str::from_utf8(left) {
        Ok(text) if given.is_string() => env.text(text).map(Some),
        _ => env.bytes(left).map(Some),
    }
}
