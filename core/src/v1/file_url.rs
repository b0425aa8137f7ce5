//! The signature of a file URL.
//!
//! ```text
//! message   = path ":" operation ":" user ":" access_token [ ":" expires ]
//! signature = "v1_" || base64(SHA-256(message))       standard alphabet, no padding, 46 characters
//! ```
//!
//! Source: E2B's controller and the SDKs of E2B and Novita.

use super::claims::{Claims, Message};
use crate::crypto::compare::{Choice, same};
use crate::crypto::tag::Tag;
use crate::encoding::percent::Decoded;
use crate::memory::slots::Blank;
use crate::value::error::Misuse;
use crate::value::ids::Operation;
use crate::value::signed_text::{SignedText, signed_text};
use crate::value::time::UnixSeconds;
use crate::value::token::{AccessToken, check_token, is_of_v2};

pub(crate) const SIGNATURE_PREFIX: &[u8; 3] = b"v1_";

/// A file URL before it is signed.
///
/// ```
/// use sandgate::{UnixSeconds, v1::FileUrl};
/// let url = FileUrl::download(b"/home/user/a.txt").user(b"user").expires(UnixSeconds::new(1_800_000_000));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FileUrl<'a> {
    pub(super) operation: Operation,
    pub(super) path: &'a [u8],
    pub(super) user: &'a [u8],
    pub(super) expires: Option<UnixSeconds>,
}

impl<'a> FileUrl<'a> {
    /// Returns a URL for `operation` on `path`, any bytes. An empty path is omitted from the URL.
    #[must_use]
    pub const fn new(operation: Operation, path: &'a [u8]) -> Self {
        Self { operation, path, user: b"", expires: None }
    }

    /// Returns a URL to download `path`.
    #[must_use]
    pub const fn download(path: &'a [u8]) -> Self {
        Self::new(Operation::Read, path)
    }

    /// Returns a URL to upload to `path`. If it is empty, the multipart file name chooses the path.
    #[must_use]
    pub const fn upload(path: &'a [u8]) -> Self {
        Self::new(Operation::Write, path)
    }

    /// Sets the user. Empty, the default, means the server's default user.
    #[must_use]
    pub const fn user(self, user: &'a [u8]) -> Self {
        Self { user, ..self }
    }

    /// Sets the expiry: the last second for which the URL is valid. Without it the URL never expires.
    #[must_use]
    pub const fn expires(self, time: UnixSeconds) -> Self {
        self.maybe_expires(Some(time))
    }

    /// The same for an optional value: for bindings.
    #[doc(hidden)]
    #[must_use]
    pub const fn maybe_expires(self, time: Option<UnixSeconds>) -> Self {
        Self { expires: time, ..self }
    }

    pub(super) fn claims(&self) -> Claims<'a> {
        Claims {
            operation: self.operation,
            path: Decoded::plain(self.path),
            user: Decoded::plain(self.user),
            expires: self.expires,
        }
    }
}

signed_text! {
    /// The signature of a file URL, `v1_` and 43 characters of base64. Anyone who has it may do what it signs, so `Debug` hides it.
    Signature, LEN = 46, "The length in bytes."
}

impl Signature {
    fn new(tag: &Tag) -> Self {
        let mut text = SignedText::new();
        text.push_with(|prefix| *prefix = *SIGNATURE_PREFIX);
        text.push_with(|digits| tag.write_base64(digits));
        Self(text)
    }
}

/// The key that signs and verifies file URLs: the access token, in its second use.
///
/// ```
/// use core::time::Duration;
/// use sandgate::{AccessToken, Operation, UnixSeconds, v1::{FileUrl, FileUrlKey}};
///
/// let key = FileUrlKey::new(&AccessToken::try_from("the sandbox's access token")?)?;
/// let now = UnixSeconds::new(1_800_000_000);
///
/// let mut url = String::new();
/// let download = FileUrl::download(b"/a b.txt").user(b"user").expires(now + Duration::from_secs(60));
/// key.write_url(&mut url, "https://49983-i94gcaqbpvohfr764s5l.e2b.app", &download).unwrap();
///
/// let (_, query) = url.split_once('?').unwrap();
/// let grant = key.verify_query(Operation::Read, query.as_bytes(), now).unwrap();
/// assert_eq!(grant.path(), "/a b.txt");
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileUrlKey {
    token: AccessToken,
}

impl FileUrlKey {
    /// Returns the key of `token`.
    ///
    /// # Errors
    /// [`Misuse::V2TokenGiven`], [`Misuse::TrafficTokenGiven`] or [`Misuse::TrafficRootGiven`] for a v2 secret, which
    /// cannot sign in v1.
    pub fn new(token: &AccessToken) -> Result<Self, Misuse> {
        check_version(token.as_bytes())?;
        let mut made = Self::blank();
        made.set(token);
        Ok(made)
    }

    /// Sets this to the key of `token`, a v1 token, in place.
    pub(crate) fn set(&mut self, token: &AccessToken) {
        self.token.copy_from(token);
    }

    /// Signs a URL.
    #[must_use]
    pub fn sign(&self, url: &FileUrl<'_>) -> Signature {
        let mut tag = Tag::new();
        self.tag(&url.claims(), &mut tag);
        Signature::new(&tag)
    }

    /// Compares `presented` with the token of this key and returns the undecided result.
    pub(crate) fn same_token(&self, presented: &[u8]) -> Choice {
        same(self.token.as_bytes(), presented)
    }

    pub(super) fn tag(&self, claims: &Claims<'_>, tag: &mut Tag) {
        let token = |message: &mut Message<'_>| match self.token.padded() {
            Some(padded) => message.update_padded(padded),
            None => message.update(self.token.as_bytes()),
        };
        claims.tag(token, tag);
    }
}

impl Blank for FileUrlKey {
    fn blank() -> Self {
        Self { token: AccessToken::blank() }
    }
}

impl FileUrl<'_> {
    /// Signs with a token that is not kept, for callers that pass a token with each call.
    ///
    /// ```
    /// use sandgate::{AccessToken, v1::{FileUrl, FileUrlKey}};
    /// let url = FileUrl::download(b"/a");
    /// let key = FileUrlKey::new(&AccessToken::try_from("token")?)?;
    /// assert_eq!(url.sign_once(b"token")?.as_str(), key.sign(&url).as_str());
    /// # Ok::<(), sandgate::Misuse>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`AccessToken`] and of [`FileUrlKey::new`].
    pub fn sign_once(&self, access_token: &[u8]) -> Result<Signature, Misuse> {
        check_token(access_token)?;
        check_version(access_token)?;
        let mut tag = Tag::new();
        self.claims().tag(|message| message.update(access_token), &mut tag);
        Ok(Signature::new(&tag))
    }
}

fn check_version(token: &[u8]) -> Result<(), Misuse> {
    if is_of_v2(token)? { Err(Misuse::V2TokenGiven) } else { Ok(()) }
}
