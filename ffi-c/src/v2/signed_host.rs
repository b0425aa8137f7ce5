//! Signed hosts: host labels that grant access where no header can be set.

use super::traffic_key::sandgate_v2_traffic_key;
use crate::pointer::{bytes, output, result, write_text};
use crate::result::sandgate_result;
use crate::route::read_port;
use crate::sandbox_id::read_sandbox_id;
use crate::slot::Slot;
use core::ffi::{c_char, c_void};
use sandgate::UnixSeconds;
use sandgate::v2::TrafficKey;

/// Issues the label of a host, {port}-{sandbox_id}-..., up to 63 characters, to which the caller adds .{domain}. Anyone who
/// has it can reach the port.
/// Returns: OK; SANDGATE_BAD_SIGNED_HOST for an id that is not [a-z0-9]+ or is too long, and for an expiry of more than 7
/// digits of base 36; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BAD_PORT; SANDGATE_NOT_FOR_CONTROLLER_PORT; SANDGATE_BAD_TIME;
/// SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: key; sandbox_id, of the sandbox to which the token belongs (a label for another one is never valid); port; expires,
/// the last second in which it is valid, Unix seconds.
/// Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_signed_host_issue(
    key: *const sandgate_v2_traffic_key,
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    port: u32,
    expires: i64,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: a key, and an id with its length.
    let label = unsafe {
        (|| {
            let (key, id) = (Slot::<TrafficKey>::get(key.cast())?, read_sandbox_id(sandbox_id, sandbox_id_len)?);
            Ok(key.issue_signed_host(&id, read_port(port)?, UnixSeconds::new(expires))?)
        })()
    };
    match label {
        // SAFETY: the caller's contract: `out` has `out_size` bytes and `out_len` points to a size.
        Ok(label) => unsafe { write_text(label.as_bytes(), out, out_size, out_len) },
        Err(result) => result,
    }
}

/// Verifies a label, the host's part before the first dot, that was presented for a port of a sandbox. At an edge,
/// sandgate_edge_check does this.
/// Returns: OK; SANDGATE_TRAFFIC_MISSING for an empty one; a refusal of SANDGATE_TRAFFIC_*, invalid for another sandbox and
/// out of scope for another port; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BAD_PORT; SANDGATE_NOT_INITIALIZED;
/// SANDGATE_NULL_POINTER.
/// In: key; label, any bytes; sandbox_id; port; now, Unix seconds. Out: expires, the label's last second.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_signed_host_verify(
    key: *const sandgate_v2_traffic_key,
    label: *const c_void,
    label_len: usize,
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    port: u32,
    now: i64,
    expires: *mut i64,
) -> sandgate_result {
    // SAFETY: the caller's contract: a key, bytes with their lengths, and an output.
    result(unsafe {
        (|| {
            let (key, label) = (Slot::<TrafficKey>::get(key.cast())?, bytes(label, label_len)?);
            let (id, port) = (read_sandbox_id(sandbox_id, sandbox_id_len)?, read_port(port)?);
            output(expires, || Ok(key.verify_signed_host(label, &id, port, UnixSeconds::new(now))?.get()))
        })()
    })
}
