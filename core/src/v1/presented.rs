//! A presented file URL, and its verification: syntax, tag, time.

use super::claims::Claims;
use super::file_url::{FileUrl, FileUrlKey, SIGNATURE_PREFIX, Signature};
use crate::crypto::compare::{any, verdict};
use crate::crypto::tag::Tag;
use crate::encoding::percent::Decoded;
use crate::encoding::query_text::{Scratch, Value};
use crate::memory::wipe::Wiped;
use crate::request::file_query::{FileQuery, Known, Malformed, text_of};
use crate::request::grant::Grant;
use crate::value::error::{Code, Denied, Gate};
use crate::value::ids::Operation;
use crate::value::time::UnixSeconds;
use core::slice::from_ref;

/// A file URL with valid syntax, except for its signature.
pub(crate) struct PresentedUrl<'a> {
    claims: Claims<'a>,
    signature: Option<Decoded<'a>>,
}

impl<'a> PresentedUrl<'a> {
    /// Takes the values of a query.
    #[inline(always)]
    pub(crate) fn read<'q: 'a>(query: &FileQuery<'q>, scratch: &'a [u8], operation: Operation) -> Result<Self, Denied> {
        if query.semicolon {
            return Err(denied(Code::Malformed));
        }
        let expires = match &query.expiration {
            Some(number) => Some(number.decoded(scratch).decimal().ok_or(denied(Code::Malformed))?.into()),
            None => None,
        };
        let decoded = |value: &Option<Value<'q>>| value.as_ref().map(|value| value.decoded(scratch));
        let (path, user) = (decoded(&query.path).unwrap_or_default(), decoded(&query.user).unwrap_or_default());
        Ok(Self { claims: Claims { operation, path, user, expires }, signature: decoded(&query.signature) })
    }

    /// Verifies the signature with `keys`, then the time: only a URL with a valid signature is refused as expired.
    #[inline(always)]
    pub(crate) fn verify(&self, keys: &[FileUrlKey], now: UnixSeconds) -> Result<(), Denied> {
        let presented = self.signature.as_ref().ok_or(denied(Code::Missing))?;
        let mut decoded = Wiped([0; Signature::LEN]);
        let presented = match presented.as_plain() {
            Some(plain) => plain,
            None => presented.copy_to(&mut decoded.0).map_err(|_| denied(Code::Invalid))?,
        };
        verify(&self.claims, presented, keys, now)
    }

    /// The grant of a verified URL, by its query. v1 does not distinguish an empty user from an absent one.
    #[inline(always)]
    pub(crate) fn grant<'q>(&self, query: &FileQuery<'q>) -> Grant<'q> {
        let user = text_of(query.user).filter(|user| !user.is_empty());
        let path = text_of(query.path).unwrap_or_default();
        Grant::new(self.claims.operation, path, user, self.claims.expires)
    }
}

fn verify(claims: &Claims<'_>, signature: &[u8], keys: &[FileUrlKey], now: UnixSeconds) -> Result<(), Denied> {
    let digits = signature.strip_prefix(SIGNATURE_PREFIX).and_then(|digits| digits.try_into().ok());
    let digits = digits.ok_or(denied(Code::Invalid))?;
    let mut tag = Tag::new();
    let matches = |key: &FileUrlKey| {
        key.tag(claims, &mut tag);
        tag.is_base64(digits)
    };
    if !verdict(any(keys.iter().map(matches))) {
        return Err(denied(Code::Invalid));
    }
    if claims.expires.is_some_and(|expires| expires.is_past(now)) { Err(denied(Code::Expired)) } else { Ok(()) }
}

impl FileUrlKey {
    /// Verifies the signature of a URL of known parts: first the signature, then the time.
    ///
    /// # Errors
    /// [`Code::Invalid`] for a wrong signature, [`Code::Expired`] when `now` is past a rightly signed expiry.
    pub fn verify(&self, url: &FileUrl<'_>, signature: &[u8], now: UnixSeconds) -> Result<(), Denied> {
        verify(&url.claims(), signature, from_ref(self), now)
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
        let (mut found, mut scratch) = (FileQuery::default(), Scratch::new());
        found.read(query, Known::V1, &mut scratch).map_err(|Malformed| denied(Code::Malformed))?;
        let url = PresentedUrl::read(&found, scratch.bytes(), operation)?;
        url.verify(from_ref(self), now)?;
        Ok(url.grant(&found))
    }
}

const fn denied(code: Code) -> Denied {
    Denied::new(Gate::FileSignature, code)
}
