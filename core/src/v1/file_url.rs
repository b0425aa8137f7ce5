//! The signature of a file URL.
//!
//! ```text
//! message   = path ":" operation ":" user ":" access_token [ ":" expires ]
//! signature = "v1_" || base64(SHA-256(message))       standard alphabet, no padding, 46 characters
//! ```
//!
//! Source: E2B's controller and the SDKs of E2B and Novita.

use crate::crypto::compare::{Choice, any, same, verdict};
use crate::crypto::sha256::Sha256;
use crate::crypto::tag::Tag;
use crate::encoding::number::{Decimal, parse_decimal};
use crate::memory::slots::Blank;
use crate::memory::wipe::Wiped;
use crate::request::file_query::{FileQuery, Malformed};
use crate::request::grant::Grant;
use crate::request::query::Decoded;
use crate::value::credential::{CredentialText, credential};
use crate::value::error::{Code, Denied, Gate, Misuse};
use crate::value::ids::Operation;
use crate::value::time::UnixSeconds;
use crate::value::token::{AccessToken, check_token, is_v2_access_token};

const PREFIX: &[u8; 3] = b"v1_";

/// What a file URL says, before it is signed.
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
    /// A URL for `operation` on `path`, any bytes. An empty path is left out of the URL.
    #[must_use]
    pub const fn new(operation: Operation, path: &'a [u8]) -> Self {
        Self { operation, path, user: b"", expires: None }
    }

    /// A URL to download `path`.
    #[must_use]
    pub const fn download(path: &'a [u8]) -> Self {
        Self::new(Operation::Read, path)
    }

    /// A URL to upload to `path`; where it is empty, the multipart file name chooses.
    #[must_use]
    pub const fn upload(path: &'a [u8]) -> Self {
        Self::new(Operation::Write, path)
    }

    /// As this user; empty, the default, is the server's default user.
    #[must_use]
    pub const fn user(self, user: &'a [u8]) -> Self {
        Self { user, ..self }
    }

    /// Until the end of this second. Without it the URL never expires.
    #[must_use]
    pub const fn expires(self, time: UnixSeconds) -> Self {
        self.maybe_expires(Some(time))
    }

    /// Until the end of this second, or for ever.
    #[must_use]
    pub const fn maybe_expires(self, time: Option<UnixSeconds>) -> Self {
        Self { expires: time, ..self }
    }
}

credential! {
    /// The signature of a file URL, `v1_` and 43 characters of base64. Whoever has it may do what it signs, so `Debug` hides it.
    Signature, LEN = 46, "The length in bytes."
}

impl Signature {
    fn new(tag: &Tag) -> Self {
        let mut text = CredentialText::new();
        text.push_with(|prefix| *prefix = *PREFIX);
        text.push_with(|digits| tag.write_base64(digits));
        Self(text)
    }
}

/// An access token in its second use: the key that signs and verifies file URLs.
///
/// ```
/// use sandgate::{AccessToken, Operation, UnixSeconds, v1::{FileUrl, FileUrlKey}};
///
/// let key = FileUrlKey::new(&AccessToken::try_from("the sandbox's access token")?)?;
/// let now = UnixSeconds::new(1_800_000_000);
///
/// let mut url = String::new();
/// let download = FileUrl::download(b"/a b.txt").user(b"user").expires(UnixSeconds::new(1_800_000_060));
/// key.write_url(&mut url, "https://49983-i94gcaqbpvohfr764s5l.e2b.app", &download).unwrap();
///
/// let (_, query) = url.split_once('?').unwrap();
/// let grant = key.verify_query(Operation::Read, query.as_bytes(), now).unwrap();
/// assert!(grant.path() == *"/a b.txt");
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileUrlKey {
    token: AccessToken,
}

impl FileUrlKey {
    /// The key that `token` is.
    ///
    /// # Errors
    /// [`Misuse::TokenVersion`] for a token of v2, which signs nothing in v1.
    pub fn new(token: &AccessToken) -> Result<Self, Misuse> {
        check_version(token.as_bytes())?;
        let mut made = Self::blank();
        made.set(token);
        Ok(made)
    }

    /// Becomes the key that `token` is, in its place. The token is one of v1.
    pub(crate) fn set(&mut self, token: &AccessToken) {
        self.token.copy_from(token);
    }

    /// Signs.
    #[must_use]
    pub fn sign(&self, url: &FileUrl<'_>) -> Signature {
        let mut tag = Tag::new();
        self.tag(&FileClaims::of(url), url.operation, &mut tag);
        Signature::new(&tag)
    }

    /// Checks the signature of a URL whose parts are known: first the signature, then the time.
    ///
    /// # Errors
    /// [`Code::Invalid`] for a wrong signature, [`Code::Expired`] when `now` is past a rightly signed expiry.
    pub fn verify(&self, url: &FileUrl<'_>, signature: &[u8], now: UnixSeconds) -> Result<(), Denied> {
        let claims = FileClaims { signature: Some(Decoded::plain(signature)), ..FileClaims::of(url) };
        claims.check(core::iter::once(self), url.operation, now)
    }

