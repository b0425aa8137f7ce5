//! A signed file URL as text.

use super::{FileUrl, FileUrlKey, Signature};
use crate::buffer::{BufferTooSmall, write_to_slice};
use crate::query::write_escaped;
use crate::text::Decimal;
use core::fmt;

/// Why a URL was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteUrlError {
    /// The base URL is empty, or has a query, a fragment, a space or a control character.
    Base,
    /// The caller's buffer is too small; nothing was written to it.
    BufferTooSmall(BufferTooSmall),
    /// The caller's writer failed.
    Output,
}

impl fmt::Display for WriteUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base => f.write_str("a base URL is not empty and has no query, fragment, space or control character"),
            Self::BufferTooSmall(error) => error.fmt(f),
            Self::Output => f.write_str("the writer failed"),
        }
    }
}

impl core::error::Error for WriteUrlError {}

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

impl FileUrlKey {
    /// Writes the signed URL: `{base}/files?path=…&username=…&signature=…&signature_expiration=…`.
    ///
    /// `base` is the sandbox's controller, `https://49983-{sandbox_id}.{domain}` or any other URL that leads there; a `/`
    /// at its end is dropped. Parameters that are empty or absent are left out.
    ///
    /// # Errors
    /// [`WriteUrlError::Base`] for an empty base or one with `?`, `#`, a space or a control character;
    /// [`WriteUrlError::Output`] when `out` fails.
    pub fn write_url(&self, out: &mut impl fmt::Write, base: &str, url: &FileUrl<'_>) -> Result<(), WriteUrlError> {
        let base = checked_base(base)?;
        Ok(write(out, base, url, &self.sign(url))?)
    }

    /// Writes the signed URL into `out` and returns it.
    ///
    /// # Errors
    /// As [`Self::write_url`], and [`WriteUrlError::BufferTooSmall`] with the needed size.
    pub fn write_url_to_slice<'b>(
        &self,
        out: &'b mut [u8],
        base: &str,
        url: &FileUrl<'_>,
    ) -> Result<&'b str, WriteUrlError> {
        let base = checked_base(base)?;
        // Signed once, written twice: to measure, and into the buffer.
        let signature = self.sign(url);
        Ok(write_to_slice(out, |out| write(out, base, url, &signature))?)
    }
}

fn write(out: &mut (impl fmt::Write + ?Sized), base: &str, url: &FileUrl<'_>, signature: &Signature) -> fmt::Result {
    out.write_str(base)?;
    out.write_str("/files?")?;
    for (name, value) in [("path=", url.path), ("username=", url.user)] {
        if !value.is_empty() {
            out.write_str(name)?;
            write_escaped(out, value)?;
            out.write_str("&")?;
        }
    }
    out.write_str("signature=")?;
    write_escaped(out, signature.as_str().as_bytes())?;
    if let Some(time) = url.expires {
        out.write_str("&signature_expiration=")?;
        out.write_str(Decimal::new(time.get()).as_str())?;
    }
    Ok(())
}

fn checked_base(base: &str) -> Result<&str, WriteUrlError> {
    let base = base.strip_suffix('/').unwrap_or(base);
    if base.is_empty() || base.bytes().any(|byte| matches!(byte, b'?' | b'#' | b' ') || byte.is_ascii_control()) {
        return Err(WriteUrlError::Base);
    }
    Ok(base)
}
