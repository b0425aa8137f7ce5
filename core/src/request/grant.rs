//! What a request was granted. The server acts on it and does not parse the request again.

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

/// The limits of an upload.
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

    /// Adds the directory and the limits that a v2 signature covers.
    pub(crate) fn limited(self, directory: Option<Decoded<'q>>, limits: Limits) -> Self {
        Self { directory, limits, ..self }
    }

    /// Read or write.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// The path, decoded, but not normalised or resolved. Empty if none was given: then the multipart file name of the
    /// upload chooses it.
    #[must_use]
    pub const fn path(&self) -> Decoded<'q> {
        self.path
    }

    /// The user; none, or an empty one: the server's default applies. In v1, and at an open controller, an empty one is none; v2
    /// distinguishes them, whether a signature or the token decided.
    #[must_use]
    pub const fn user(&self) -> Option<Decoded<'q>> {
        self.user
    }

    /// The last second for which the signature is valid. None if it never expires, or if no signature decided.
    #[must_use]
    pub const fn expires(&self) -> Option<UnixSeconds> {
        self.expires
    }

    /// The directory that was signed instead of the path; the path is inside it. A server must open the path beneath this
    /// directory and follow no link out of it.
    #[must_use]
    pub const fn directory(&self) -> Option<Decoded<'q>> {
        self.directory
    }

    /// The total number of bytes that may be written, after content decoding.
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
