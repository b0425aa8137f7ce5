//! Access tokens, as C passes them.

use crate::pointer::bytes;
use crate::result::sandgate_result;
use core::ffi::c_void;
use sandgate::AccessToken;

/// # Safety
/// `token` has `len` bytes.
pub(crate) unsafe fn access_token(token: *const c_void, len: usize) -> Result<AccessToken, sandgate_result> {
    // SAFETY: the caller's contract.
    Ok(AccessToken::try_from(unsafe { bytes(token, len) }?)?)
}
