//! Writing into a caller's buffer: all of it or nothing.

use crate::encoding::bytes::copy;
use core::fmt;

/// The buffer is too small. Nothing was written to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferTooSmall {
    /// The size that is needed, in bytes.
    pub needed: usize,
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the buffer must be at least {} bytes long", self.needed)
    }
}

impl core::error::Error for BufferTooSmall {}

/// Takes text, and ASCII that is still a secret: without a check of its encoding, which branches on it.
pub(crate) trait Out: fmt::Write {
    fn write_ascii(&mut self, text: &[u8]) -> fmt::Result;
}

/// A writer that takes text alone is given ASCII character by character.
pub(crate) struct Characters<'w, W: ?Sized>(pub(crate) &'w mut W);

impl<W: fmt::Write + ?Sized> fmt::Write for Characters<'_, W> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write_str(text)
    }
}

impl<W: fmt::Write + ?Sized> Out for Characters<'_, W> {
    #[inline]
    fn write_ascii(&mut self, text: &[u8]) -> fmt::Result {
        // The mask shows the compiler that each is ASCII.
        text.iter().try_for_each(|byte| self.0.write_char(char::from(byte & 0x7f)))
    }
}

/// Counts what is written, and keeps as much as fits.
pub(crate) struct Measured<'b> {
    rest: &'b mut [u8],
    written: usize,
}

impl fmt::Write for Measured<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.write_ascii(text.as_bytes())
    }
}

impl Out for Measured<'_> {
    fn write_ascii(&mut self, text: &[u8]) -> fmt::Result {
        self.written = self.written.saturating_add(text.len());
        let rest = core::mem::take(&mut self.rest);
        if let Some((place, rest)) = rest.split_at_mut_checked(text.len()) {
            copy(place, text);
            self.rest = rest;
        }
        Ok(())
    }
}

/// Runs `write` once to measure and, when it fits, once more into `out`. Returns what was written.
///
/// # Errors
/// [`BufferTooSmall`] with the needed size, and `out` is as it was.
pub fn write_to_slice(
    out: &mut [u8],
    write: impl Fn(&mut dyn fmt::Write) -> fmt::Result,
) -> Result<&str, BufferTooSmall> {
    Ok(core::str::from_utf8(write_measured(out, |out| write(out))?).unwrap_or_default())
}

/// The same as bytes, with the writer's own type.
pub(crate) fn write_measured(
    out: &mut [u8],
    write: impl Fn(&mut Measured<'_>) -> fmt::Result,
) -> Result<&[u8], BufferTooSmall> {
    let run = |rest: &mut [u8]| {
        let mut measured = Measured { rest, written: 0 };
        // Neither `Measured` nor what this crate writes fails.
        let _ = write(&mut measured);
        measured.written
    };
    let needed = run(&mut []);
    let out = out.get_mut(..needed).ok_or(BufferTooSmall { needed })?;
    run(out);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_or_nothing() {
        let write = |out: &mut dyn fmt::Write| write!(out, "abc-{}", 12);
        let mut out = [b'.'; 7];
        assert_eq!(write_to_slice(&mut out, write), Ok("abc-12"));
        assert_eq!(&out, b"abc-12.");
        let mut short = [b'.'; 5];
        assert_eq!(write_to_slice(&mut short, write), Err(BufferTooSmall { needed: 6 }));
        assert_eq!(&short, b".....");
    }
}
