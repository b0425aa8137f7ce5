//! The signature of a file URL.
//!
//! ```text
//! file_url_key = expand(access_key, "file-url")
//! signature    = "v2." kid "." base64url(tag(file_url_key, claims))          48 characters
//! ```

use super::claims::{Claims, Expiry};
use super::directory::covers;
use super::spelling::{SIGNATURE_PREFIX, read_key, write};
use crate::crypto::mac::HmacKey;
use crate::crypto::tag::{PresentedTag, Tag};
use crate::encoding::percent::Decoded;
use crate::memory::slots::Blank;
use crate::request::grant::Limits;
use crate::value::error::Misuse;
use crate::value::ids::{Context, KeyId, Operation};
use crate::value::signed_text::signed_text;
use crate::value::time::{UnixSeconds, Window};
use crate::value::token::{ACCESS_TOKEN_PREFIX, AccessToken};

/// A file URL before it is signed.
///
/// ```
/// use sandgate::{UnixSeconds, v2::FileUrl};
///
/// let end = UnixSeconds::new(1_800_000_000);
/// let download = FileUrl::download(b"/home/user/a.txt", end).user(b"user");
/// let uploads = FileUrl::upload(b"", end).directory(b"/home/user/inbox/").max_bytes(1 << 20);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FileUrl<'a> {
    pub(super) operation: Operation,
    pub(super) path: &'a [u8],
    pub(super) directory: Option<&'a [u8]>,
    pub(super) user: Option<&'a [u8]>,
    pub(super) expires: UnixSeconds,
    pub(super) limits: Limits,
    pub(super) context: Option<Context<'a>>,
}

impl<'a> FileUrl<'a> {
    /// Returns a URL for `operation` on `path`, 1 to 4096 bytes of UTF-8 without NUL. `expires` is the last second for
    /// which it is valid.
    #[must_use]
    pub const fn new(operation: Operation, path: &'a [u8], expires: UnixSeconds) -> Self {
        let limits = Limits { max_bytes: None, content_sha256: None };
        Self { operation, path, directory: None, user: None, expires, limits, context: None }
    }

    /// Returns a URL to download `path`.
    #[must_use]
    pub const fn download(path: &'a [u8], expires: UnixSeconds) -> Self {
        Self::new(Operation::Read, path, expires)
    }

    /// Returns a URL to upload to `path`.
    #[must_use]
    pub const fn upload(path: &'a [u8], expires: UnixSeconds) -> Self {
        Self::new(Operation::Write, path, expires)
    }

    /// Signs this directory instead of the path. It begins and ends with `/`, and the signature is valid for every path in
    /// it. If the path is empty, the URL has none, and its user adds `&path=`.
    #[must_use]
    pub const fn directory(self, directory: &'a [u8]) -> Self {
        self.maybe_directory(Some(directory))
    }

    /// The same for an optional value: for bindings.
    #[doc(hidden)]
    #[must_use]
    pub const fn maybe_directory(self, directory: Option<&'a [u8]>) -> Self {
        Self { directory, ..self }
    }

    /// Sets the user, 0 to 255 bytes of UTF-8 without NUL. An empty user and no user are different claims.
    #[must_use]
    pub const fn user(self, user: &'a [u8]) -> Self {
        self.maybe_user(Some(user))
    }

    /// The same for an optional value: for bindings.
    #[doc(hidden)]
    #[must_use]
    pub const fn maybe_user(self, user: Option<&'a [u8]>) -> Self {
        Self { user, ..self }
    }

    /// Limits an upload to this many bytes, at most 2^53 - 1.
    #[must_use]
    pub const fn max_bytes(self, max_bytes: u64) -> Self {
        self.maybe_max_bytes(Some(max_bytes))
    }

    /// The same for an optional value: for bindings.
    #[doc(hidden)]
    #[must_use]
    pub const fn maybe_max_bytes(self, max_bytes: Option<u64>) -> Self {
        Self { limits: Limits { max_bytes, ..self.limits }, ..self }
    }

    /// Limits an upload to content with this SHA-256.
    #[must_use]
    pub const fn content_sha256(self, sha256: [u8; 32]) -> Self {
        self.maybe_content_sha256(Some(sha256))
    }

    /// The same for an optional value: for bindings.
    #[doc(hidden)]
    #[must_use]
    pub const fn maybe_content_sha256(self, content_sha256: Option<[u8; 32]>) -> Self {
        Self { limits: Limits { content_sha256, ..self.limits }, ..self }
    }

    /// Sets the context, which issuer and verifier know and the URL does not carry.
    #[must_use]
    pub const fn context(self, context: Context<'a>) -> Self {
        self.maybe_context(Some(context))
    }

