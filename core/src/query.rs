//! A raw URL query as borrowed pieces: checked, measured, decoded as it is read. And the writing of one.

use crate::buffer::BufferTooSmall;
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
    #[inline]
    pub fn from_query(raw: &'q [u8]) -> Result<Self, BadEscape> {
        let mut len: usize = 0;
        let mut plain = true;
        let mut bytes = raw.iter();
        while let Some(byte) = bytes.next() {
            len = len.wrapping_add(1);
            match byte {
                b'+' => plain = false,
                b'%' => {
                    plain = false;
                    let digits = (bytes.next().and_then(hex_digit), bytes.next().and_then(hex_digit));
                    if !matches!(digits, (Some(_), Some(_))) {
                        return Err(BadEscape);
                    }
                }
                _ => {}
            }
        }
        Ok(Self { raw, len, plain })
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
    pub fn bytes(&self) -> impl Iterator<Item = u8> + Clone + 'q {
        Unescape { rest: self.raw.iter(), mode: if self.plain { Mode::Verbatim } else { Mode::Query } }
    }

    /// Decodes into `out`.
    ///
    /// # Errors
    /// [`BufferTooSmall`] with the needed size, and nothing is written.
    pub fn copy_to<'b>(&self, out: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        let held = out.get_mut(..self.len).ok_or(BufferTooSmall { needed: self.len })?;
        for (place, byte) in held.iter_mut().zip(self.bytes()) {
            *place = byte;
        }
        Ok(held)
    }

    /// Hands the decoded bytes on in as long pieces as there are.
    #[inline]
    pub(crate) fn feed(&self, mut sink: impl FnMut(&[u8])) {
        if self.plain {
            return sink(self.raw);
        }
        let mut rest = self.raw;
        loop {
            let run = rest.iter().take_while(|byte| !matches!(byte, b'%' | b'+')).count();
            let (before, escape) = rest.split_at_checked(run).unwrap_or_default();
            sink(before);
            let mut bytes = Unescape { rest: escape.iter(), mode: Mode::Query };
            let Some(byte) = bytes.next() else { return };
            sink(&[byte]);
            rest = bytes.rest.as_slice();
        }
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

/// The parameters of a query, the bytes between `?` and `#`: split at `&`, empty pieces skipped, the first `=` ends
/// the name; without one the value is empty. `;` is an ordinary byte.
pub(crate) fn parameters(query: &[u8]) -> impl Iterator<Item = Result<(Decoded<'_>, Decoded<'_>), BadEscape>> {
    query.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty()).map(|piece| {
        let mut halves = piece.splitn(2, |byte| *byte == b'=');
        let name = halves.next().unwrap_or_default();
        let value = halves.next().unwrap_or_default();
        Ok((Decoded::from_query(name)?, Decoded::from_query(value)?))
    })
}

fn upper_hex_digit(nibble: u8) -> char {
    let base = if nibble < 10 { b'0' } else { b'A' - 10 };
    char::from(base.wrapping_add(nibble))
}

/// Writes `bytes` with the one escaping of this crate: all but RFC 3986's unreserved characters become `%XX`, upper
/// case.
pub(crate) fn write_escaped(out: &mut (impl fmt::Write + ?Sized), bytes: &[u8]) -> fmt::Result {
    let unreserved = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let mut rest = bytes;
    loop {
        let run = rest.iter().take_while(|byte| unreserved(byte)).count();
        let (before, escape) = rest.split_at_checked(run).unwrap_or_default();
        out.write_str(core::str::from_utf8(before).unwrap_or_default())?;
        let Some((byte, after)) = escape.split_first() else { return Ok(()) };
        out.write_char('%')?;
        out.write_char(upper_hex_digit(byte >> 4))?;
        out.write_char(upper_hex_digit(byte & 15))?;
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
            let ours: Result<Vec<_>, _> = parameters(query.as_bytes())
                .map(|pair| pair.map(|(name, value)| (name.bytes().collect::<Vec<u8>>(), value.bytes().collect::<Vec<u8>>())))
                .collect();
            let Ok(ours) = ours else { return Ok(()) };
            let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let theirs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            prop_assert_eq!(ours.iter().map(|(n, v)| (lossy(n), lossy(v))).collect::<Vec<_>>(), theirs);
        }
    }
}
