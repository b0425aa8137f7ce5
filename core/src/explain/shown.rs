//! Explanations in words.

use super::change::{Change, Kind, Value};
use super::explanation::Explanation;
use super::text::Text;
use crate::encoding::number::Decimal;
use crate::encoding::percent::{escape, is_unreserved};
use crate::value::error::{Code, Gate};
use core::fmt::{self, Write};

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_traffic = self.denied.gate() == Gate::Traffic;
        f.write_str(match self.denied.code() {
            Code::Missing if is_traffic => "nothing was presented",
            Code::Malformed if is_traffic => "the text has not the shape of a traffic pass or of a signed host",
            Code::Invalid if is_traffic => "the signature is not that of this text under this traffic token",
            Code::OutOfScope if is_traffic => "the signature is right, and it is for another port than the requested one",
            Code::Missing => "the URL has no signature",
            Code::Malformed => {
                "the URL cannot be read, because it has a bad escape, a repeated or unknown parameter, a number or a text of the \
                 wrong shape, or a signature of another wire format than the token's"
            }
            Code::Invalid => "the signature is not that of this URL under this token",
            Code::Expired => "the signature is right, and its time is over",
            Code::LifetimeTooLong => "the signature is right, and it lasts longer than a verifier accepts",
            Code::OutOfScope => "the signature is right, and the path lies outside its directory",
            Code::NotInitialized => "the controller has not been told its token yet",
        })?;
        let Some(change) = &self.change else { return Ok(()) };
        f.write_str("; ")?;
        fmt::Display::fmt(change, f)
    }
}

impl fmt::Display for Change<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Signature(_) = self {
            return f.write_str(
                "the signature is right in another spelling: it must be escaped, unpadded and in the alphabet of its wire format",
            );
        }
        let value = self.value();
        f.write_str("the signature is right ")?;
        f.write_str(if value.is_some() { "for another " } else { "without " })?;
        f.write_str(self.field())?;
        let Some(value) = value else { return Ok(()) };
        f.write_str(if value.is_percent_encoded() { ", percent-encoded: " } else { ": " })?;
        fmt::Debug::fmt(&value, f)
    }
}

/// A signature is a credential, so it is not shown.
impl fmt::Debug for Change<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature(_) => f.write_str("Change(signature: redacted)"),
            _ => write!(f, "Change({}: {:?})", self.field(), self.value()),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Word(word) => f.write_str(word),
            Kind::Number(number) => f.write_str(Decimal::new(*number).as_str()),
            Kind::KeyId(kid) => f.write_str(kid.as_str()),
            Kind::SandboxId(id) => f.write_str(id.as_str()),
            Kind::Text(text) => text.fmt(f),
        }
    }
}

/// In quotes, with escapes for characters that a terminal does not show.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Kind::Text(text) = &self.0 {
            return text.fmt(f);
        }
        f.write_str("\"")?;
        fmt::Display::fmt(self, f)?;
        f.write_str("\"")
    }
}

/// As text, or percent-encoded if the bytes are not UTF-8 without NUL.
impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.characters(&mut |character| f.write_char(character))
    }
}

/// The same in quotes, with escapes for characters that a terminal does not show.
impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        self.characters(&mut |character| {
            if is_invisible(character) {
                return write_code(f, character.into());
            }
            if let '"' | '\\' = character {
                f.write_str("\\")?;
            }
            f.write_char(character)
        })?;
        f.write_str("\"")
    }
}

/// The code point of a character, `\u{7f}`.
fn write_code(f: &mut fmt::Formatter<'_>, code: u32) -> fmt::Result {
    f.write_str("\\u{")?;
    // From the digit that comes first: 24 bits hold every code point.
    for shift in [20, 16, 12, 8, 4, 0] {
        if shift == 0 || code >> shift != 0 {
            f.write_char(char::from_digit((code >> shift) & 15, 16).unwrap_or_default())?;
        }
    }
    f.write_char('}')
}

impl Text<'_> {
    /// Calls `sink` with the text, or its escapes, one character at a time.
    fn characters(&self, sink: &mut dyn FnMut(char) -> fmt::Result) -> fmt::Result {
        let is_utf8 = self.is_utf8();
        let mut bytes = self.bytes();
        while let Some(byte) = bytes.next() {
            if is_utf8 {
                sink(character(byte, &mut bytes))?;
            } else if byte == b'/' || is_unreserved(byte) {
                sink(byte.into())?;
            } else {
                escape(byte).into_iter().try_for_each(|byte| sink(byte.into()))?;
            }
        }
        Ok(())
    }
}

/// The character that this byte of UTF-8 begins.
fn character(lead: u8, rest: &mut impl Iterator<Item = u8>) -> char {
    // How many bytes follow, and which bits of the first one belong to the character (RFC 3629, section 3).
    let (more, bits) = match lead {
        ..=0x7f => (0, lead),
        0x80..=0xdf => (1, lead & 0x1f),
        0xe0..=0xef => (2, lead & 0x0f),
        0xf0.. => (3, lead & 0x07),
    };
    let code = rest.take(more).fold(u32::from(bits), |code, byte| (code << 6) | u32::from(byte & 0x3f));
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Whether a terminal does not show a character as itself: controls, direction marks, joiners, line separators, tags.
///
/// A short list, because `char::escape_debug` links code that can panic.
fn is_invisible(character: char) -> bool {
    INVISIBLE.iter().any(|(first, last)| (*first..=*last).contains(&character))
}

/// From the first of them to the last.
const INVISIBLE: [(char, char); 12] = [
    ('\0', '\x1f'),
    ('\x7f', '\u{a0}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{180e}', '\u{180e}'),
    ('\u{2000}', '\u{200f}'),
    ('\u{2028}', '\u{202f}'),
    ('\u{205f}', '\u{206f}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{e0000}', '\u{e0fff}'),
];
