//! The answer of an edge for a sandbox that its look-up does not find.

use crate::pointer::write_with;
use crate::result::sandgate_result;
use crate::sandbox_id::read_sandbox_id;
use core::ffi::c_char;
use sandgate::unknown_sandbox;

/// The HTTP status for a sandbox that the edge's look-up does not find.
pub const SANDGATE_UNKNOWN_SANDBOX_STATUS: u32 = 502;

// cbindgen reads only literals; this one is checked against core's constant.
const _: () = assert!(SANDGATE_UNKNOWN_SANDBOX_STATUS == unknown_sandbox::STATUS as u32);

/// Writes the JSON body for a sandbox that the edge's look-up does not find: {"sandboxId","message","code":502}.
/// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_BAD_SANDBOX_ID; SANDGATE_NULL_POINTER.
/// In: sandbox_id, the route's. Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_unknown_sandbox_json(
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the id has its length, `out` has `out_size` bytes and `out_len` points to a size.
    unsafe {
        match read_sandbox_id(sandbox_id, sandbox_id_len) {
            Ok(id) => write_with(out, out_size, out_len, |out| unknown_sandbox::write_json(out, &id)),
            Err(result) => result,
        }
    }
}
