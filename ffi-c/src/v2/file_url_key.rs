//! The key that signs and verifies v2 file URLs.

use crate::access_token::access_token;
use crate::clean_stack::with_keys;
use crate::result::sandgate_result;
use crate::slot::{Held, Slot};
use core::ffi::c_void;
use sandgate::Window;
use sandgate::v2::FileUrlKey;

/// The key, derived from an access token, that signs and verifies v2 file URLs. Opaque, caller-allocated; wipe it when
/// done.
#[repr(C)]
pub struct sandgate_v2_file_url_key {
    /// Private.
    pub _opaque: [u64; 16],
}

impl Held for FileUrlKey {
    const MARKER: u64 = 0x7361_6e64_6632_0001;
    type Storage = sandgate_v2_file_url_key;
}

/// Initialises the key derived from an access token. By default it accepts URLs that expire within 7 days, without leeway.
/// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_V1_TOKEN_GIVEN, SANDGATE_TRAFFIC_TOKEN_GIVEN or
/// SANDGATE_TRAFFIC_ROOT_GIVEN for another kind of secret; SANDGATE_TOKEN_SHAPE; SANDGATE_NULL_POINTER.
/// In: token. Out: out, whose previous content is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_file_url_key_init(
    token: *const c_void,
    token_len: usize,
    out: *mut sandgate_v2_file_url_key,
) -> sandgate_result {
    // SAFETY: the caller's contract: the token has its length, and `out` is writable storage.
    with_keys(|| unsafe {
        access_token(token, token_len).and_then(|token| Slot::put(out.cast(), FileUrlKey::new(&token)?))
    })
}

/// Sets the window in which a key accepts URLs. No other thread may use the key during the call.
/// Returns: OK; SANDGATE_BAD_LEEWAY; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: leeway, for clocks that disagree, at most 300 seconds; max_lifetime, how many seconds ahead a URL may expire. Out:
/// key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_file_url_key_set_window(
    key: *mut sandgate_v2_file_url_key,
    leeway: u32,
    max_lifetime: u32,
) -> sandgate_result {
    with_keys(|| {
        // SAFETY: the caller's contract: the key is this thread's alone.
        unsafe { Slot::<FileUrlKey>::get_mut(key.cast()) }.and_then(|key| {
            let window = Window::new(leeway, max_lifetime)?;
            *key = key.clone().window(window);
            Ok(())
        })
    })
}

/// Overwrites a key with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
/// Returns: nothing. Out: the struct; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_file_url_key_wipe(key: *mut sandgate_v2_file_url_key) {
    // SAFETY: the caller's contract: NULL or writable storage.
    unsafe { Slot::<FileUrlKey>::wipe(key.cast()) }
}
