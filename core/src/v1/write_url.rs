//! A signed file URL as text.

use super::file_url::{FileUrl, FileUrlKey, Signature};
use crate::encoding::number::Decimal;
use crate::request::url_writer::{Parameter, UrlWriter, Value, WriteUrlError};
use core::fmt;

impl FileUrlKey {
    /// Writes the signed URL: `{base}/files?path=…&username=…&signature=…&signature_expiration=…`.
    ///
    /// `base` is the URL of the sandbox's controller, `https://49983-{sandbox_id}.{domain}` or any other; one trailing `/`
    /// is dropped. Empty and absent parameters are omitted.
    ///
    /// # Errors
    /// [`WriteUrlError::Base`] for an empty base or one with `?`, `#`, a space or a control character;
    /// [`WriteUrlError::Output`] if `out` fails.
    pub fn write_url(&self, out: &mut impl fmt::Write, base: &str, url: &FileUrl<'_>) -> Result<(), WriteUrlError> {
        let (writer, signature) = (UrlWriter::new(base)?, self.sign(url));
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
        let (writer, signature) = (UrlWriter::new(base)?, self.sign(url));
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
        let (writer, signature) = (UrlWriter::new(base)?, self.sign(url));
        writer.write_to_bytes(out, &parameters(url, &signature))
    }
}

fn parameters<'a>(url: &FileUrl<'a>, signature: &'a Signature) -> [Parameter<'a>; 4] {
    let not_empty = |text: &'a [u8]| Some(Value::Text(text)).filter(|_| !text.is_empty());
    [
        ("path", not_empty(url.path)),
        ("username", not_empty(url.user)),
        ("signature", Some(Value::Signature(signature.as_bytes()))),
        ("signature_expiration", url.expires.map(|time| Value::Number(Decimal::new(time.get())))),
    ]
}
