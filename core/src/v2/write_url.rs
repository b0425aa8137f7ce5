//! A signed file URL as text.

use super::file_url::{FileUrl, FileUrlKey, Signature};
use crate::encoding::number::Decimal;
use crate::request::url_writer::{Parameter, UrlWriter, Value, WriteUrlError};
use core::fmt;

impl FileUrlKey {
    /// Writes the signed URL: `{base}/files?path=…&username=…&signature=…&signature_expiration=…`, followed by
    /// the parameters of the other claims.
    ///
    /// `base` is the URL of the sandbox's controller, `https://49983-{sandbox_id}.{domain}` or any other; one trailing `/`
    /// is dropped. Absent parameters are omitted.
    ///
    /// # Errors
    /// [`WriteUrlError::Base`] for an empty base or one with `?`, `#`, a space or a control character;
    /// [`WriteUrlError::Misuse`] as [`Self::sign`]; [`WriteUrlError::Output`] if `out` fails.
    pub fn write_url(&self, out: &mut impl fmt::Write, base: &str, url: &FileUrl<'_>) -> Result<(), WriteUrlError> {
        let (writer, signature) = (UrlWriter::new(base)?, self.sign(url)?);
        writer.write(out, &parameters(url, &signature))
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
        let (writer, signature) = (UrlWriter::new(base)?, self.sign(url)?);
        writer.write_to_slice(out, &parameters(url, &signature))
    }

    /// The same as bytes, ASCII except for the base, without a branch on the signature: for bindings.
    ///
    /// # Errors
    /// Those of [`Self::write_url_to_slice`].
    #[doc(hidden)]
    pub fn write_url_to_bytes<'b>(
        &self,
        out: &'b mut [u8],
        base: &str,
        url: &FileUrl<'_>,
    ) -> Result<&'b [u8], WriteUrlError> {
        let (writer, signature) = (UrlWriter::new(base)?, self.sign(url)?);
        writer.write_to_bytes(out, &parameters(url, &signature))
    }
}

fn parameters<'a>(url: &'a FileUrl<'_>, signature: &'a Signature) -> [Parameter<'a>; 7] {
    let path = Some(url.path).filter(|path| !path.is_empty());
    let number = |number: i64| Value::Number(Decimal::new(number));
    [
        ("path", path.map(Value::Text)),
        ("username", url.user.map(Value::Text)),
        ("signature", Some(Value::Signature(signature.as_bytes()))),
        ("signature_expiration", Some(number(url.expires.get()))),
        ("signature_directory", url.directory.map(Value::Text)),
        // A signed limit is at most 2^53 - 1.
        ("signature_max_bytes", url.limits.max_bytes.map(|max| number(max.cast_signed()))),
        ("signature_sha256", url.limits.content_sha256.as_ref().map(Value::Hash)),
    ]
}
