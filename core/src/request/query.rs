//! A raw URL query as borrowed pieces: checked, measured, decoded as it is read. And the writing of one.

use crate::encoding::buffer::BufferTooSmall;
use crate::encoding::bytes::{copy, split_once};
use core::fmt;

/// A `%` without two hex digits behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadEscape;

impl fmt::Display for BadEscape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a % has to be followed by two hex digits")
    }
}

impl core::error::Error for BadEscape {}

/// Text that may still be percent-encoded, checked, and decoded as it is read.
///
/// What it decodes to are bytes: they need not be UTF-8 and may contain any byte.
#[derive(Clone, Copy)]
pub struct Decoded<'q> {
    raw: &'q [u8],
    len: usize,
    /// Whether `raw` already is what it decodes to.
    plain: bool,
}

impl<'q> Decoded<'q> {
    /// Bytes that stand for themselves.
    #[inline]
    pub(crate) const fn plain(bytes: &'q [u8]) -> Self {
        Self { raw: bytes, len: bytes.len(), plain: true }
    }

    /// A name or value of a query: `+` is a space and `%XX` a byte, upper or lower case.
    ///
    /// # Errors
    /// [`BadEscape`] when a `%` stands without two hex digits.
    pub fn from_query(raw: &'q [u8]) -> Result<Self, BadEscape> {
        Parameters::of(raw).up_to(0)
    }

    /// The number of bytes after decoding.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes as they were given, still encoded.
    #[must_use]
    pub const fn raw(&self) -> &'q [u8] {
        self.raw
    }

    /// The bytes, decoded one by one.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + Clone + use<'q> {
        Unescape { rest: self.raw.iter(), mode: if self.plain { Mode::Verbatim } else { Mode::Query } }
    }

    /// Decodes into `out`.
    ///
    /// # Errors
    /// [`BufferTooSmall`] with the needed size, and nothing is written.
    pub fn copy_to<'b>(&self, out: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        let held = out.get_mut(..self.len).ok_or(BufferTooSmall { needed: self.len })?;
        let mut done: usize = 0;
        self.feed(|bytes| {
            copy(held.get_mut(done..).unwrap_or_default(), bytes);
            done = done.wrapping_add(bytes.len());
        });
        Ok(held)
    }

    /// As many of the decoded bytes as there is room for.
    pub(crate) fn first_bytes<'b>(&self, room: &'b mut [u8]) -> &'b [u8] {
        let len = self.len.min(room.len());
        for (place, byte) in room.iter_mut().zip(self.bytes()) {
            *place = byte;
        }
        room.get(..len).unwrap_or_default()
    }

    /// Hands the decoded bytes on in as long pieces as there are.
    #[inline]
    pub(crate) fn feed(&self, mut sink: impl FnMut(&[u8])) {
        if self.plain {
            return sink(self.raw);
        }
        let mut rest = self.raw;
        loop {
            let (before, escape) = split_run(rest, ESCAPE);
            sink(before);
            let mut bytes = Unescape { rest: escape.iter(), mode: Mode::Query };
            let Some(byte) = bytes.next() else { return };
            sink(&[byte]);
            rest = bytes.rest.as_slice();
        }
    }

    /// The decoded bytes, where no decoding is needed.
    #[inline]
    pub(crate) fn as_plain(&self) -> Option<&'q [u8]> {
        if self.plain { Some(self.raw) } else { None }
    }

    #[inline]
    fn is(&self, name: &[u8]) -> bool {
        if self.plain { self.raw == name } else { self.bytes().eq(name.iter().copied()) }
    }
}

/// Nothing.
impl Default for Decoded<'_> {
    fn default() -> Self {
        Self::plain(b"")
    }
}

impl PartialEq<[u8]> for Decoded<'_> {
    fn eq(&self, other: &[u8]) -> bool {
        self.is(other)
    }
}

impl PartialEq<str> for Decoded<'_> {
    fn eq(&self, other: &str) -> bool {
        self.is(other.as_bytes())
    }
}

impl fmt::Debug for Decoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        self.bytes().try_for_each(|byte| write!(f, "{}", byte.escape_ascii()))?;
        f.write_str("\"")
    }
}

