//! URLs to sign.

use super::{CONTEXT, LAST, Text, operation, texts};
use crate::agreement::sign::Case;
use proptest::prelude::*;
use proptest::sample::select;

/// Any parts at all, most of which can be signed.
pub(crate) fn cases() -> impl Strategy<Value = Case<'static>> {
    let path =
        prop_oneof![texts(&["/in/a", "/in/b/c", "/in/", "/x", "", "\0", "\u{e9}"]), any::<Text>(), long("/in/", "a")];
    let directory = prop_oneof![texts(&["/in/", "/", "/in", "/in/../", ""]), any::<Text>(), long("/", "a/")];
    let user = prop_oneof![texts(&["", "user", "\0"]), any::<Text>(), (250..260_usize).prop_map(|len| vec![b'u'; len])];
    let expires = prop_oneof![4 => 0..LAST, 1 => any::<i64>(), 1 => select(vec![0, -1, LAST, LAST + 1])];
    let max_bytes =
        prop_oneof![4 => Just(None), 1 => any::<u64>().prop_map(Some), 1 => Just(Some(LAST.cast_unsigned()))];
    let max_bytes = prop_oneof![9 => max_bytes, 1 => Just(Some(LAST.cast_unsigned() + 1))];
    let limits = (max_bytes, prop_oneof![4 => Just(None), 1 => any::<[u8; 32]>().prop_map(Some)]);
    let texts = (path, prop::option::of(directory), prop::option::of(user));
    let context = select(vec![None, None, Some(CONTEXT)]);
    (operation(), texts, expires, limits, context).prop_map(|(operation, texts, expires, limits, context)| {
        let (path, directory, user) = texts;
        let (max_bytes, content_sha256) = limits;
        Case { operation, path, directory, user, expires, max_bytes, content_sha256, context }
    })
}

/// About as long as a path may be.
fn long(start: &'static str, again: &'static str) -> impl Strategy<Value = Text> {
    (4090..4100_usize).prop_map(move |len| {
        let filling = again.bytes().cycle().take(len - start.len());
        start.bytes().chain(filling).collect()
    })
}
