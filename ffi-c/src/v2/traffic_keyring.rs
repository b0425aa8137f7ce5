//! The edge's v2 keyring. It holds only traffic roots.

use super::key_id::key_id;
use crate::clean_stack::with_keys;
use crate::pointer::{bytes, result, write_text};
use crate::result::sandgate_result;
use crate::sandbox_id::read_sandbox_id;
use crate::slot::{Held, Slot};
use core::ffi::{c_char, c_void};
use sandgate::SandboxId;
use sandgate::v2::{TrafficKeyring, TrafficRoot};

/// 1 to 8 traffic roots with distinct key ids: the first one derives, all verify. No access token can be derived from them.
/// Opaque, caller-allocated; wipe it when done.
#[repr(C)]
pub struct sandgate_v2_traffic_keyring {
    /// Private.
    pub _opaque: [u64; 80],
}

impl Held for TrafficKeyring {
    const MARKER: u64 = 0x7361_6e64_7432_0001;
    type Storage = sandgate_v2_traffic_keyring;
}

/// Derives the traffic root of a seed, with which an edge is configured: 50 characters that begin with sg2r. It is a
/// secret.
/// Returns: OK; SANDGATE_BAD_KEY_ID; SANDGATE_WEAK_SEED; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
/// In: kid, one of [0-9a-z]; seed, at least 32 bytes.
/// Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_traffic_root(
    kid: c_char,
    seed: *const c_void,
    seed_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the seed has its length.
    let root = unsafe { bytes(seed, seed_len) }.and_then(|seed| Ok(TrafficRoot::derive(key_id(kid)?, seed)?));
    match root {
        // SAFETY: the caller's contract: `out` has `out_size` bytes and `out_len` points to a size.
        Ok(root) => unsafe { write_text(root.expose_bytes(), out, out_size, out_len) },
        Err(result) => result,
    }
}

/// Initialises a keyring with one traffic root.
/// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_V1_TOKEN_GIVEN, SANDGATE_ACCESS_TOKEN_GIVEN or SANDGATE_TRAFFIC_TOKEN_GIVEN
/// for another kind of secret; SANDGATE_TOKEN_SHAPE; SANDGATE_NULL_POINTER.
/// In: root, as sandgate_v2_traffic_root writes it. Out: out, whose previous content is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_traffic_keyring_init(
    root: *const c_void,
    root_len: usize,
    out: *mut sandgate_v2_traffic_keyring,
) -> sandgate_result {
    // SAFETY: the caller's contract: the root has its length, and `out` is writable storage.
    with_keys(|| unsafe {
        traffic_root(root, root_len).and_then(|root| Slot::put(out.cast(), TrafficKeyring::new(&root)?))
    })
}

/// Appends a traffic root that only verifies. No other thread may use the keyring during the call.
/// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_V1_TOKEN_GIVEN, SANDGATE_ACCESS_TOKEN_GIVEN or SANDGATE_TRAFFIC_TOKEN_GIVEN
/// for another kind of secret; SANDGATE_TOKEN_SHAPE; SANDGATE_REPEATED_KEY; SANDGATE_TOO_MANY_SEEDS;
/// SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: root, as above. Out: keyring.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_traffic_keyring_add(
    keyring: *mut sandgate_v2_traffic_keyring,
    root: *const c_void,
    root_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the keyring is this thread's alone, and the root has its length.
    with_keys(|| unsafe {
        Slot::<TrafficKeyring>::get_mut(keyring.cast())
            .and_then(|keyring| Ok(keyring.add(&traffic_root(root, root_len)?)?))
    })
}

/// Overwrites a keyring with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
/// Returns: nothing. Out: the struct; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_traffic_keyring_wipe(keyring: *mut sandgate_v2_traffic_keyring) {
    // SAFETY: the caller's contract: NULL or writable storage.
    unsafe { Slot::<TrafficKeyring>::wipe(keyring.cast()) }
}

/// Derives a sandbox's traffic token with the first root: 50 characters.
/// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: keyring; sandbox_id; generation, which starts at 0.
/// Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_traffic_keyring_traffic_token(
    keyring: *const sandgate_v2_traffic_keyring,
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    generation: u32,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: a keyring, an id with its length, and a buffer with its size.
    match unsafe { sandbox(keyring, sandbox_id, sandbox_id_len) } {
        Ok((keyring, id)) => {
            // SAFETY: as above.
            unsafe { keyring.with_traffic_token(&id, generation, |token| write_text(token, out, out_size, out_len)) }
        }
        Err(result) => result,
    }
}

/// Verifies a presented traffic token. Only the token of its key id is derived and compared.
/// Returns: OK; SANDGATE_TRAFFIC_MISSING for an empty one; SANDGATE_TRAFFIC_MALFORMED; SANDGATE_TRAFFIC_INVALID;
/// SANDGATE_BAD_SANDBOX_ID; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: keyring; sandbox_id; generation, the current one; presented, any bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_traffic_keyring_verify_traffic_token(
    keyring: *const sandgate_v2_traffic_keyring,
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    generation: u32,
    presented: *const c_void,
    presented_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: a keyring, and bytes with their lengths.
    result(unsafe {
        sandbox(keyring, sandbox_id, sandbox_id_len).and_then(|(keyring, id)| {
            Ok(keyring.verify_traffic_token(&id, generation, bytes(presented, presented_len)?)?)
        })
    })
}

/// # Safety
/// `root` has `len` bytes.
unsafe fn traffic_root(root: *const c_void, len: usize) -> Result<TrafficRoot, sandgate_result> {
    // SAFETY: the caller's contract.
    Ok(TrafficRoot::try_from(unsafe { bytes(root, len) }?)?)
}

/// # Safety
/// `keyring` is NULL or storage, and `id` has `len` bytes.
unsafe fn sandbox<'a>(
    keyring: *const sandgate_v2_traffic_keyring,
    id: *const c_char,
    len: usize,
) -> Result<(&'a TrafficKeyring, SandboxId), sandgate_result> {
    // SAFETY: the caller's contract.
    unsafe { Ok((Slot::<TrafficKeyring>::get(keyring.cast())?, read_sandbox_id(id, len)?)) }
}
