//! What a text is, and what it says.

use super::text::Text;
use crate::encoding::percent::Decoded;
use crate::request::route::Route;
use crate::value::ids::{KeyId, Port, SandboxId};
use crate::value::time::UnixSeconds;
use core::fmt;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A file URL, or its query alone.
    FileUrl,
    /// A traffic pass, alone or in a URL.
    Pass,
    /// A signed host: its label, the host, or a URL.
    SignedHost,
    /// The host of a port of a sandbox, without a signature.
    Host,
    /// An access token of v2.
    AccessToken,
    /// A traffic token of v2.
    TrafficToken,
    /// A traffic root.
    TrafficRoot,
    /// An access token or a traffic token of v1. Its text does not show which.
    Token,
    /// The signature of a file URL, without its URL.
    Signature,
    /// None of these. An access token or a seed may be any text.
    Unknown,
}

impl Kind {
    /// The kind as text, `file_url` and so on.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FileUrl => "file_url",
            Self::Pass => "pass",
            Self::SignedHost => "signed_host",
            Self::Host => "host",
            Self::AccessToken => "access_token",
            Self::TrafficToken => "traffic_token",
            Self::TrafficRoot => "traffic_root",
            Self::Token => "token",
            Self::Signature => "signature",
            Self::Unknown => "unknown",
        }
    }
}

/// A wire format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// What E2B and Novita speak.
    V1,
    /// The stronger one.
    V2,
}

impl Format {
    /// `v1` or `v2`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

/// What a text is and what it says, read without a secret. Nothing of it is verified.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Description<'t> {
    /// What it is.
    pub kind: Kind,
    /// The wire format, if the text shows it.
    pub format: Option<Format>,
    /// Whether it can be read. A verifier refuses any other text as malformed, and the fields say only what could be read.
    pub is_well_formed: bool,
    /// What a verifier takes: the raw query, the pass, the label, or the token.
    pub presented: Decoded<'t>,
    /// Where the host leads, if the text has a host that names a sandbox.
    pub route: Option<Route>,
    /// Which seed made it.
    pub key_id: Option<KeyId>,
    /// The port that is signed.
    pub port: Option<Port>,
    /// The last second. A file URL of v1 without one never expires.
    pub expires: Option<UnixSeconds>,
    /// The path of a file URL.
    pub path: Option<Text<'t>>,
    /// The user.
    pub user: Option<Text<'t>>,
    /// The directory that is signed in place of the path.
    pub directory: Option<Text<'t>>,
    /// How many bytes an upload may write at most.
    pub max_bytes: Option<u64>,
    /// The SHA-256 that the uploaded bytes must have.
    pub content_sha256: Option<[u8; 32]>,
}

impl<'t> Description<'t> {
    /// A text of which nothing is known yet.
    pub(super) const fn of(presented: Decoded<'t>) -> Self {
        Self {
            kind: Kind::Unknown,
            format: None,
            is_well_formed: false,
            presented,
            route: None,
            key_id: None,
            port: None,
            expires: None,
            path: None,
            user: None,
            directory: None,
            max_bytes: None,
            content_sha256: None,
        }
    }

    /// The sandbox that the host names.
    #[must_use]
    pub fn sandbox_id(&self) -> Option<&SandboxId> {
        self.route.as_ref().map(Route::sandbox_id)
    }
}

/// The text may be a secret, so only its kind is shown.
impl fmt::Debug for Description<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Description({}: redacted)", self.kind.as_str())
    }
}
