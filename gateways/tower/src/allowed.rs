//! What a request was allowed, in a form that outlives the request's target.

use sandgate::{Operation, UnixSeconds};

/// Why a request is allowed and, on the file routes, what it may do. The controller's layer puts it into the extensions of the
/// request: with axum, take it as `Extension<Allowed>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    basis: &'static str,
    grant: Option<Grant>,
}

impl Allowed {
    /// The name of the reason: `open`, `exempt`, `token` or `signature`.
    #[must_use]
    pub const fn basis(&self) -> &'static str {
        self.basis
    }

    /// What the request may do on a file route.
    #[must_use]
    pub const fn grant(&self) -> Option<&Grant> {
        self.grant.as_ref()
    }
}

impl From<sandgate::Allowed<'_>> for Allowed {
    fn from(allowed: sandgate::Allowed<'_>) -> Self {
        Self { basis: allowed.basis(), grant: allowed.grant().map(Grant::from) }
    }
}

/// One operation on one path, as one user. Act on it, and do not parse the query again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    operation: Operation,
    path: Vec<u8>,
    user: Option<Vec<u8>>,
    expires: Option<UnixSeconds>,
    directory: Option<Vec<u8>>,
    max_bytes: Option<u64>,
    content_sha256: Option<[u8; 32]>,
}

impl From<&sandgate::Grant<'_>> for Grant {
    fn from(grant: &sandgate::Grant<'_>) -> Self {
        Self {
            operation: grant.operation(),
            path: grant.path().bytes().collect(),
            user: grant.user().map(|user| user.bytes().collect()),
            expires: grant.expires(),
            directory: grant.directory().map(|directory| directory.bytes().collect()),
            max_bytes: grant.max_bytes(),
            content_sha256: grant.content_sha256(),
        }
    }
}

impl Grant {
    /// Read or write.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// The path, decoded, but not normalised or resolved. Empty if none was given: then the multipart file name of the upload
    /// chooses it.
    #[must_use]
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// The user; none, or an empty one: the server's default applies.
    #[must_use]
    pub fn user(&self) -> Option<&[u8]> {
        self.user.as_deref()
    }

    /// The last second for which the signature is valid. None if it never expires, or if no signature decided.
    #[must_use]
    pub const fn expires(&self) -> Option<UnixSeconds> {
        self.expires
    }

    /// The directory that was signed instead of the path. Open the path beneath it, and follow no link out of it.
    #[must_use]
    pub fn directory(&self) -> Option<&[u8]> {
        self.directory.as_deref()
    }

    /// The total number of bytes that may be written, after content decoding.
    #[must_use]
    pub const fn max_bytes(&self) -> Option<u64> {
        self.max_bytes
    }

    /// The SHA-256 that the written content must have, after content decoding.
    #[must_use]
    pub const fn content_sha256(&self) -> Option<[u8; 32]> {
        self.content_sha256
    }
}