/// Undoes percent-encoding. What it is given has been checked; of a bad escape it makes its literal bytes.
#[derive(Clone)]
struct Unescape<'q> {
    rest: core::slice::Iter<'q, u8>,
    mode: Mode,
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// Nothing is an escape.
    Verbatim,
    /// `%XX` is a byte.
    Path,
    /// And `+` is a space.
    Query,
}

impl Iterator for Unescape<'_> {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = *self.rest.next()?;
        match byte {
            b'+' if self.mode == Mode::Query => Some(b' '),
            b'%' if self.mode != Mode::Verbatim => {
                if let [high, low, ..] = self.rest.as_slice()
                    && let (Some(high), Some(low)) = (hex_digit(high), hex_digit(low))
                {
                    let _ = self.rest.nth(1);
                    return Some((high << 4) | low);
                }
                Some(byte)
            }
            _ => Some(byte),
        }
    }
}

#[inline]
fn hex_digit(byte: &u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => byte.checked_sub(b'0'),
        b'a'..=b'f' => byte.checked_sub(b'a' - 10),
        b'A'..=b'F' => byte.checked_sub(b'A' - 10),
        _ => None,
    }
}

/// The path of a request, decoded: `%XX` is a byte, `+` is itself.
pub(crate) fn decode_path(raw: &[u8]) -> Result<impl Iterator<Item = u8> + Clone + '_, BadEscape> {
    Decoded::from_query(raw)?;
    Ok(Unescape { rest: raw.iter(), mode: Mode::Path })
}

const AMPERSAND: u8 = 1;
const EQUALS: u8 = 2;
const ESCAPE: u8 = 4;
const RESERVED: u8 = 8;
const SEMICOLON: u8 = 16;

/// What each byte means in a query, as a set of the above: one look-up a byte, and a query is public.
static CLASS: [u8; 256] = {
    let mut class = [RESERVED; 256];
    let mut rest: &mut [u8] = &mut class;
    let mut byte: u8 = 0;
    while let [first, after @ ..] = rest {
        *first = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => 0,
            b'&' => RESERVED | AMPERSAND,
            b'=' => RESERVED | EQUALS,
            b'%' | b'+' => RESERVED | ESCAPE,
            b';' => RESERVED | SEMICOLON,
            _ => RESERVED,
        };
        byte = byte.wrapping_add(1);
        rest = after;
    }
    class
};

/// The bytes before the first one of a class in `stop`, and the rest.
#[inline]
fn split_run(text: &[u8], stop: u8) -> (&[u8], &[u8]) {
    let stops = |byte: &u8| CLASS.get(usize::from(*byte)).is_some_and(|class| class & stop != 0);
    let run = text.iter().position(stops).unwrap_or(text.len());
    text.split_at_checked(run).unwrap_or_default()
}

/// The parameters of a query, the bytes between `?` and `#`, read in one pass: split at `&`, empty pieces skipped, the first
/// `=` ends the name; without one the value is empty.
pub(crate) struct Parameters<'q> {
    rest: &'q [u8],
    /// Whether a `;` was read that is not escaped. It is an ordinary byte here; other readers drop the parameter.
    pub(crate) semicolon: bool,
}

impl<'q> Parameters<'q> {
    #[inline]
    pub(crate) const fn of(query: &'q [u8]) -> Self {
        Self { rest: query, semicolon: false }
    }

    /// The text up to one of the delimiters `ends`, which is left, or up to the end.
    #[inline]
    fn up_to(&mut self, ends: u8) -> Result<Decoded<'q>, BadEscape> {
        let start = self.rest;
        let mut escapes: usize = 0;
        let mut plain = true;
        loop {
            let (_, special) = split_run(self.rest, ends | ESCAPE | SEMICOLON);
            match special {
                [b'%', high, low, after @ ..] if hex_digit(high).is_some() && hex_digit(low).is_some() => {
                    escapes = escapes.wrapping_add(1);
                    self.rest = after;
                }
                [b'%', ..] => return Err(BadEscape),
                [b'+', after @ ..] => self.rest = after,
                [b';', after @ ..] => {
                    (self.rest, self.semicolon) = (after, true);
                    continue;
                }
                _ => {
                    self.rest = special;
                    break;
                }
            }
            plain = false;
        }
        let used = start.len().wrapping_sub(self.rest.len());
        let raw = start.get(..used).unwrap_or_default();
        Ok(Decoded { raw, len: used.wrapping_sub(escapes.wrapping_mul(2)), plain })
    }

    /// Whether the next byte is this one, which then is taken.
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
        let name = self.up_to(AMPERSAND | EQUALS);
        let value = if self.takes(b'=') { self.up_to(AMPERSAND) } else { Ok(Decoded::default()) };
        // After an error there is nothing more to say.
        Some(name.and_then(|name| Ok((name, value?))).inspect_err(|_| self.rest = &[]))
    }
}

