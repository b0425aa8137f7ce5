//! What a request was granted: what the server acts on, so that it never reads the request a second time.

use crate::encoding::percent::Decoded;
use crate::value::ids::Operation;
use crate::value::time::UnixSeconds;

/// One operation on one path, as one user.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'q> {
    operation: Operation,
    path: Decoded<'q>,
    user: Option<Decoded<'q>>,
    expires: Option<UnixSeconds>,
    directory: Option<Decoded<'q>>,
    limits: Limits,
}

/// What an upload may write, at most or exactly.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    pub(crate) max_bytes: Option<u64>,
    pub(crate) content_sha256: Option<[u8; 32]>,
}

impl<'q> Grant<'q> {
    pub(crate) fn new(
        operation: Operation,
        path: Decoded<'q>,
        user: Option<Decoded<'q>>,
        expires: Option<UnixSeconds>,
    ) -> Self {
        Self { operation, path, user, expires, directory: None, limits: Limits::default() }
    }

    /// Through a signature that covers a directory or limits what is written.
    pub(crate) fn limited(self, directory: Option<Decoded<'q>>, limits: Limits) -> Self {
        Self { directory, limits, ..self }
    }

    /// Read or write.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// The path, as bytes that nothing has normalised or resolved. Empty: none was given, and an upload's multipart
    /// file name chooses.
    #[must_use]
    pub const fn path(&self) -> Decoded<'q> {
        self.path
    }

    /// The user; none, or an empty one: the server's default holds. In v1, and at an open controller, an empty one is none; v2
    /// tells them apart, whether a signature or the token decided.
    #[must_use]
    pub const fn user(&self) -> Option<Decoded<'q>> {
        self.user
    }

    /// The last second of what was signed; none: it never ends, or no signature decided.
    #[must_use]
    pub const fn expires(&self) -> Option<UnixSeconds> {
        self.expires
    }

    /// The directory that was signed instead of the path, which lies in it. A server opens such a path beneath the
    /// directory, and follows no link out of it.
    #[must_use]
    pub const fn directory(&self) -> Option<Decoded<'q>> {
        self.directory
    }

    /// How many bytes may be written in all, after content decoding.
    #[must_use]
    pub const fn max_bytes(&self) -> Option<u64> {
        self.limits.max_bytes
    }

    /// The SHA-256 that the written content must have, after content decoding.
    #[must_use]
    pub const fn content_sha256(&self) -> Option<[u8; 32]> {
        self.limits.content_sha256
    }
}
