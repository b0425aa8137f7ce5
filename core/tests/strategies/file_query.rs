//! Queries of a file URL.

use super::{Text, informed, offset, operation, tamper, texts};
use crate::agreement::file_query::Case;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// One parameter, usually in its place.
fn parameter(name: &'static str, given: u32, values: &[&str]) -> impl Strategy<Value = Option<Text>> + use<> {
    let value = texts(values).prop_map(move |value| Some([name.as_bytes(), b"=", &value].concat()));
    prop_oneof![given => value, 10 - given => Just(None)]
}

fn parameters() -> impl Strategy<Value = Vec<Text>> {
    let paths = ["/in/a", "/in/b%2fc", "/in/%2E./a", "/a+b%00", "/in//a", "/in/", "/inner", "/%C3%A9", "/%ff", "", "a"];
    let directories = ["/in/", "/in/", "%2fin/", "/", "/in", "//", "/in/../", "/in/%09/", "/in\\/", ""];
    let sizes = ["0", "1048576", "9007199254740991", "9007199254740992", "01", "-1", ""];
    let digests = [SHA256, &SHA256[1..], &SHA256.to_uppercase()];
    let times = ["$<", "$>", "$<", "$>", "0", "00", "+1", "9007199254740991", "9007199254740992", "%3800"];
    let ours = (
        parameter("path", 9, &["/in/a", paths[0], paths[1]].into_iter().chain(paths).collect::<Vec<_>>()),
        parameter("username", 4, &["user", "", "%C3%a9+", "%00", "%ff", "%F"]),
        parameter("signature", 9, &["$a", "$a", "$b", "$b", "$z", "%76$a", "", "v2.a."]),
        parameter("signature_expiration", 9, &times),
        parameter("signature_directory", 4, &directories),
        parameter("signature_max_bytes", 1, &sizes),
        parameter("signature_sha256", 1, &digests),
        parameter("utm_source", 2, &["x", "%41", "%"]),
        parameter("signature_other", 1, &[""]),
    );
    let ours = ours.prop_map(|(a, b, c, d, e, f, g, h, i)| [a, b, c, d, e, f, g, h, i].into_iter().flatten().collect());
    ours.prop_flat_map(|ours: Vec<Text>| Just(ours).prop_shuffle())
}

/// A query of these parameters, sometimes with one repeated or with a byte changed.
fn query() -> impl Strategy<Value = Text> {
    let again = prop_oneof![8 => Just(None), 1 => any::<Index>().prop_map(Some)];
    let change = (any::<Index>(), select(&b"&=%+;aF\0\xff "[..]));
    let change = prop_oneof![8 => Just(None), 1 => change.prop_map(Some)];
    (parameters(), again, change, select(vec![false, false, false, true])).prop_map(
        |(mut pieces, again, change, spell)| {
            if let Some(again) = again.filter(|_| !pieces.is_empty()) {
                pieces.push(pieces[again.index(pieces.len())].clone());
            }
            if spell && let Some(piece) = pieces.first_mut() {
                // The first letter of a name, escaped.
                let escape = format!("%{:02x}", piece[0]).into_bytes();
                piece.splice(..1, escape);
            }
            let mut query = pieces.join(&b'&');
            if let Some((at, byte)) = change.filter(|_| !query.is_empty()) {
                let at = at.index(query.len());
                query[at] = byte;
            }
            query
        },
    )
}

pub(crate) fn cases() -> impl Strategy<Value = Case<'static>> {
    let parts = (operation(), query(), informed(), offset(), tamper());
    parts.prop_map(|(operation, query, (verifier, signed_for), offset, tamper)| Case {
        operation,
        query,
        signed_for,
        verifier,
        offset,
        tamper,
    })
}
