//! The parameters of a raw URL query, as borrowed pieces.

use crate::encoding::bytes::split_once;
use crate::encoding::percent::{AMPERSAND, BadEscape, Decoded, EQUALS, take_encoded};

/// The parameters of a query (the bytes between `?` and `#`), read in one pass. The query is split at `&`; empty pieces are
/// skipped. The first `=` ends the name; without one the value is empty.
pub(crate) struct Parameters<'q> {
    rest: &'q [u8],
    /// Whether an unescaped `;` was read. It is an ordinary byte here; other parsers drop the parameter.
    pub(crate) semicolon: bool,
}

impl<'q> Parameters<'q> {
    #[inline]
    pub(crate) const fn of(query: &'q [u8]) -> Self {
        Self { rest: query, semicolon: false }
    }

    /// Consumes the next byte if it is this one, and returns whether it was.
    #[inline]
    fn takes(&mut self, byte: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }
}

impl<'q> Iterator for Parameters<'q> {
    type Item = Result<(Decoded<'q>, Decoded<'q>), BadEscape>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        while self.takes(b'&') {}
        if self.rest.is_empty() {
            return None;
        }
        let name = take_encoded(&mut self.rest, AMPERSAND | EQUALS, &mut self.semicolon);
        let value = if self.takes(b'=') {
            take_encoded(&mut self.rest, AMPERSAND, &mut self.semicolon)
        } else {
            Ok(Decoded::default())
        };
        // Stop after an error.
        Some(name.and_then(|name| Ok((name, value?))).inspect_err(|_| self.rest = &[]))
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parameters_are_those_of_a_form(query in "[a-c%20=&;+é]{0,40}") {
            let ours: Result<Vec<_>, _> = Parameters::of(query.as_bytes())
                .map(|pair| pair.map(|(name, value)| (name.bytes().collect::<Vec<u8>>(), value.bytes().collect::<Vec<u8>>())))
                .collect();
            let Ok(ours) = ours else { return Ok(()) };
            let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let theirs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            prop_assert_eq!(ours.iter().map(|(n, v)| (lossy(n), lossy(v))).collect::<Vec<_>>(), theirs);
        }
    }
}
