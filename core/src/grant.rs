//! What a request was granted: what the server acts on, so that it never reads the request a second time.

use crate::ids::Operation;
use crate::query::Decoded;
use crate::time::UnixSeconds;

/// One operation on one path, as one user.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'q> {
    operation: Operation,
    path: Decoded<'q>,
    user: Decoded<'q>,
    expires: Option<UnixSeconds>,
}

impl<'q> Grant<'q> {
    pub(crate) fn new(
        operation: Operation,
        path: Decoded<'q>,
        user: Decoded<'q>,
        expires: Option<UnixSeconds>,
    ) -> Self {
        Self { operation, path, user, expires }
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

    /// The user; empty: none was given, and the server's default holds.
    #[must_use]
    pub const fn user(&self) -> Decoded<'q> {
        self.user
    }

    /// The last second of what was signed; none: it never ends, or no signature decided.
    #[must_use]
    pub const fn expires(&self) -> Option<UnixSeconds> {
        self.expires
    }
}
