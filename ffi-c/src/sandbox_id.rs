//! Sandbox ids, as C passes them.

use crate::pointer::{bytes, result};
use crate::result::sandgate_result;
use core::ffi::c_char;
use sandgate::SandboxId;

/// Whether text is a sandbox id: 1 to 63 of [A-Za-z0-9_-], not starting with sandbox-traffic-.
/// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_NULL_POINTER. In: sandbox_id.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_check_sandbox_id(
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the pointer has its length.
    result(unsafe { read_sandbox_id(sandbox_id, sandbox_id_len) }.map(drop))
}

/// # Safety
/// `id` has `len` bytes.
pub(crate) unsafe fn read_sandbox_id(id: *const c_char, len: usize) -> Result<SandboxId, sandgate_result> {
    // SAFETY: the caller's contract.
    Ok(SandboxId::try_from(unsafe { bytes(id.cast(), len) }?)?)
}
