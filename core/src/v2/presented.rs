//! A presented file URL, and its verification: syntax, key, tag, time, scope.

use super::claims::{Claims, Expiry};
use super::directory::covers;
use super::file_url::{FileUrl, FileUrlKey, Signature};
use super::spelling::{SIGNATURE_PREFIX, parse};
use crate::crypto::compare::verdict;
use crate::crypto::tag::{PresentedTag, Tag};
use crate::encoding::percent::Decoded;
use crate::encoding::query_text::{Scratch, Value};
use crate::encoding::text::parse_hex;
use crate::memory::wipe::Wiped;
use crate::request::file_query::{FileQuery, Known, Malformed, text_of};
use crate::request::grant::{Grant, Limits};
use crate::value::error::{Code, Denied, Gate};
use crate::value::ids::{Context, KeyId, Operation};
use crate::value::time::UnixSeconds;

/// A file URL with valid syntax.
pub(crate) struct PresentedUrl<'a> {
    claims: Claims<'a>,
    kid: KeyId,
    tag: PresentedTag,
}

impl<'a> PresentedUrl<'a> {
    /// Takes the values of a query. A syntax error takes precedence over a missing parameter.
    #[inline(always)]
    pub(crate) fn read<'q: 'a>(query: &FileQuery<'q>, scratch: &'a [u8], operation: Operation) -> Result<Self, Denied> {
        let decoded = |value: &Option<Value<'q>>| value.as_ref().map(|value| value.decoded(scratch));
        let malformed = denied(Code::Malformed);
        let extra = &query.beyond_v1;
        if extra.unknown {
            return Err(malformed);
        }
        let expires = number(decoded(&query.expiration)).map_err(|BadNumber| malformed)?;
        let max_bytes = number(decoded(&extra.max_bytes)).map_err(|BadNumber| malformed)?;
        let content_sha256 = match decoded(&extra.sha256) {
            Some(digits) => Some(parse_hex(digits.bytes()).ok_or(malformed)?),
            None => None,
        };
        let mut tag = PresentedTag::new();
        let kid = match decoded(&query.signature) {
            Some(signature) => Some(read_signature(&signature, &mut tag).ok_or(malformed)?),
            None => None,
        };
        let claims = Claims {
            operation,
            path: decoded(&query.path),
            directory: decoded(&extra.directory),
            user: decoded(&query.user),
            expires: Expiry::of_exact(expires.unwrap_or_default()),
            limits: Limits { max_bytes, content_sha256 },
        };
        claims.check().map_err(|_| malformed)?;
        let kid = kid.ok_or(denied(Code::Missing))?;
        if expires.is_none() || query.path.is_none() {
            return Err(malformed);
        }
        Ok(Self { claims, kid, tag })
    }

    /// Verifies with the key that the signature names.
    #[inline(always)]
    pub(crate) fn verify<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k FileUrlKey>,
        context: Option<Context<'_>>,
        now: UnixSeconds,
    ) -> Result<(), Denied> {
        let key = keys.into_iter().find(|key| key.kid == self.kid).ok_or(denied(Code::Invalid))?;
        verify(&self.claims, &self.tag, key, context, now)
    }

    /// The grant of a verified URL, by its query.
    #[inline(always)]
    pub(crate) fn grant<'q>(&self, query: &FileQuery<'q>) -> Grant<'q> {
        let Claims { operation, expires, limits, .. } = self.claims;
        let path = text_of(query.path).unwrap_or_default();
        let grant = Grant::new(operation, path, text_of(query.user), Some(expires.into()));
        grant.limited(text_of(query.beyond_v1.directory), limits)
    }
}

/// Verifies with the right key.
fn verify(
    claims: &Claims<'_>,
    presented: &PresentedTag,
    key: &FileUrlKey,
    context: Option<Context<'_>>,
    now: UnixSeconds,
) -> Result<(), Denied> {
    let mut right = Tag::new();
    claims.tag(&key.key, context, &mut right);
    if !verdict(right.is(presented)) {
        return Err(denied(Code::Invalid));
    }
    key.window.check(claims.expires.into(), now).map_err(denied)?;
    let Claims { path, directory, .. } = claims;
    if directory.is_some_and(|directory| !covers(directory, path.unwrap_or_default())) {
        return Err(denied(Code::OutOfScope));
    }
    Ok(())
}

impl FileUrlKey {
    /// Verifies the signature of a URL of known parts.
    ///
    /// # Errors
    /// In this order: [`Code::Malformed`] for a signature of the wrong shape, or parts that cannot be signed;
    /// [`Code::Invalid`]; [`Code::Expired`]; [`Code::LifetimeTooLong`]; [`Code::OutOfScope`].
    pub fn verify(&self, url: &FileUrl<'_>, signature: &[u8], now: UnixSeconds) -> Result<(), Denied> {
        let malformed = denied(Code::Malformed);
        let claims = url.claims().map_err(|_| malformed)?;
        claims.check().map_err(|_| malformed)?;
        if claims.path.is_none() {
            return Err(malformed);
        }
        let mut tag = PresentedTag::new();
        let kid = read_signature(&Decoded::plain(signature), &mut tag).ok_or(malformed)?;
        if kid != self.kid {
            return Err(denied(Code::Invalid));
        }
        verify(&claims, &tag, self, url.context, now)
    }

    /// Verifies a file URL from its raw query, the bytes between `?` and `#`, still percent-encoded.
    ///
    /// # Errors
    /// As [`Self::verify`]; [`Code::Malformed`] also for a bad escape, a parameter of ours given twice, an unknown
    /// `signature…`, or a URL without path or expiry; [`Code::Missing`] without a signature.
    pub fn verify_query<'q>(
        &self,
        operation: Operation,
        query: &'q [u8],
        context: Option<Context<'_>>,
        now: UnixSeconds,
    ) -> Result<Grant<'q>, Denied> {
        let (mut found, mut scratch) = (FileQuery::default(), Scratch::new());
        found.read(query, Known::V2, &mut scratch).map_err(|Malformed| denied(Code::Malformed))?;
        let url = PresentedUrl::read(&found, scratch.bytes(), operation)?;
        url.verify([self], context, now)?;
        Ok(url.grant(&found))
    }
}

const fn denied(code: Code) -> Denied {
    Denied::new(Gate::FileSignature, code)
}

struct BadNumber;

fn number(text: Option<Decoded<'_>>) -> Result<Option<u64>, BadNumber> {
    text.map(|digits| digits.exact().ok_or(BadNumber)).transpose()
}

/// Returns the key id of a signature of the right shape.
fn read_signature(presented: &Decoded<'_>, tag: &mut PresentedTag) -> Option<KeyId> {
    if presented.len() != Signature::LEN {
        return None;
    }
    let mut decoded = Wiped([0; Signature::LEN]);
    let text = presented.as_plain().unwrap_or_else(|| presented.first_bytes(&mut decoded.0));
    parse(SIGNATURE_PREFIX, text, tag)
}
