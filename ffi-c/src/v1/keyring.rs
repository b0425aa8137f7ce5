//! The deployment's seeds, v1.

use crate::clean_stack::with_keys;
use crate::pointer::{bytes, result, write_text};
use crate::result::sandgate_result;
use crate::sandbox_id::read_sandbox_id;
use crate::slot::{Held, Slot};
use core::ffi::{c_char, c_void};
use sandgate::SandboxId;
use sandgate::v1::Keyring;

/// 1 to 8 seeds: the first one derives tokens, all verify them. Opaque, caller-allocated; wipe it when done.
#[repr(C)]
pub struct sandgate_v1_keyring {
    /// Private.
    pub _opaque: [u64; 72],
}

impl Held for Keyring {
    const MARKER: u64 = 0x7361_6e64_6b72_0001;
    type Storage = sandgate_v1_keyring;
}

/// Initialises a keyring with one seed.
/// Returns: OK; SANDGATE_WEAK_SEED; SANDGATE_NULL_POINTER.
/// In: seed, at least 16 bytes. Out: out, whose previous content is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_keyring_init(
    seed: *const c_void,
    seed_len: usize,
    out: *mut sandgate_v1_keyring,
) -> sandgate_result {
    // SAFETY: the caller's contract: the seed has its length, and `out` is writable storage.
    with_keys(|| unsafe { bytes(seed, seed_len).and_then(|seed| Slot::put(out.cast(), Keyring::new(seed)?)) })
}

/// Appends a seed that only verifies. No other thread may use the keyring during the call.
/// Returns: OK; SANDGATE_WEAK_SEED; SANDGATE_TOO_MANY_SEEDS; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: seed, as above. Out: keyring.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_keyring_add(
    keyring: *mut sandgate_v1_keyring,
    seed: *const c_void,
    seed_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the keyring is this thread's alone, and the seed has its length.
    with_keys(|| unsafe {
        Slot::<Keyring>::get_mut(keyring.cast()).and_then(|keyring| Ok(keyring.add(bytes(seed, seed_len)?)?))
    })
}

/// Overwrites a keyring with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
/// Returns: nothing. Out: the struct; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_keyring_wipe(keyring: *mut sandgate_v1_keyring) {
    // SAFETY: the caller's contract: NULL or writable storage.
    unsafe { Slot::<Keyring>::wipe(keyring.cast()) }
}

/// Derives a sandbox's access token with the first seed: 64 lower-case hex digits.
/// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: keyring; sandbox_id. Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_keyring_access_token(
    keyring: *const sandgate_v1_keyring,
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: a keyring, an id with its length, and a buffer with its size.
    match unsafe { sandbox(keyring, sandbox_id, sandbox_id_len) } {
        // SAFETY: as above.
        Ok((keyring, id)) => unsafe {
            keyring.with_access_token(&id, |token| write_text(token, out, out_size, out_len))
        },
        Err(result) => result,
    }
}

/// Derives a sandbox's traffic token with the first seed: 64 lower-case hex digits.
/// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: keyring; sandbox_id. Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_keyring_traffic_token(
    keyring: *const sandgate_v1_keyring,
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: a keyring, an id with its length, and a buffer with its size.
    match unsafe { sandbox(keyring, sandbox_id, sandbox_id_len) } {
        // SAFETY: as above.
        Ok((keyring, id)) => unsafe {
            keyring.with_traffic_token(&id, |token| write_text(token, out, out_size, out_len))
        },
        Err(result) => result,
    }
}

/// Verifies a presented access token against every seed.
/// Returns: OK; SANDGATE_ROUTE_MISSING for an empty one; SANDGATE_ROUTE_INVALID; SANDGATE_BAD_SANDBOX_ID;
/// SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: keyring; sandbox_id; presented, any bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_keyring_verify_access_token(
    keyring: *const sandgate_v1_keyring,
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    presented: *const c_void,
    presented_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: a keyring, and bytes with their lengths.
    result(unsafe {
        sandbox(keyring, sandbox_id, sandbox_id_len)
            .and_then(|(keyring, id)| Ok(keyring.verify_access_token(&id, bytes(presented, presented_len)?)?))
    })
}

/// Verifies a presented traffic token against every seed.
/// Returns: OK; SANDGATE_TRAFFIC_MISSING for an empty one; SANDGATE_TRAFFIC_INVALID; SANDGATE_BAD_SANDBOX_ID;
/// SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: keyring; sandbox_id; presented, any bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_keyring_verify_traffic_token(
    keyring: *const sandgate_v1_keyring,
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    presented: *const c_void,
    presented_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: a keyring, and bytes with their lengths.
    result(unsafe {
        sandbox(keyring, sandbox_id, sandbox_id_len)
            .and_then(|(keyring, id)| Ok(keyring.verify_traffic_token(&id, bytes(presented, presented_len)?)?))
    })
}

/// # Safety
/// `keyring` is NULL or storage, and `id` has `len` bytes.
unsafe fn sandbox<'a>(
    keyring: *const sandgate_v1_keyring,
    id: *const c_char,
    len: usize,
) -> Result<(&'a Keyring, SandboxId), sandgate_result> {
    // SAFETY: the caller's contract.
    unsafe { Ok((Slot::<Keyring>::get(keyring.cast())?, read_sandbox_id(id, len)?)) }
}
