//! Credentials as they are presented: the right one, one that is wrong in its first character, and one in its last.

use crate::request::hide_text;
use sha2::Digest;

/// Two characters whose unused bits are zero, so that either may be the last one.
pub(crate) type Pair = [u8; 2];
pub(crate) const HEX: Pair = *b"01";
pub(crate) const BASE64: Pair = *b"AE";
pub(crate) const BASE32: Pair = *b"ae";

/// A text, a name for it, and whether it is right. `secret` characters at its end are the secret ones.
pub(crate) fn all(right: &[u8], secret: usize, pair: Pair) -> [(&'static str, Vec<u8>, bool); 3] {
    let wrong_at = |at: usize| {
        let mut text = right.to_vec();
        text[at] = if text[at] == pair[0] { pair[1] } else { pair[0] };
        text
    };
    [
        ("right", right.to_vec(), true),
        ("wrong first", wrong_at(right.len() - secret), false),
        ("wrong last", wrong_at(right.len() - 1), false),
    ]
}

/// A copy whose last `secret` characters valgrind takes for secret.
pub(crate) fn hidden(text: &[u8], secret: usize) -> Vec<u8> {
    let mut copy = text.to_vec();
    let public = copy.len() - secret;
    hide_text(&mut copy[public..]);
    copy
}

/// The SHA-512 of a text in lower-case hexadecimal.
pub(crate) fn sha512(text: &[u8]) -> Vec<u8> {
    sha2::Sha512::digest(text).iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
}
