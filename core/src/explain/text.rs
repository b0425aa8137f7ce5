//! A text of the query as it would be after a common mistake is undone. It is edited as it is read.

use crate::encoding::percent::{Decoded, write_escaped};
use crate::encoding::text::is_text;

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
        let Self { base, edit } = *self;
        let mut all = base.bytes();
        if edit == Edit::NoFirstSlash && all.clone().next() == Some(b'/') {
            all.next();
        }
        let len = match edit {
            Edit::First(len) => len,
            Edit::NoLastSlash if all.clone().last() == Some(b'/') => base.len().saturating_sub(1),
            _ => base.len(),
        };
        // The signature's prefix is not base64.
        let kept = if matches!(edit, Edit::Base64 | Edit::Base64Url) { PREFIX_LEN } else { 0 };
        let (head, rest) = (all.clone().take(kept), all.take(len).skip(kept));
        let slash = move |wanted| (edit == wanted).then_some(b'/').into_iter();
        let middle = Unescaped { rest, edit }.flat_map(move |byte| edit.spell(byte).into_iter().flatten());
        slash(Edit::SlashBefore).chain(head).chain(middle).chain(slash(Edit::SlashAfter))
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

impl Edit {
    /// What one byte becomes: up to three.
    fn spell(self, byte: u8) -> [Option<u8>; 3] {
        let one = |byte| [Some(byte), None, None];
        match (self, byte) {
            (Self::EscapeKeepSlash, b'/') => one(byte),
            (Self::Escape | Self::EscapeKeepSlash, _) => escaped(byte),
            (Self::SpacesToPluses, b' ') => one(b'+'),
            (Self::LowerCase, _) => one(byte.to_ascii_lowercase()),
            (Self::Base64 | Self::Base64Url, b'=' | b'\r' | b'\n') => [None; 3],
            // A `+` that was not escaped is read as a space.
            (Self::Base64, b' ' | b'-') => one(b'+'),
            (Self::Base64, b'_') => one(b'/'),
            (Self::Base64Url, b' ' | b'+') => one(b'-'),
            (Self::Base64Url, b'/') => one(b'_'),
            _ => one(byte),
        }
    }
}

/// A byte as this crate percent-encodes it.
fn escaped(byte: u8) -> [Option<u8>; 3] {
    let mut text = heapless::String::<3>::new();
    // Three bytes is what it takes.
    let _ = write_escaped(&mut text, &[byte]);
    let mut bytes = text.bytes();
    [bytes.next(), bytes.next(), bytes.next()]
}

/// Bytes, percent-decoded once more if that is the edit. A `%` that begins no escape stays.
#[derive(Clone)]
struct Unescaped<I> {
    rest: I,
    edit: Edit,
}

impl<I: Iterator<Item = u8> + Clone> Iterator for Unescaped<I> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let byte = self.rest.next()?;
        match (self.edit, byte) {
            (Edit::Unescape, b'+') => return Some(b' '),
            (Edit::Unescape | Edit::UnescapeKeepPlus, b'%') => {}
            _ => return Some(byte),
        }
        let mut rest = self.rest.clone();
        if let (Some(high), Some(low)) = (rest.next(), rest.next())
            && let Ok(escape) = Decoded::from_query(&[byte, high, low])
        {
            self.rest = rest;
            return escape.bytes().next();
        }
        Some(byte)
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
