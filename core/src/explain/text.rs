//! A text of the query as it would be after a common mistake is undone. It is edited as it is read.

use crate::encoding::percent::{Decoded, Unescape, escape, hex_digit, is_unreserved};
use crate::encoding::text::is_text;
use crate::value::ids::KeyId;
use core::iter::Take;

/// Text of a query, edited: bytes, which need not be UTF-8. It compares with bytes, and `Display` writes it as it writes
/// a [`Value`](super::Value).
#[derive(Clone, Copy)]
pub struct Text<'q> {
    base: Decoded<'q>,
    edit: Edit,
}

/// What is done to a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    Nothing,
    /// Only the first bytes, this many.
    First(usize),
    SlashBefore,
    SlashAfter,
    NoFirstSlash,
    NoLastSlash,
    /// Percent-decode once more. A `+` is a space.
    Unescape,
    /// The same, but a `+` stays.
    UnescapeKeepPlus,
    /// Percent-encode.
    Escape,
    /// The same, but a `/` stays.
    EscapeKeepSlash,
    SpacesToPluses,
    LowerCase,
    /// Base64 in the standard alphabet, without padding and line breaks.
    Base64,
    /// Base64 in the alphabet for URLs, without padding and line breaks.
    Base64Url,
    /// This key id in a signature of v2, in place of its own.
    KeyId(KeyId),
}

/// Of `v1_` and of `v2.`; the key id and its dot are the same in every alphabet.
const PREFIX_LEN: usize = 3;

impl<'q> Text<'q> {
    pub(super) const fn new(base: Decoded<'q>, edit: Edit) -> Self {
        Self { base, edit }
    }

    pub(super) const fn plain(text: &'q [u8]) -> Self {
        Self::new(Decoded::plain(text), Edit::Nothing)
    }

    /// The bytes, one by one.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + Clone + use<'q> {
        Edited::new(self)
    }

    /// Whether `Display` writes it percent-encoded, because it is not UTF-8 without NUL.
    #[must_use]
    pub fn is_percent_encoded(&self) -> bool {
        !self.is_utf8()
    }

    /// Whether it is UTF-8 without NUL.
    pub(super) fn is_utf8(&self) -> bool {
        is_text(self.bytes())
    }
}

/// The bytes of a text, edited as they are read.
#[derive(Clone)]
struct Edited<'q> {
    edit: Edit,
    /// What comes before everything else.
    first: [Option<u8>; 2],
    /// How many bytes of the rest are not edited.
    kept: usize,
    rest: Take<Unescape<'q>>,
    /// What comes after everything else.
    last: Option<u8>,
}

impl<'q> Edited<'q> {
    fn new(&Text { base, edit }: &Text<'q>) -> Self {
        let mut rest = base.unescape();
        let len = match edit {
            Edit::First(len) => len,
            Edit::NoLastSlash if rest.clone().last() == Some(b'/') => base.len().saturating_sub(1),
            _ => base.len(),
        };
        if edit == Edit::NoFirstSlash && rest.clone().next() == Some(b'/') {
            rest.next();
        }
        let slash = |wanted| if edit == wanted { Some(b'/') } else { None };
        // The prefix of a signature is not base64. In v2 the key id follows it.
        let kept = if matches!(edit, Edit::Base64 | Edit::Base64Url | Edit::KeyId(_)) { PREFIX_LEN } else { 0 };
        let first = [slash(Edit::SlashBefore), None];
        Self { edit, first, kept, rest: rest.take(len), last: slash(Edit::SlashAfter) }
    }

    /// The byte of the escape that a `%` begins, or the `%`.
    fn unescape(&mut self) -> u8 {
        let mut rest = self.rest.clone();
        let mut digit = || rest.next().and_then(|byte| hex_digit(&byte));
        let Some((high, low)) = digit().zip(digit()) else { return b'%' };
        self.rest = rest;
        (high << 4) | low
    }
}

impl Iterator for Edited<'_> {
    type Item = u8;

    #[inline(never)]
    fn next(&mut self) -> Option<u8> {
        let [first, second] = &mut self.first;
        if let Some(byte) = first.take().or_else(|| second.take()) {
            return Some(byte);
        }
        loop {
            let Some(byte) = self.rest.next() else { return self.last.take() };
            if let Some(kept) = self.kept.checked_sub(1) {
                self.kept = kept;
                return Some(byte);
            }
            return Some(match (self.edit, byte) {
                (Edit::EscapeKeepSlash, b'/') => b'/',
                (Edit::Escape | Edit::EscapeKeepSlash, _) if !is_unreserved(byte) => {
                    let [percent, high, low] = escape(byte);
                    self.first = [Some(high), Some(low)];
                    percent
                }
                (Edit::Unescape, b'+') => b' ',
                (Edit::Unescape | Edit::UnescapeKeepPlus, b'%') => self.unescape(),
                (Edit::SpacesToPluses, b' ') => b'+',
                (Edit::LowerCase, _) => byte.to_ascii_lowercase(),
                (Edit::Base64 | Edit::Base64Url, b'=' | b'\r' | b'\n') => continue,
                // A `+` that was not escaped is read as a space.
                (Edit::Base64, b' ' | b'-') => b'+',
                (Edit::Base64, b'_') => b'/',
                (Edit::Base64Url, b' ' | b'+') => b'-',
                (Edit::Base64Url, b'/') => b'_',
                (Edit::KeyId(kid), _) => {
                    self.edit = Edit::Nothing;
                    kid.byte()
                }
                _ => byte,
            });
        }
    }
}

/// What it decodes to.
impl<'q> From<Decoded<'q>> for Text<'q> {
    fn from(decoded: Decoded<'q>) -> Self {
        Self::new(decoded, Edit::Nothing)
    }
}

/// The bytes as they are.
impl<'q> From<&'q [u8]> for Text<'q> {
    fn from(bytes: &'q [u8]) -> Self {
        Self::plain(bytes)
    }
}

/// The bytes as they are.
impl<'q> From<&'q str> for Text<'q> {
    fn from(text: &'q str) -> Self {
        Self::plain(text.as_bytes())
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl Eq for Text<'_> {}

impl PartialEq<[u8]> for Text<'_> {
    fn eq(&self, other: &[u8]) -> bool {
        self.bytes().eq(other.iter().copied())
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        *self == *other.as_bytes()
    }
}