/// The pieces of a query as they stand, the empty ones too: joined with `&` they are the query again.
pub(crate) fn pieces(query: &[u8]) -> impl Iterator<Item = &[u8]> {
    query.split(|byte| *byte == b'&')
}

/// The value of a piece, still encoded, if its name decodes to this one. A name that cannot be decoded is another one.
pub(crate) fn value_of<'q>(piece: &'q [u8], name: &[u8]) -> Option<&'q [u8]> {
    let (raw_name, value) = split_once(piece, b'=').unwrap_or((piece, b""));
    Decoded::from_query(raw_name).is_ok_and(|decoded| decoded == *name).then_some(value)
}

fn upper_hex_digit(nibble: u8) -> u8 {
    let base = if nibble < 10 { b'0' } else { b'A' - 10 };
    base.wrapping_add(nibble)
}

/// Writes `bytes` with the one escaping of this crate: all but RFC 3986's unreserved characters become `%XX`, upper
/// case.
pub(crate) fn write_escaped(out: &mut (impl fmt::Write + ?Sized), bytes: &[u8]) -> fmt::Result {
    let mut rest = bytes;
    loop {
        let (before, escape) = split_run(rest, RESERVED);
        out.write_str(core::str::from_utf8(before).unwrap_or_default())?;
        let Some((byte, after)) = escape.split_first() else { return Ok(()) };
        let escape = [b'%', upper_hex_digit(byte >> 4), upper_hex_digit(byte & 15)];
        out.write_str(core::str::from_utf8(&escape).unwrap_or_default())?;
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(raw: &[u8]) -> Result<Vec<u8>, BadEscape> {
        let decoded = Decoded::from_query(raw)?;
        let bytes: Vec<u8> = decoded.bytes().collect();
        assert_eq!(decoded.len(), bytes.len());
        let mut fed = Vec::new();
        decoded.feed(|piece| fed.extend_from_slice(piece));
        assert_eq!(fed, bytes);
        Ok(bytes)
    }

    #[test]
    fn escapes_are_two_hex_digits() {
        assert_eq!(decoded(b"%2f%2F+%2b;%00").as_deref(), Ok(&b"// +;\0"[..]));
        for wrong in [&b"%"[..], b"%2", b"%2g", b"%%20", b"a%", b"%+1", b"% 1"] {
            assert_eq!(decoded(wrong), Err(BadEscape), "{}", wrong.escape_ascii());
        }
    }

    #[test]
    fn what_is_plain_stays_as_it_is() {
        assert_eq!(Decoded::plain(b"a+b%20").bytes().collect::<Vec<u8>>(), b"a+b%20");
        assert!(Decoded::plain(b"a+b") == *"a+b");
    }

    #[test]
    fn a_path_keeps_its_plus() {
        let path = |raw| decode_path(raw).map(|bytes| bytes.collect::<Vec<u8>>());
        assert_eq!(path(b"/a+b%2Bc").as_deref(), Ok(&b"/a+b+c"[..]));
        assert!(path(b"/%zz").is_err());
    }

    #[test]
    fn a_short_buffer_is_left_alone() {
        let text = Decoded::from_query(b"a%20b").unwrap();
        let mut out = [b'x'; 2];
        assert_eq!(text.copy_to(&mut out), Err(BufferTooSmall { needed: 3 }));
        assert_eq!(&out, b"xx");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes: Vec<u8>) {
            let mut text = String::new();
            write_escaped(&mut text, &bytes).unwrap();
            prop_assert_eq!(decoded(text.as_bytes()), Ok(bytes.clone()));
            let oracle = percent_encoding::percent_encode(&bytes, percent_encoding::NON_ALPHANUMERIC).to_string();
            let oracle = oracle.replace("%2D", "-").replace("%2E", ".").replace("%5F", "_").replace("%7E", "~");
            prop_assert_eq!(text, oracle);
        }

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
