//! A signed file URL as text.

use super::{FileUrl, FileUrlKey, Signature};
use crate::encoding::text::hex;
use crate::request::url::{Base, Value, WriteUrlError};
use core::fmt;

impl FileUrlKey {
    /// Writes the signed URL: `{base}/files?path=…&username=…&signature=…&signature_expiration=…`, and behind it what
    /// else was signed.
    ///
    /// `base` is the sandbox's controller, `https://49983-{sandbox_id}.{domain}` or any other URL that leads there; a `/`
    /// at its end is dropped. Parameters that are absent are left out.
    ///
    /// # Errors
    /// [`WriteUrlError::Base`] for an empty base or one with `?`, `#`, a space or a control character;
    /// [`WriteUrlError::Misuse`] as [`Self::sign`]; [`WriteUrlError::Output`] when `out` fails.
    pub fn write_url(&self, out: &mut impl fmt::Write, base: &str, url: &FileUrl<'_>) -> Result<(), WriteUrlError> {
        let base = Base::new(base)?;
        let (signature, digits) = (self.sign(url)?, digits(url));
        Ok(base.write(out, &parameters(url, &signature, digits.as_ref()))?)
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
        Ok(core::str::from_utf8(self.write_url_to_bytes(out, base, url)?).unwrap_or_default())
    }

    /// The same as bytes, which are ASCII behind the base. No time depends on what the signature is: to make text of it, its
    /// encoding is checked.
    ///
    /// # Errors
    /// Those of [`Self::write_url_to_slice`].
    pub fn write_url_to_bytes<'b>(
        &self,
        out: &'b mut [u8],
        base: &str,
        url: &FileUrl<'_>,
    ) -> Result<&'b [u8], WriteUrlError> {
        let base = Base::new(base)?;
        let (signature, digits) = (self.sign(url)?, digits(url));
        base.write_to_bytes(out, &parameters(url, &signature, digits.as_ref()))
    }
}

fn digits(url: &FileUrl<'_>) -> Option<[u8; 64]> {
    url.limits.content_sha256.map(|sha256| hex(&sha256))
}

fn parameters<'a>(
    url: &FileUrl<'a>,
    signature: &'a Signature,
    sha256: Option<&'a [u8; 64]>,
) -> [(&'static str, Option<Value<'a>>); 7] {
    let path = Some(url.path).filter(|path| !path.is_empty());
    [
        ("path", path.map(Value::Text)),
        ("username", url.user.map(Value::Text)),
        ("signature", Some(Value::Signature(signature.as_bytes()))),
        ("signature_expiration", Some(Value::Number(url.expires.get()))),
        ("signature_directory", url.directory.map(Value::Text)),
        // At most 2^53 - 1, or it would not have been signed.
        ("signature_max_bytes", url.limits.max_bytes.map(|max| Value::Number(max.cast_signed()))),
        ("signature_sha256", sha256.map(|digits| Value::Text(digits))),
    ]
}
