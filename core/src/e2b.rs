//! The signing function of E2B's SDKs. The access token determines the wire format.

use crate::v1;
use crate::v2;
use crate::value::error::Misuse;
use crate::value::ids::Operation;
use crate::value::time::UnixSeconds;
use crate::value::token::AccessToken;
use core::fmt;

/// The signature of a file URL, in the wire format of the token that signed it.
#[derive(Debug)]
pub enum Signature {
    /// Of v1.
    V1(v1::Signature),
    /// Of v2.
    V2(v2::Signature),
}

impl Signature {
    /// The same as bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::V1(signature) => signature.as_bytes(),
            Self::V2(signature) => signature.as_bytes(),
        }
    }

    /// The signature as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::V1(signature) => signature.as_str(),
            Self::V2(signature) => signature.as_str(),
        }
    }
}

/// Why signing failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// A URL of v2 without an expiry.
    NoExpiry,
    /// The token is malformed, or the URL has a claim that cannot be signed.
    Misuse(Misuse),
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoExpiry => f.write_str("a URL of v2 must have an expiry"),
            Self::Misuse(misuse) => misuse.fmt(f),
        }
    }
}

impl core::error::Error for SignError {}

impl From<Misuse> for SignError {
    fn from(misuse: Misuse) -> Self {
        Self::Misuse(misuse)
    }
}

/// Signs as the SDK does: in v2 with a v2 access token (`sg2a.…`), in v1 with any other token.
///
/// An empty user counts as absent, because the SDK omits it from the URL.
///
/// # Errors
/// [`SignError::NoExpiry`] in v2; the [`Misuse`] of [`v1::FileUrl::sign_once`], of [`v2::FileUrlKey::new`] and of
/// [`v2::FileUrlKey::sign`].
///
/// ```
/// use sandgate::{Operation, UnixSeconds, e2b, v1, v2};
///
/// let signature = e2b::sign(b"token", Operation::Read, b"/a", b"user", None)?;
/// assert_eq!(signature.as_str(), v1::FileUrl::download(b"/a").user(b"user").sign_once(b"token")?.as_str());
///
/// let token = v2::Keyring::new("k".parse()?, &[7; 32])?.access_token(&"abc".parse()?, 0);
/// let end = UnixSeconds::new(1_800_000_000);
/// let signature = e2b::sign(token.expose().as_bytes(), Operation::Read, b"/a", b"", Some(end))?;
/// assert_eq!(signature.as_str(), v2::FileUrlKey::new(&token)?.sign(&v2::FileUrl::download(b"/a", end))?.as_str());
/// assert_eq!(
///     e2b::sign(token.expose().as_bytes(), Operation::Read, b"/a", b"", None).unwrap_err(),
///     e2b::SignError::NoExpiry
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sign(
    access_token: &[u8],
    operation: Operation,
    path: &[u8],
    user: &[u8],
    expires: Option<UnixSeconds>,
) -> Result<Signature, SignError> {
    if v2::is_access_token(access_token) {
        let url = v2::FileUrl::new(operation, path, expires.ok_or(SignError::NoExpiry)?)
            .maybe_user(Some(user).filter(|user| !user.is_empty()));
        let key = v2::FileUrlKey::new(&AccessToken::try_from(access_token)?)?;
        return Ok(Signature::V2(key.sign(&url)?));
    }
    let url = v1::FileUrl::new(operation, path).user(user).maybe_expires(expires);
    Ok(Signature::V1(url.sign_once(access_token)?))
}
