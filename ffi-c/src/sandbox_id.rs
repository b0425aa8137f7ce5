//! Sandbox ids, as C passes them.

use crate::pointer::{bytes, result, write_text};
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

/// Writes the short form of the id that an old client calls {sandboxID}-{clientID}: what stands before the first -. An id
/// without a - is itself. Shorten an id before anything is derived from it: the long form has other tokens.
/// Returns: OK; SANDGATE_LONG_SANDBOX_ID if that part is not 1 to 63 of [a-z0-9]; SANDGATE_BUFFER_TOO_SMALL;
/// SANDGATE_NULL_POINTER.
/// In: sandbox_id. Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_sandbox_id_shorten(
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the id has its length.
    let short = unsafe { bytes(sandbox_id.cast(), sandbox_id_len) }.and_then(|id| Ok(SandboxId::shorten(id)?));
    match short {
        // SAFETY: the caller's contract: `out` has `out_size` bytes and `out_len` points to a size.
        Ok(short) => unsafe { write_text(short.as_str(), out, out_size, out_len) },
        Err(result) => result,
    }
}

/// # Safety
/// `id` has `len` bytes.
pub(crate) unsafe fn read_sandbox_id(id: *const c_char, len: usize) -> Result<SandboxId, sandgate_result> {
    // SAFETY: the caller's contract.
    Ok(SandboxId::try_from(unsafe { bytes(id.cast(), len) }?)?)
}
