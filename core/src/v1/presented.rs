//! A presented file URL, and its verification: syntax, tag, time.

use super::claims::Claims;
use super::file_url::{FileUrl, FileUrlKey, SIGNATURE_PREFIX, Signature};
use crate::crypto::compare::{any, verdict};
use crate::crypto::tag::Tag;
use crate::encoding::percent::Decoded;
use crate::memory::wipe::Wiped;
use crate::request::file_query::{FileQuery, Known, Malformed};
use crate::request::grant::Grant;
use crate::value::error::{Code, Denied, Gate};
use crate::value::ids::Operation;
use crate::value::time::UnixSeconds;
use core::slice::from_ref;

/// A file URL with valid syntax, except for its signature.
#[derive(Clone, Copy)]
pub(crate) struct PresentedUrl<'q> {
    claims: Claims<'q>,
    signature: Option<Decoded<'q>>,
}

impl<'q> PresentedUrl<'q> {
    /// Parses a query.
    #[inline]
    pub(crate) fn read(query: &FileQuery<'q>, operation: Operation) -> Result<Self, Denied> {
        let malformed = || denied(Code::Malformed);
        if query.semicolon {
            return Err(malformed());
        }
        let expires = match query.expiration {
            Some(number) => Some(number.decimal().ok_or_else(malformed)?.into()),
            None => None,
        };
        let (path, user) = (query.path.unwrap_or_default(), query.user.unwrap_or_default());
        Ok(Self { claims: Claims { operation, path, user, expires }, signature: query.signature })
    }

    /// Returns a URL of known parts with the signature presented for it.
    fn new(claims: Claims<'q>, signature: &'q [u8]) -> Self {
        Self { claims, signature: Some(Decoded::plain(signature)) }
    }

    /// Verifies the signature with `keys`, then the time: only a URL with a valid signature is refused as expired.
    #[inline]
    pub(crate) fn verify(&self, keys: &[FileUrlKey], now: UnixSeconds) -> Result<Grant<'q>, Denied> {
        let presented = self.signature.ok_or(denied(Code::Missing))?;
        let mut decoded = Wiped([0; Signature::LEN]);
        let presented = match presented.as_plain() {
            Some(plain) => plain,
            None => presented.copy_to(&mut decoded.0).map_err(|_| denied(Code::Invalid))?,
        };
        let digits = presented.strip_prefix(SIGNATURE_PREFIX).and_then(|digits| digits.try_into().ok());
        let digits = digits.ok_or(denied(Code::Invalid))?;
        let mut tag = Tag::new();
        let matches = |key: &FileUrlKey| {
            key.tag(&self.claims, &mut tag);
            tag.is_base64(digits)
        };
        if !verdict(any(keys.iter().map(matches))) {
            return Err(denied(Code::Invalid));
        }
        let Claims { operation, path, user, expires } = self.claims;
        if expires.is_some_and(|expires| expires.is_past(now)) {
            return Err(denied(Code::Expired));
        }
        // v1 does not distinguish an empty user from an absent one.
        let user = Some(user).filter(|user| !user.is_empty());
        Ok(Grant::new(operation, path, user, expires))
    }
}

impl FileUrlKey {
    /// Verifies the signature of a URL of known parts: first the signature, then the time.
    ///
    /// # Errors
    /// [`Code::Invalid`] for a wrong signature, [`Code::Expired`] when `now` is past a rightly signed expiry.
    pub fn verify(&self, url: &FileUrl<'_>, signature: &[u8], now: UnixSeconds) -> Result<(), Denied> {
        PresentedUrl::new(url.claims(), signature).verify(from_ref(self), now).map(drop)
    }

    /// Verifies a file URL from its raw query, the bytes between `?` and `#`, still percent-encoded.
    ///
    /// # Errors
    /// [`Code::Malformed`] for a bad escape, an unescaped `;`, one of the four parameters given twice, or an expiry that is
    /// not a signed 64-bit number; [`Code::Missing`] without a signature; [`Code::Invalid`] and [`Code::Expired`] as
    /// [`Self::verify`].
    pub fn verify_query<'q>(
        &self,
        operation: Operation,
        query: &'q [u8],
        now: UnixSeconds,
    ) -> Result<Grant<'q>, Denied> {
        let query = FileQuery::parse(query, Known::V1).map_err(|Malformed| denied(Code::Malformed))?;
        PresentedUrl::read(&query, operation)?.verify(from_ref(self), now)
    }
}

const fn denied(code: Code) -> Denied {
    Denied::new(Gate::FileSignature, code)
}
