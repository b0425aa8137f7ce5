//! Percent-encoding. Text is checked and measured once, and decoded while it is read.

use crate::encoding::buffer::BufferTooSmall;
use crate::encoding::bytes::copy;
use crate::encoding::number::{MAX_EXACT, parse_decimal, parse_exact, parse_short};
use crate::memory::wipe::Wiped;
use core::fmt;

/// A `%` that is not followed by two hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadEscape;

impl fmt::Display for BadEscape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a % must be followed by two hex digits")
    }
}

impl core::error::Error for BadEscape {}

/// Checked text that may still be percent-encoded. It is decoded while it is read.
///
/// It decodes to arbitrary bytes, not necessarily UTF-8.
#[derive(Clone, Copy)]
pub struct Decoded<'q> {
    raw: &'q [u8],
    len: usize,
    /// Whether `raw` contains no escape, so that it needs no decoding.
    plain: bool,
}

impl<'q> Decoded<'q> {
    /// Returns bytes that need no decoding.
    #[inline]
    pub(crate) const fn plain(bytes: &'q [u8]) -> Self {
        Self { raw: bytes, len: bytes.len(), plain: true }
    }

    /// Returns a name or value of a query: `+` is a space and `%XX` a byte, in upper or lower case.
    ///
    /// # Errors
    /// [`BadEscape`] for a `%` that is not followed by two hex digits.
    pub fn from_query(raw: &'q [u8]) -> Result<Self, BadEscape> {
        let (mut rest, mut escapes, mut plain) = (raw, 0_usize, true);
        loop {
            match split_run(rest, ESCAPE).1 {
                [] => break,
                [b'%', high, low, after @ ..] if hex_digit(high).is_some() && hex_digit(low).is_some() => {
                    escapes = escapes.wrapping_add(1);
                    rest = after;
                }
                [b'%', ..] => return Err(BadEscape),
                [_, after @ ..] => rest = after,
            }
            plain = false;
        }
        Ok(Self { raw, len: raw.len().wrapping_sub(escapes.wrapping_mul(2)), plain })
    }

    /// The number of bytes after decoding.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether the text is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the bytes as received, still encoded.
    #[must_use]
    pub const fn raw(&self) -> &'q [u8] {
        self.raw
    }

    /// Returns the decoded bytes one by one.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + Clone + use<'q> {
        self.unescape()
    }

    #[inline]
    pub(crate) fn unescape(&self) -> Unescape<'q> {
        Unescape { rest: self.raw.iter(), mode: if self.plain { Mode::Verbatim } else { Mode::Query } }
    }

    /// Decodes into `out`.
    ///
    /// # Errors
    /// [`BufferTooSmall`] with the needed size; nothing is written.
    pub fn copy_to<'b>(&self, out: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        let held = out.get_mut(..self.len).ok_or(BufferTooSmall { needed: self.len })?;
        let mut done: usize = 0;
        self.feed(|bytes| {
            copy(held.get_mut(done..).unwrap_or_default(), bytes);
            done = done.wrapping_add(bytes.len());
        });
        Ok(held)
    }

    /// Writes as many decoded bytes as fit into `buffer`, and returns them.
    pub(crate) fn first_bytes<'b>(&self, buffer: &'b mut [u8]) -> &'b [u8] {
        let len = self.len.min(buffer.len());
        for (place, byte) in buffer.iter_mut().zip(self.bytes()) {
            *place = byte;
        }
        buffer.get(..len).unwrap_or_default()
    }

    /// Passes the decoded bytes to `sink`, in pieces.
    #[inline]
    pub(crate) fn feed(&self, mut sink: impl FnMut(&[u8])) {
        if self.plain {
            return sink(self.raw);
        }
        let mut bytes = self.bytes();
        // Text may be nothing but escapes. Passed one by one, their hash takes more than twice as long.
        let mut piece = Wiped([0; 64]);
        loop {
            let mut len = 0_usize;
            for (place, byte) in piece.0.iter_mut().zip(bytes.by_ref()) {
                *place = byte;
                len = len.wrapping_add(1);
            }
            match piece.0.get(..len) {
                None | Some([]) => return,
                Some(piece) => sink(piece),
            }
        }
    }

    /// Returns checked text that contains an escape and decodes to `len` bytes.
    #[inline]
    pub(crate) const fn escaped(raw: &'q [u8], len: usize) -> Self {
        Self { raw, len, plain: false }
    }

    /// The number, as [`parse_exact`] reads it. Most expiries have ten digits, which are read without a loop.
    #[inline]
    pub(crate) fn exact(&self) -> Option<u64> {
        match self.as_plain().filter(|text| !text.starts_with(b"0")).and_then(parse_short) {
            Some(number) => Some(number).filter(|number| *number <= MAX_EXACT),
            None => parse_exact(self.bytes()),
        }
    }

    /// The number, as [`parse_decimal`] reads it.
    #[inline]
    pub(crate) fn decimal(&self) -> Option<i64> {
        match self.as_plain().and_then(parse_short) {
            Some(number) => Some(number.cast_signed()),
            None => parse_decimal(self.bytes()),
        }
    }

    /// Returns the bytes if no decoding is needed.
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

/// Two texts are equal when they decode to the same bytes.
impl PartialEq for Decoded<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl Eq for Decoded<'_> {}

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

impl PartialEq<&[u8]> for Decoded<'_> {
    fn eq(&self, other: &&[u8]) -> bool {
        self.is(other)
    }
}

impl<const N: usize> PartialEq<[u8; N]> for Decoded<'_> {
    fn eq(&self, other: &[u8; N]) -> bool {
        self.is(other)
    }
}

