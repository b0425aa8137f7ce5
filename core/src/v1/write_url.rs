//! A signed file URL as text.

use super::{FileUrl, FileUrlKey, Signature};
use crate::request::url::{Base, Value, WriteUrlError};
use core::fmt;

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
        Ok(Base::new(base)?.write(out, &parameters(url, &self.sign(url)))?)
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
        Base::new(base)?.write_to_bytes(out, &parameters(url, &self.sign(url)))
    }
}

fn parameters<'a>(url: &FileUrl<'a>, signature: &'a Signature) -> [(&'static str, Option<Value<'a>>); 4] {
    let not_empty = |text: &'a [u8]| Some(Value::Text(text)).filter(|_| !text.is_empty());
    [
        ("path", not_empty(url.path)),
        ("username", not_empty(url.user)),
        ("signature", Some(Value::Signature(signature.as_bytes()))),
        ("signature_expiration", url.expires.map(|time| Value::Number(time.get()))),
    ]
}
