//! The pieces of a raw URL query.

use crate::encoding::bytes::split_once;
use crate::encoding::percent::Decoded;

/// Returns the pieces of a query unchanged, including empty ones: joined with `&` they are the query again.
pub(crate) fn pieces(query: &[u8]) -> impl Iterator<Item = &[u8]> {
    query.split(|byte| *byte == b'&')
}

/// Returns the value of a piece, still encoded, if its name decodes to this one. A name that cannot be decoded does not
/// match.
pub(crate) fn value_of<'q>(piece: &'q [u8], name: &[u8]) -> Option<&'q [u8]> {
    let (raw_name, value) = split_once(piece, b'=').unwrap_or((piece, b""));
    Decoded::from_query(raw_name).is_ok_and(|decoded| decoded == *name).then_some(value)
}
