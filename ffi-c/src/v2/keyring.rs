//! The deployment's seeds, v2.

use super::key_id::key_id;
use super::traffic_keyring::sandgate_v2_traffic_keyring;
use crate::clean_stack::with_keys;
use crate::pointer::{bytes, result, write_text};
use crate::result::sandgate_result;
use crate::sandbox_id::read_sandbox_id;
use crate::slot::{Held, Slot};
use core::ffi::{c_char, c_void};
use sandgate::SandboxId;
use sandgate::v2::Keyring;

/// 1 to 8 seeds with distinct key ids: the first one derives tokens, all verify them. Opaque, caller-allocated; wipe
/// it when done.
///
/// To rotate, add the new seed everywhere, give controllers their new tokens and edges their new root, then make it the
/// first. To revoke the credentials of one sandbox, increment its generation.
#[repr(C)]
pub struct sandgate_v2_keyring {
    /// Private.
    pub _opaque: [u64; 160],
}

impl Held for Keyring {
    const MARKER: u64 = 0x7361_6e64_6b32_0001;
    type Storage = sandgate_v2_keyring;
}

/// Initialises a keyring with one seed.
/// Returns: OK; SANDGATE_BAD_KEY_ID; SANDGATE_WEAK_SEED; SANDGATE_NULL_POINTER.
/// In: kid, one of [0-9a-z], not secret; seed, at least 32 bytes. Out: out, whose previous content is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_keyring_init(
    kid: c_char,
    seed: *const c_void,
    seed_len: usize,
    out: *mut sandgate_v2_keyring,
) -> sandgate_result {
    // SAFETY: the caller's contract: the seed has its length, and `out` is writable storage.
    with_keys(|| unsafe {
        bytes(seed, seed_len).and_then(|seed| Slot::put(out.cast(), Keyring::new(key_id(kid)?, seed)?))
    })
}

/// Appends a seed that only verifies. No other thread may use the keyring during the call.
/// Returns: OK; SANDGATE_BAD_KEY_ID; SANDGATE_WEAK_SEED; SANDGATE_REPEATED_KEY; SANDGATE_TOO_MANY_SEEDS;
/// SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: kid; seed, as above. Out: keyring.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_keyring_add(
    keyring: *mut sandgate_v2_keyring,
    kid: c_char,
    seed: *const c_void,
    seed_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the keyring is this thread's alone, and the seed has its length.
    with_keys(|| unsafe {
        Slot::<Keyring>::get_mut(keyring.cast())
            .and_then(|keyring| Ok(keyring.add(key_id(kid)?, bytes(seed, seed_len)?)?))
    })
}

/// Overwrites a keyring with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
/// Returns: nothing. Out: the struct; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_keyring_wipe(keyring: *mut sandgate_v2_keyring) {
    // SAFETY: the caller's contract: NULL or writable storage.
    unsafe { Slot::<Keyring>::wipe(keyring.cast()) }
}

/// Initialises the keyring for an edge. It serves only traffic: no access token can be derived from it.
/// Returns: OK; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: keyring, copied. Out: out, whose previous content is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_keyring_traffic(
    keyring: *const sandgate_v2_keyring,
    out: *mut sandgate_v2_traffic_keyring,
) -> sandgate_result {
    // SAFETY: the caller's contract: a keyring, and writable storage.
    with_keys(|| unsafe {
        Slot::<Keyring>::get(keyring.cast()).and_then(|keyring| Slot::put(out.cast(), keyring.traffic().clone()))
    })
}

/// Derives a sandbox's access token with the first seed: 50 characters.
/// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: keyring; sandbox_id; generation, which starts at 0.
/// Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_keyring_access_token(
    keyring: *const sandgate_v2_keyring,
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
            unsafe { keyring.with_access_token(&id, generation, |token| write_text(token, out, out_size, out_len)) }
        }
        Err(result) => result,
    }
}

/// Derives a sandbox's traffic token with the first seed: 50 characters.
/// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: keyring; sandbox_id; generation, counted separately from that of access tokens.
/// Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_keyring_traffic_token(
    keyring: *const sandgate_v2_keyring,
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

/// Verifies a presented access token. Only the token of its key id is derived and compared.
/// Returns: OK; SANDGATE_ROUTE_MISSING for an empty one; SANDGATE_ROUTE_MALFORMED; SANDGATE_ROUTE_INVALID;
/// SANDGATE_BAD_SANDBOX_ID; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: keyring; sandbox_id; generation, the current one; presented, any bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_keyring_verify_access_token(
    keyring: *const sandgate_v2_keyring,
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    generation: u32,
    presented: *const c_void,
    presented_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: a keyring, and bytes with their lengths.
    result(unsafe {
        sandbox(keyring, sandbox_id, sandbox_id_len).and_then(|(keyring, id)| {
            Ok(keyring.verify_access_token(&id, generation, bytes(presented, presented_len)?)?)
        })
    })
}

/// Verifies a presented traffic token. Only the token of its key id is derived and compared.
/// Returns: OK; SANDGATE_TRAFFIC_MISSING for an empty one; SANDGATE_TRAFFIC_MALFORMED; SANDGATE_TRAFFIC_INVALID;
/// SANDGATE_BAD_SANDBOX_ID; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: keyring; sandbox_id; generation, the current one; presented, any bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_keyring_verify_traffic_token(
    keyring: *const sandgate_v2_keyring,
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
/// `keyring` is NULL or storage, and `id` has `len` bytes.
unsafe fn sandbox<'a>(
    keyring: *const sandgate_v2_keyring,
    id: *const c_char,
    len: usize,
) -> Result<(&'a Keyring, SandboxId), sandgate_result> {
    // SAFETY: the caller's contract.
    unsafe { Ok((Slot::<Keyring>::get(keyring.cast())?, read_sandbox_id(id, len)?)) }
}
