//! Explanations in words.

use super::change::{Change, Kind, Value};
use super::explanation::Explanation;
use super::text::Text;
use crate::encoding::percent::write_escaped;
use crate::value::error::{Code, Gate};
use core::fmt;

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
        })?;
        match &self.change {
            Some(change) => write!(f, "; {change}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Change<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.value()) {
            (Self::Signature(_), _) => f.write_str(
                "the signature is right in another spelling: it must be escaped, unpadded and in the alphabet of its wire format",
            ),
            (_, Some(value)) => {
                let encoded = if value.is_percent_encoded() { ", percent-encoded" } else { "" };
                write!(f, "the signature is right for another {}{encoded}: {value:?}", self.field())
            }
            (_, None) => write!(f, "the signature is right without {}", self.field()),
        }
    }
}

/// Anyone who has a signature may do what it signs, so it is not shown.
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
            Kind::Number(number) => number.fmt(f),
            Kind::KeyId(kid) => f.write_str(kid.as_str()),
            Kind::Port(port) => port.fmt(f),
            Kind::SandboxId(id) => f.write_str(id.as_str()),
            Kind::Text(text) => text.fmt(f),
        }
    }
}

/// In quotes, with escapes for what a terminal does not show.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Text(text) => write!(f, "{text:?}"),
            _ => write!(f, "\"{self}\""),
        }
    }
}

/// As text, or percent-encoded if the bytes are not UTF-8 without NUL.
impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces(|piece| f.write_str(piece))
    }
}

/// The same in quotes, with escapes for what a terminal does not show.
impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        self.pieces(|piece| {
            piece.chars().try_for_each(|character| match character {
                '"' | '\\' => write!(f, "\\{character}"),
                _ if is_invisible(character) => write!(f, "{}", character.escape_unicode()),
                _ => write!(f, "{character}"),
            })
        })?;
        f.write_str("\"")
    }
}

impl Text<'_> {
    /// Hands on the text, a character or an escape at a time.
    fn pieces(&self, mut sink: impl FnMut(&str) -> fmt::Result) -> fmt::Result {
        let is_utf8 = self.is_utf8();
        let mut character = heapless::Vec::<u8, 4>::new();
        for byte in self.bytes() {
            if !is_utf8 && byte != b'/' {
                let mut escape = heapless::String::<3>::new();
                write_escaped(&mut escape, &[byte])?;
                sink(&escape)?;
                continue;
            }
            // No character takes more than four bytes.
            character.push(byte).map_err(|_| fmt::Error)?;
            if let Ok(whole) = core::str::from_utf8(&character) {
                sink(whole)?;
                character.clear();
            }
        }
        Ok(())
    }
}

/// Whether a character is one that a terminal does not show as itself: controls, marks of direction, joiners, line
/// separators, tags.
///
/// A short list, since the tables of `char::escape_debug` come with paths that panic.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\0'..='\x1f'
            | '\x7f'..='\u{a0}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}'
            | '\u{3000}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}
