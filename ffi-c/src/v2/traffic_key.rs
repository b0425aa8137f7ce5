//! The keys that issue and verify traffic passes and signed hosts.

use crate::clean_stack::with_keys;
use crate::pointer::{bytes, result};
use crate::result::sandgate_result;
use crate::route::read_port;
use crate::slot::{Held, Slot};
use core::ffi::c_void;
use sandgate::v2::TrafficKey;
use sandgate::{TrafficToken, Window};

/// The keys, derived from a traffic token, that issue and verify passes and signed hosts. Opaque, caller-allocated; wipe it
/// when done.
#[repr(C)]
pub struct sandgate_v2_traffic_key {
    /// Private.
    pub _opaque: [u64; 24],
}

impl Held for TrafficKey {
    const MARKER: u64 = 0x7361_6e64_6b74_0001;
    type Storage = sandgate_v2_traffic_key;
}

/// Initialises the keys derived from a traffic token. By default they accept passes that expire within 7 days and signed
/// hosts that expire within one day, without leeway.
/// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_V1_TOKEN_GIVEN, SANDGATE_ACCESS_TOKEN_GIVEN or
/// SANDGATE_TRAFFIC_ROOT_GIVEN for another kind of secret; SANDGATE_TOKEN_SHAPE; SANDGATE_NULL_POINTER.
/// In: token. Out: out, whose previous content is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_traffic_key_init(
    token: *const c_void,
    token_len: usize,
    out: *mut sandgate_v2_traffic_key,
) -> sandgate_result {
    // SAFETY: the caller's contract: the token has its length, and `out` is writable storage.
    with_keys(|| unsafe {
        bytes(token, token_len)
            .and_then(|token| Slot::put(out.cast(), TrafficKey::new(&TrafficToken::try_from(token)?)?))
    })
}

/// Sets the window in which a key accepts passes. No other thread may use the key during the call.
/// Returns: OK; SANDGATE_BAD_LEEWAY; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: leeway, for clocks that disagree, at most 300 seconds; max_lifetime, how many seconds ahead a pass may expire. Out:
/// key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_traffic_key_set_window(
    key: *mut sandgate_v2_traffic_key,
    leeway: u32,
    max_lifetime: u32,
) -> sandgate_result {
    // SAFETY: the caller's contract: the key is this thread's alone.
    result(unsafe { change(key, |key| Ok(key.window(Window::new(leeway, max_lifetime)?))) })
}

/// Sets the window in which a key accepts signed hosts. No other thread may use the key during the call.
/// Returns: OK; SANDGATE_BAD_LEEWAY; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: leeway; max_lifetime, as above. Out: key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_traffic_key_set_signed_host_window(
    key: *mut sandgate_v2_traffic_key,
    leeway: u32,
    max_lifetime: u32,
) -> sandgate_result {
    // SAFETY: the caller's contract: the key is this thread's alone.
    result(unsafe { change(key, |key| Ok(key.signed_host_window(Window::new(leeway, max_lifetime)?))) })
}

/// Sets the controllers' port, 49983 by default. Nothing is issued for it. No other thread may use the key during
/// the call.
/// Returns: OK; SANDGATE_BAD_PORT; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: port. Out: key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_traffic_key_set_controller_port(
    key: *mut sandgate_v2_traffic_key,
    port: u32,
) -> sandgate_result {
    // SAFETY: the caller's contract: the key is this thread's alone.
    result(unsafe { change(key, |key| Ok(key.controller_port(read_port(port)?))) })
}

/// Overwrites a key with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
/// Returns: nothing. Out: the struct; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_traffic_key_wipe(key: *mut sandgate_v2_traffic_key) {
    // SAFETY: the caller's contract: NULL or writable storage.
    unsafe { Slot::<TrafficKey>::wipe(key.cast()) }
}

/// Changes a copy, so that an error leaves the key unchanged.
///
/// # Safety
/// `key` is NULL or storage that is this thread's alone.
unsafe fn change(
    key: *mut sandgate_v2_traffic_key,
    to: impl FnOnce(TrafficKey) -> Result<TrafficKey, sandgate_result>,
) -> Result<(), sandgate_result> {
    // SAFETY: the caller's contract.
    let key = unsafe { Slot::<TrafficKey>::get_mut(key.cast()) }?;
    *key = to(key.clone())?;
    Ok(())
}
