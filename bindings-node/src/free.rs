//! What needs no object.

use crate::arguments::{Long, not_text, presented, text};
use crate::raw::{Answer, Env, Read, Value};
use crate::thrown::Thrown;

/// Whether two secrets are equal, in time that depends on their lengths alone.
pub(crate) fn equal<'c>(env: Env<'c>, (): &(), [a, b]: [Value<'c>; 2]) -> Answer<'c> {
    let (mut a_room, mut b_room) = (Long::new(), Long::new());
    let (a, b) = (secret(a, &mut a_room, "a")?, secret(b, &mut b_room, "b")?);
    env.boolean(a.zip(b).is_some_and(|(a, b)| sandgate::compare::equal(a, b))).map(Some)
}

/// None where a lone surrogate is in it: that equals nothing.
fn secret<'r>(value: Value<'_>, room: &'r mut Long, name: &str) -> Result<Option<&'r [u8]>, Thrown> {
    match room.read(value, false) {
        Read::Text => Ok(Some(room.bytes())),
        Read::LoneSurrogate => Ok(None),
        refused => Err(not_text(refused, name)),
    }
}

/// What a log may show of a token.
pub(crate) fn fingerprint<'c>(env: Env<'c>, (): &(), [token]: [Value<'c>; 1]) -> Answer<'c> {
    let mut room = Long::new();
    env.ascii(sandgate::fingerprint(presented(token, &mut room, "token")?).as_str()).map(Some)
}

/// The query without the parameter that only the edge reads.
pub(crate) fn forward_query<'c>(env: Env<'c>, (): &(), [query]: [Value<'c>; 1]) -> Answer<'c> {
    let mut room = Long::new();
    let stays: Vec<&[u8]> = sandgate::forward::query(presented(query, &mut room, "query")?).collect();
    env.bytes(&stays.join(&b'&')).map(Some)
}

/// A Cookie line without the cookie that only the edge reads; empty when none stays.
pub(crate) fn forward_cookies<'c>(env: Env<'c>, (): &(), [line]: [Value<'c>; 1]) -> Answer<'c> {
    let mut room = Long::new();
    let stays: Vec<&[u8]> = sandgate::forward::cookies(presented(line, &mut room, "line")?).collect();
    env.bytes(&stays.join(&b"; "[..])).map(Some)
}

/// A host with a route's label in the place of its left-most one; as it is where it leaves the route to headers.
pub(crate) fn forward_host<'c>(env: Env<'c>, (): &(), [host, label]: [Value<'c>; 2]) -> Answer<'c> {
    let (mut host_room, mut label_room) = (Long::new(), Long::new());
    let (given, label) = (presented(host, &mut host_room, "host")?, text(label, &mut label_room, "label")?);
    match sandgate::forward::host(given) {
        Some(rest) => env.bytes(&[label, rest].concat()),
        None => env.bytes(given),
    }
    .map(Some)
}
