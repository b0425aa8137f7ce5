//! Traffic passes: access to one port of one sandbox until their expiry.

use super::traffic_key::sandgate_v2_traffic_key;
use crate::pointer::{bytes, context, output, result, write_text};
use crate::result::sandgate_result;
use crate::route::read_port;
use crate::slot::Slot;
use core::ffi::{c_char, c_void};
use sandgate::UnixSeconds;
use sandgate::v2::TrafficKey;

/// Issues a pass to a port, up to 73 characters that need no escaping anywhere. Anyone who has it can reach the port.
/// Returns: OK; SANDGATE_BAD_PORT; SANDGATE_NOT_FOR_CONTROLLER_PORT; SANDGATE_BAD_TIME; SANDGATE_BAD_CONTEXT;
/// SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: key; port; expires, the last second in which it is valid, Unix seconds from 0 to 2^53 - 1; context, which the edge
/// knows and the pass does not carry, 1 to 255 bytes, or NULL for none.
/// Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_pass_issue(
    key: *const sandgate_v2_traffic_key,
    port: u32,
    expires: i64,
    context: *const c_void,
    context_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: a key, and bytes with their length.
    let pass = unsafe {
        (|| {
            let (key, context) = (Slot::<TrafficKey>::get(key.cast())?, self::context(context, context_len)?);
            Ok(key.issue_pass(read_port(port)?, UnixSeconds::new(expires), context)?)
        })()
    };
    match pass {
        // SAFETY: the caller's contract: `out` has `out_size` bytes and `out_len` points to a size.
        Ok(pass) => unsafe { write_text(pass.as_bytes(), out, out_size, out_len) },
        Err(result) => result,
    }
}

/// Verifies a pass that was presented for a port.
/// Returns: OK; SANDGATE_TRAFFIC_MISSING for an empty one; a refusal of SANDGATE_TRAFFIC_*, out of scope for another port;
/// SANDGATE_BAD_PORT; SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: key; pass, any bytes; port; context, or NULL for none; now, Unix seconds. Out: expires, the pass's last second.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_pass_verify(
    key: *const sandgate_v2_traffic_key,
    pass: *const c_void,
    pass_len: usize,
    port: u32,
    context: *const c_void,
    context_len: usize,
    now: i64,
    expires: *mut i64,
) -> sandgate_result {
    // SAFETY: the caller's contract: a key, bytes with their lengths, and an output.
    result(unsafe {
        (|| {
            let (key, pass) = (Slot::<TrafficKey>::get(key.cast())?, bytes(pass, pass_len)?);
            let (port, context) = (read_port(port)?, self::context(context, context_len)?);
            output(expires, || Ok(key.verify_pass(pass, port, context, UnixSeconds::new(now))?.get()))
        })()
    })
}