impl<const N: usize> PartialEq<&[u8; N]> for Decoded<'_> {
    fn eq(&self, other: &&[u8; N]) -> bool {
        self.is(*other)
    }
}

impl PartialEq<&str> for Decoded<'_> {
    fn eq(&self, other: &&str) -> bool {
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

/// Decodes checked text. It would keep a bad escape as literal bytes.
#[derive(Clone)]
pub(crate) struct Unescape<'q> {
    rest: core::slice::Iter<'q, u8>,
    mode: Mode,
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// Nothing is an escape.
    Verbatim,
    /// `%XX` is a byte.
    Path,
    /// `%XX` is a byte and `+` is a space.
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
pub(crate) fn hex_digit(byte: &u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => byte.checked_sub(b'0'),
        b'a'..=b'f' => byte.checked_sub(b'a' - 10),
        b'A'..=b'F' => byte.checked_sub(b'A' - 10),
        _ => None,
    }
}

/// Returns the path of a request, decoded: `%XX` is a byte, `+` is itself.
pub(crate) fn decode_path(raw: &[u8]) -> Result<impl Iterator<Item = u8> + Clone + '_, BadEscape> {
    Decoded::from_query(raw)?;
    Ok(Unescape { rest: raw.iter(), mode: Mode::Path })
}

const ESCAPE: u8 = 1;
const RESERVED: u8 = 2;

/// The classes of each byte in a query. The table look-up may depend on the byte, because a query is public.
static CLASS: [u8; 256] = {
    let mut class = [RESERVED; 256];
    let mut rest: &mut [u8] = &mut class;
    let mut byte: u8 = 0;
    while let [first, after @ ..] = rest {
        *first = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => 0,
            b'%' | b'+' => RESERVED | ESCAPE,
            _ => RESERVED,
        };
        byte = byte.wrapping_add(1);
        rest = after;
    }
    class
};

/// Returns the bytes before the first one of a class in `stop`, and the rest.
#[inline]
fn split_run(text: &[u8], stop: u8) -> (&[u8], &[u8]) {
    let stops = |byte: &u8| CLASS.get(usize::from(*byte)).is_some_and(|class| class & stop != 0);
    let run = text.iter().position(stops).unwrap_or(text.len());
    text.split_at_checked(run).unwrap_or_default()
}

/// A byte as `%XX`, upper case.
pub(crate) fn escape(byte: u8) -> [u8; 3] {
    let digit = |nibble: u8| nibble.wrapping_add(if nibble < 10 { b'0' } else { b'A' - 10 });
    [b'%', digit(byte >> 4), digit(byte & 15)]
}

/// Whether a byte is one of RFC 3986's unreserved characters, which are not escaped.
#[cfg(feature = "explain")]
pub(crate) fn is_unreserved(byte: u8) -> bool {
    split_run(&[byte], RESERVED).1.is_empty()
}

/// Percent-encodes `bytes`: everything except RFC 3986's unreserved characters becomes `%XX` in upper case. Passes it to `sink`
/// in pieces of ASCII.
#[inline]
pub(crate) fn each_escaped(bytes: &[u8], mut sink: impl FnMut(&[u8]) -> fmt::Result) -> fmt::Result {
    let mut rest = bytes;
    loop {
        let (before, reserved) = split_run(rest, RESERVED);
        sink(before)?;
        let Some((byte, after)) = reserved.split_first() else { return Ok(()) };
        sink(&escape(*byte))?;
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
    fn plain_text_is_unchanged() {
        assert_eq!(Decoded::plain(b"a+b%20").bytes().collect::<Vec<u8>>(), b"a+b%20");
        assert_eq!(Decoded::plain(b"a+b"), "a+b");
    }

    #[test]
    fn decoded_text_compares_with_text_and_bytes() {
        let text = Decoded::from_query(b"a%20b").unwrap();
        assert_eq!(text, "a b");
        assert_eq!(text, b"a b");
        assert_eq!(text, *b"a b");
        assert_eq!(text, &b"a b"[..]);
        assert!(text == *"a b" && text == b"a b"[..]);
        assert_eq!(text, Decoded::plain(b"a b"));
        assert_ne!(text, "a%20b");
        assert_ne!(text, b"a ");
        assert_ne!(text, Decoded::plain(b"a%20b"));
    }

    #[test]
    fn a_path_keeps_its_plus() {
        let path = |raw| decode_path(raw).map(|bytes| bytes.collect::<Vec<u8>>());
        assert_eq!(path(b"/a+b%2Bc").as_deref(), Ok(&b"/a+b+c"[..]));
        assert!(path(b"/%zz").is_err());
    }

    #[test]
    fn short_buffer_is_not_changed() {
        let text = Decoded::from_query(b"a%20b").unwrap();
        let mut out = [b'x'; 2];
        assert_eq!(text.copy_to(&mut out), Err(BufferTooSmall { needed: 3 }));
        assert_eq!(&out, b"xx");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes: Vec<u8>) {
            let mut text = Vec::new();
            each_escaped(&bytes, |piece| {
                text.extend_from_slice(piece);
                Ok(())
            })
            .unwrap();
            let text = String::from_utf8(text).unwrap();
            prop_assert_eq!(decoded(text.as_bytes()), Ok(bytes.clone()));
            let oracle = percent_encoding::percent_encode(&bytes, percent_encoding::NON_ALPHANUMERIC).to_string();
            let oracle = oracle.replace("%2D", "-").replace("%2E", ".").replace("%5F", "_").replace("%7E", "~");
            prop_assert_eq!(text, oracle);
        }
    }
}
