//! Writes signed file URLs. Each wire format only names its parameters.

use crate::encoding::buffer::{BufferTooSmall, Characters, Out, write_measured};
use crate::encoding::number::Decimal;
use crate::encoding::percent::each_escaped;
use crate::encoding::text::hex;
use crate::value::error::Misuse;
use core::fmt;

/// Why a URL was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteUrlError {
    /// The base URL is empty, or has a query, a fragment, a space or a control character.
    Base,
    /// The URL has a claim that cannot be signed.
    Misuse(Misuse),
    /// The caller's buffer is too small; nothing was written to it.
    BufferTooSmall(BufferTooSmall),
    /// The caller's writer failed.
    Output,
}

impl fmt::Display for WriteUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base => {
                f.write_str("a base URL must not be empty and must have no query, fragment, space or control character")
            }
            Self::Misuse(misuse) => misuse.fmt(f),
            Self::BufferTooSmall(error) => error.fmt(f),
            Self::Output => f.write_str("the writer failed"),
        }
    }
}

impl core::error::Error for WriteUrlError {}

impl From<Misuse> for WriteUrlError {
    fn from(misuse: Misuse) -> Self {
        Self::Misuse(misuse)
    }
}

impl From<fmt::Error> for WriteUrlError {
    fn from(_: fmt::Error) -> Self {
        Self::Output
    }
}

impl From<BufferTooSmall> for WriteUrlError {
    fn from(error: BufferTooSmall) -> Self {
        Self::BufferTooSmall(error)
    }
}

/// The value of a parameter.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Text(&'a [u8]),
    /// A signature: a secret until the URL is returned.
    Signature(&'a [u8]),
    /// A number, formatted once for both passes of [`UrlWriter::write_to_bytes`].
    Number(Decimal),
    /// Written in hexadecimal.
    Hash(&'a [u8; 32]),
}

impl Value<'_> {
    /// The most bytes that it may take.
    fn longest(&self) -> usize {
        match self {
            Self::Text(text) | Self::Signature(text) => text.len().saturating_mul(b"%XX".len()),
            Self::Number(_) => Decimal::CAPACITY,
            Self::Hash(hash) => hash.len().saturating_mul(b"ff".len()),
        }
    }
}

/// A parameter's name, and its value if it is present.
pub(crate) type Parameter<'a> = (&'static str, Option<Value<'a>>);

/// Writes `{base}/files?` and the parameters that are present.
#[derive(Clone, Copy)]
pub(crate) struct UrlWriter<'a>(&'a str);

impl<'a> UrlWriter<'a> {
    /// Returns a writer for the controller at `base`, which it validates.
    pub(crate) fn new(base: &'a str) -> Result<Self, WriteUrlError> {
        let base = base.strip_suffix('/').unwrap_or(base);
        if base.is_empty() || !is_base(base) { Err(WriteUrlError::Base) } else { Ok(Self(base)) }
    }

    pub(crate) fn write(
        self,
        out: &mut (impl fmt::Write + ?Sized),
        parameters: &[Parameter<'_>],
    ) -> Result<(), WriteUrlError> {
        Ok(self.write_to(&mut Characters(out), parameters)?)
    }

    /// Writes into a buffer, and returns the text.
    pub(crate) fn write_to_slice<'b>(
        self,
        out: &'b mut [u8],
        parameters: &[Parameter<'_>],
    ) -> Result<&'b str, WriteUrlError> {
        Ok(core::str::from_utf8(self.write_to_bytes(out, parameters)?).unwrap_or_default())
    }

    /// Writes into a buffer. It returns bytes, because a conversion to `str` checks the encoding and so branches on the
    /// signature.
    pub(crate) fn write_to_bytes<'b>(
        self,
        out: &'b mut [u8],
        parameters: &[Parameter<'_>],
    ) -> Result<&'b [u8], WriteUrlError> {
        let enough = parameters.iter().fold(self.0.len().saturating_add(PATH.len()), |sum, (name, value)| {
            let value = value.as_ref().map_or(0, Value::longest);
            sum.saturating_add(value).saturating_add(name.len()).saturating_add(b"&=".len())
        });
        Ok(write_measured(out, enough, |out| self.write_to(out, parameters))?)
    }

    fn write_to(self, out: &mut impl Out, parameters: &[Parameter<'_>]) -> fmt::Result {
        out.write_str(self.0)?;
        out.write_str(PATH)?;
        let mut before = "?";
        for (name, value) in parameters {
            let Some(value) = value else { continue };
            out.write_str(before)?;
            out.write_str(name)?;
            out.write_str("=")?;
            match value {
                Value::Text(bytes) => each_escaped(bytes, |piece| out.write_public(piece))?,
                Value::Signature(text) => write_signature(out, text)?,
                Value::Number(number) => out.write_public(number.as_bytes())?,
                Value::Hash(hash) => out.write_public(&hex(hash))?,
            }
            before = "&";
        }
        Ok(())
    }
}

const PATH: &str = "/files";

/// Whether a base has no query, fragment, space or control character. Most are ASCII, and are checked without a branch.
fn is_base(base: &str) -> bool {
    let is_ascii = |byte: u8| matches!(byte, 0x21..=0x7e) & (byte != b'?') & (byte != b'#');
    let is_other = |character: char| matches!(character, '?' | '#' | ' ') || character.is_control();
    base.bytes().fold(true, |all, byte| all & is_ascii(byte)) || !base.chars().any(is_other)
}

/// Writes a signature and escapes only `+` and `/`, without a table that is indexed by its bytes.
fn write_signature(out: &mut impl Out, text: &[u8]) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'+' | b'/')) {
        let (before, escape) = rest.split_at_checked(at).unwrap_or_default();
        out.write_ascii(before)?;
        out.write_str(if escape.starts_with(b"+") { "%2B" } else { "%2F" })?;
        rest = escape.get(1..).unwrap_or_default();
    }
    out.write_ascii(rest)
}