    /// Checks a file URL by its raw query, the bytes between `?` and `#`, still percent-encoded.
    ///
    /// # Errors
    /// [`Code::Malformed`] for a bad escape, a `;` that is not escaped, one of the four parameters given twice, or an expiry that is no signed 64-bit
    /// number; [`Code::Missing`] without a signature; [`Code::Invalid`] and [`Code::Expired`] as [`Self::verify`].
    pub fn verify_query<'q>(
        &self,
        operation: Operation,
        query: &'q [u8],
        now: UnixSeconds,
    ) -> Result<Grant<'q>, Denied> {
        let query = FileQuery::parse(query).map_err(|Malformed| denied(Code::Malformed))?;
        FileClaims::read(&query)?.verify(core::iter::once(self), operation, now)
    }

    /// Whether `presented` is the token that this key is, undecided.
    pub(crate) fn same_token(&self, presented: &[u8]) -> Choice {
        same(self.token.as_bytes(), presented)
    }

    #[inline]
    fn tag(&self, claims: &FileClaims<'_>, operation: Operation, tag: &mut Tag) {
        let token = if claims.expires.is_some() { self.token.delimited() } else { self.token.after_delimiter() };
        claims.tag(operation, [b"", token, b""], tag);
    }
}

impl Blank for FileUrlKey {
    fn blank() -> Self {
        Self { token: AccessToken::blank() }
    }
}

impl FileUrl<'_> {
    /// Signs with a token that is not kept: for whoever is handed one with every call.
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
    /// [`Misuse::Token`] and [`Misuse::TokenVersion`], as of [`AccessToken`] and [`FileUrlKey::new`].
    pub fn sign_once(&self, access_token: &[u8]) -> Result<Signature, Misuse> {
        check_token(access_token)?;
        check_version(access_token)?;
        let claims = FileClaims::of(self);
        let end: &[u8] = if self.expires.is_some() { b":" } else { b"" };
        let mut tag = Tag::new();
        claims.tag(self.operation, [b":", access_token, end], &mut tag);
        Ok(Signature::new(&tag))
    }
}

fn check_version(token: &[u8]) -> Result<(), Misuse> {
    if is_v2_access_token(token) { Err(Misuse::TokenVersion) } else { Ok(()) }
}

/// What is signed, and what is presented as its signature, as read from a query.
#[derive(Clone, Copy)]
pub(crate) struct FileClaims<'q> {
    path: Decoded<'q>,
    user: Decoded<'q>,
    expires: Option<UnixSeconds>,
    signature: Option<Decoded<'q>>,
}

impl<'q> FileClaims<'q> {
    fn of(url: &FileUrl<'q>) -> Self {
        Self { path: Decoded::plain(url.path), user: Decoded::plain(url.user), expires: url.expires, signature: None }
    }

    /// Writes the hash of the message, with the token between its colons.
    #[inline]
    fn tag(&self, operation: Operation, [before, token, behind]: [&[u8]; 3], tag: &mut Tag) {
        let operation: &[u8] = match operation {
            Operation::Read => b":read:",
            Operation::Write => b":write:",
        };
        let expires = self.expires.map(|time| Decimal::new(time.get()));
        let expires = expires.as_ref().map_or(&[][..], Decimal::as_bytes);
        let mut message = Sha256::<3>::new();
        self.path.feed(|bytes| message.update(bytes));
        message.update(operation);
        self.user.feed(|bytes| message.update(bytes));
        for piece in [before, token, behind, expires] {
            message.update(piece);
        }
        message.finish(tag);
    }

    #[inline]
    pub(crate) fn read(query: &FileQuery<'q>) -> Result<Self, Denied> {
        let malformed = || denied(Code::Malformed);
        if query.semicolon {
            return Err(malformed());
        }
        let expires = match query.expiration {
            Some(number) => Some(parse_decimal(number.bytes()).ok_or_else(malformed)?.into()),
            None => None,
        };
        Ok(Self {
            path: query.path.unwrap_or_default(),
            user: query.user.unwrap_or_default(),
            expires,
            signature: query.signature,
        })
    }

    pub(crate) fn verify<'k>(
        &self,
        keys: impl Iterator<Item = &'k FileUrlKey>,
        operation: Operation,
        now: UnixSeconds,
    ) -> Result<Grant<'q>, Denied> {
        self.check(keys, operation, now).map(|()| self.grant(operation))
    }

    /// First whether one of `keys` made the signature, then the time: only of what was really signed it is said that
    /// it has expired.
    #[inline]
    fn check<'k>(
        &self,
        keys: impl Iterator<Item = &'k FileUrlKey>,
        operation: Operation,
        now: UnixSeconds,
    ) -> Result<(), Denied> {
        let presented = self.signature.ok_or(denied(Code::Missing))?;
        let mut spelling = Wiped([0; Signature::LEN]);
        let presented = match presented.as_plain() {
            Some(plain) => plain,
            None => presented.copy_to(&mut spelling.0).map_err(|_| denied(Code::Invalid))?,
        };
        let digits = presented.strip_prefix(PREFIX).and_then(|digits| digits.try_into().ok());
        let digits = digits.ok_or(denied(Code::Invalid))?;
        let mut tag = Tag::new();
        let matches = |key: &FileUrlKey| {
            key.tag(self, operation, &mut tag);
            tag.is_base64(digits)
        };
        if !verdict(any(keys.map(matches))) {
            return Err(denied(Code::Invalid));
        }
        match self.expires {
            Some(expires) if expires.is_past(now) => Err(denied(Code::Expired)),
            _ => Ok(()),
        }
    }

    fn grant(&self, operation: Operation) -> Grant<'q> {
        Grant::new(operation, self.path, self.user(), self.expires)
    }

    /// v1 does not tell an empty user from none.
    fn user(&self) -> Option<Decoded<'q>> {
        Some(self.user).filter(|user| !user.is_empty())
    }
}

const fn denied(code: Code) -> Denied {
    Denied::new(Gate::FileSignature, code)
}
