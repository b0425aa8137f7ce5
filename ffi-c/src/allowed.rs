//! Why a request is allowed, as C reads it.

use crate::operation;
use crate::result::sandgate_result;
use crate::sized::SizedStruct;
use crate::text::sandgate_text;
use sandgate::{Allowed, Decoded, Grant, UnixSeconds};

/// The controller requires no token; nothing was checked.
pub const SANDGATE_ALLOWED_OPEN: u32 = 1;
/// The route needs no token at this layer.
pub const SANDGATE_ALLOWED_EXEMPT: u32 = 2;
/// The access token was presented.
pub const SANDGATE_ALLOWED_TOKEN: u32 = 3;
/// A signature was presented.
pub const SANDGATE_ALLOWED_SIGNATURE: u32 = 4;
/// A CORS preflight. Nothing was checked: the server answers it by its CORS rule, and does nothing else.
pub const SANDGATE_ALLOWED_PREFLIGHT: u32 = 5;

/// Why a request is allowed and, on the file routes, what it may do. The server acts on this and does not parse the request
/// again.
#[repr(C)]
pub struct sandgate_allowed {
    /// sizeof(sandgate_allowed), set by the caller, so that the struct can grow.
    pub struct_size: usize,
    /// One of SANDGATE_ALLOWED_*.
    pub basis: u32,
    /// One of SANDGATE_OPERATION_*. 0 if the request is not for a file route or, at an open controller, cannot be parsed;
    /// then path and user are empty.
    pub operation: u32,
    /// The path. Empty: none was given, and the upload's multipart file name chooses it.
    pub path: sandgate_text,
    /// The user, if has_user. Empty: the server's default user.
    pub user: sandgate_text,
    /// The last second for which the signature is valid, if has_expires.
    pub expires: i64,
    /// 1 if the signature expires, else 0.
    pub has_expires: u32,
    /// 1 if a user was given, else 0. Only v2 tells an empty user from none; in v1, and at an open controller, it is 0 for an
    /// empty one.
    pub has_user: u32,
    /// The directory that was signed instead of the path, if has_directory; the path is inside it. A server must open the
    /// path beneath this directory and follow no link out of it.
    pub directory: sandgate_text,
    /// 1 if a directory was signed, else 0.
    pub has_directory: u32,
    /// The total number of bytes that may be written, after content decoding, if has_max_bytes.
    pub max_bytes: u64,
    /// 1 if the number of bytes is limited, else 0.
    pub has_max_bytes: u32,
    /// The SHA-256 that the written content must have, after content decoding, if has_content_sha256.
    pub content_sha256: [u8; 32],
    /// 1 if the hash is fixed, else 0.
    pub has_content_sha256: u32,
}

// SAFETY: `repr(C)`, its size first.
unsafe impl SizedStruct for sandgate_allowed {}

impl sandgate_allowed {
    fn new(basis: u32, grant: Option<&Grant<'_>>) -> Self {
        let expires = grant.and_then(Grant::expires);
        let (user, directory) = (grant.and_then(Grant::user), grant.and_then(Grant::directory));
        let (max_bytes, sha256) = (grant.and_then(Grant::max_bytes), grant.and_then(Grant::content_sha256));
        Self {
            struct_size: size_of::<Self>(),
            basis,
            operation: grant.map_or(0, |grant| operation::number(grant.operation())),
            path: grant.map_or(Decoded::default(), Grant::path).into(),
            user: user.unwrap_or_default().into(),
            expires: expires.map_or(0, UnixSeconds::get),
            has_expires: expires.is_some().into(),
            has_user: user.is_some().into(),
            directory: directory.unwrap_or_default().into(),
            has_directory: directory.is_some().into(),
            max_bytes: max_bytes.unwrap_or_default(),
            has_max_bytes: max_bytes.is_some().into(),
            content_sha256: sha256.unwrap_or_default(),
            has_content_sha256: sha256.is_some().into(),
        }
    }
}

impl TryFrom<Allowed<'_>> for sandgate_allowed {
    type Error = sandgate_result;

    fn try_from(allowed: Allowed<'_>) -> Result<Self, sandgate_result> {
        let basis = match allowed {
            Allowed::Open(_) => SANDGATE_ALLOWED_OPEN,
            Allowed::Exempt => SANDGATE_ALLOWED_EXEMPT,
            Allowed::Token(_) => SANDGATE_ALLOWED_TOKEN,
            Allowed::Signature(_) => SANDGATE_ALLOWED_SIGNATURE,
            // A variant that this interface does not know yet is refused.
            _ => return Err(sandgate_result::SANDGATE_MISUSE),
        };
        Ok(Self::new(basis, allowed.grant()))
    }
}

/// The answer of a guard: none is a preflight.
impl TryFrom<Option<Allowed<'_>>> for sandgate_allowed {
    type Error = sandgate_result;

    fn try_from(allowed: Option<Allowed<'_>>) -> Result<Self, sandgate_result> {
        allowed.map_or_else(|| Ok(Self::new(SANDGATE_ALLOWED_PREFLIGHT, None)), Self::try_from)
    }
}

impl From<Grant<'_>> for sandgate_allowed {
    fn from(grant: Grant<'_>) -> Self {
        Self::new(SANDGATE_ALLOWED_SIGNATURE, Some(&grant))
    }
}
