//! The key of file URLs, v1.

use crate::access_token::access_token;
use crate::clean_stack::with_keys;
use crate::result::sandgate_result;
use crate::slot::{Held, Slot};
use core::ffi::c_void;
use sandgate::v1::FileUrlKey;

/// An access token as the key that signs and verifies file URLs. Opaque, caller-allocated; wipe it when done.
#[repr(C)]
pub struct sandgate_v1_file_url_key {
    /// Private.
    pub _opaque: [u64; 36],
}

impl Held for FileUrlKey {
    const MARKER: u64 = 0x7361_6e64_666b_0001;
    type Storage = sandgate_v1_file_url_key;
}

/// The key that an access token is.
/// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_V2_TOKEN_GIVEN; SANDGATE_TRAFFIC_TOKEN_GIVEN; SANDGATE_TRAFFIC_ROOT_GIVEN;
/// SANDGATE_NULL_POINTER.
/// In: token, 1 to 256 bytes of UTF-8, copied. Out: out, whose content before does not matter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_file_url_key_init(
    token: *const c_void,
    token_len: usize,
    out: *mut sandgate_v1_file_url_key,
) -> sandgate_result {
    // SAFETY: the caller's contract: the token has its length, and `out` is writable storage.
    with_keys(|| unsafe {
        access_token(token, token_len).and_then(|token| Slot::put(out.cast(), FileUrlKey::new(&token)?))
    })
}

/// Overwrites a key with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
/// Returns: nothing. Out: what is overwritten; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_file_url_key_wipe(key: *mut sandgate_v1_file_url_key) {
    // SAFETY: the caller's contract: NULL or writable storage.
    unsafe { Slot::<FileUrlKey>::wipe(key.cast()) }
}