    /// The same for an optional value: for bindings.
    #[doc(hidden)]
    #[must_use]
    pub const fn maybe_context(self, context: Option<Context<'a>>) -> Self {
        Self { context, ..self }
    }

    #[inline(always)]
    pub(super) fn claims(&self) -> Result<Claims<'a>, Misuse> {
        Ok(Claims {
            operation: self.operation,
            path: Some(Decoded::plain(self.path)).filter(|path| !path.is_empty() || self.directory.is_none()),
            directory: self.directory.map(Decoded::plain),
            user: self.user.map(Decoded::plain),
            expires: Expiry::try_from(self.expires)?,
            limits: self.limits,
        })
    }
}

signed_text! {
    /// The signature of a file URL, `v2.`, a key id, and 43 characters of base64url. Anyone who has it may do what it signs,
    /// so `Debug` hides it.
    Signature, LEN = 48, "The length in bytes."
}

/// The key, derived from an access token, that signs and verifies file URLs. It is wiped on drop.
///
/// ```
/// use core::time::Duration;
/// use sandgate::{Operation, UnixSeconds, v2::{FileUrl, FileUrlKey, Keyring}};
///
/// let keyring = Keyring::new("a".parse()?, b"a seed of at least 32 bytes, kept secret")?;
/// let key = FileUrlKey::new(&keyring.access_token(&"i94gcaqbpvohfr764s5l".parse()?, 0))?;
/// let now = UnixSeconds::new(1_800_000_000);
///
/// let upload = FileUrl::upload(b"/in/a b.txt", now + Duration::from_secs(60)).max_bytes(1000);
/// let mut url = String::new();
/// key.write_url(&mut url, "https://49983-i94gcaqbpvohfr764s5l.e2b.app", &upload).unwrap();
///
/// let (_, query) = url.split_once('?').unwrap();
/// let grant = key.verify_query(Operation::Write, query.as_bytes(), None, now).unwrap();
/// assert_eq!(grant.path(), "/in/a b.txt");
/// assert_eq!(grant.max_bytes(), Some(1000));
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone)]
pub struct FileUrlKey {
    pub(super) kid: KeyId,
    pub(super) key: HmacKey,
    pub(crate) window: Window,
}

impl FileUrlKey {
    /// Returns the key derived from `token`.
    ///
    /// # Errors
    /// [`Misuse::V1TokenGiven`], [`Misuse::TrafficTokenGiven`] or [`Misuse::TrafficRootGiven`] for another kind of secret;
    /// [`Misuse::TokenShape`] for text that begins with `sg2a.` but is not an access token.
    pub fn new(token: &AccessToken) -> Result<Self, Misuse> {
        let mut presented = PresentedTag::new();
        let (kid, tag) = Self::read(token, &mut presented)?;
        let mut made = Self::blank();
        made.set(kid, tag);
        Ok(made)
    }

    /// Returns the key id and the access key of a token. The key is written to `place`.
    pub(crate) fn read<'p>(token: &AccessToken, place: &'p mut PresentedTag) -> Result<(KeyId, &'p Tag), Misuse> {
        read_key(ACCESS_TOKEN_PREFIX, token.as_bytes(), place)
    }

    /// Sets this to the key derived from an access key, in place.
    pub(crate) fn set(&mut self, kid: KeyId, access_key: &Tag) {
        let mut key = HmacKey::blank();
        access_key.write_key(&mut key);
        key.expand_key(b"file-url", &mut self.key);
        self.kid = kid;
    }

    /// Sets the window in which signatures are accepted, instead of the default.
    #[must_use]
    pub fn window(self, window: Window) -> Self {
        Self { window, ..self }
    }

    pub(crate) fn kid(&self) -> KeyId {
        self.kid
    }

    /// Signs a URL.
    ///
    /// # Errors
    /// [`Misuse::Path`], [`Misuse::Directory`], [`Misuse::User`], [`Misuse::Limit`] or [`Misuse::Time`] for a claim that v2
    /// cannot sign, including a path outside its directory.
    pub fn sign(&self, url: &FileUrl<'_>) -> Result<Signature, Misuse> {
        let claims = url.claims()?;
        claims.check()?;
        if let (Some(directory), Some(path)) = (claims.directory, claims.path)
            && !covers(directory, path)
        {
            return Err(Misuse::Path);
        }
        let mut tag = Tag::new();
        claims.tag(&self.key, url.context, &mut tag);
        Ok(Signature(write(*SIGNATURE_PREFIX, self.kid, &tag)))
    }
}

impl Blank for FileUrlKey {
    fn blank() -> Self {
        Self { kid: KeyId::BLANK, key: HmacKey::blank(), window: Window::DEFAULT }
    }
}

impl core::fmt::Debug for FileUrlKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("FileUrlKey(redacted)")
    }
}
