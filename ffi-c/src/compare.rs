//! Compares secrets, and identifies them in logs.

use crate::pointer::{bytes, result};
use crate::result::sandgate_result::{self, *};
use core::ffi::{c_char, c_void};

/// Whether two byte strings are equal. The time depends only on their lengths.
/// Returns: true if they are; false also when a pointer is NULL with a length other than 0. In: a; b, any bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_equal(a: *const c_void, a_len: usize, b: *const c_void, b_len: usize) -> bool {
    // SAFETY: the caller's contract: each pointer has its length.
    let (a, b) = unsafe { (bytes(a, a_len), bytes(b, b_len)) };
    matches!((a, b), (Ok(a), Ok(b)) if sandgate::compare::equal(a, b))
}

/// Writes the fingerprint of a token, which a log may show: 8 hex digits of its SHA-256.
/// Returns: OK; SANDGATE_NULL_POINTER. In: token, any bytes. Out: out, 9 bytes: the digits and a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_fingerprint(
    token: *const c_void,
    token_len: usize,
    out: *mut c_char,
) -> sandgate_result {
    // SAFETY: the caller's contract: the pointer has its length.
    let token = unsafe { bytes(token, token_len) };
    result(token.and_then(|token| {
        if out.is_null() {
            return Err(SANDGATE_NULL_POINTER);
        }
        let mut text = [0; 9];
        for (place, digit) in text.iter_mut().zip(sandgate::fingerprint(token).as_str().bytes()) {
            *place = digit;
        }
        // SAFETY: not NULL, and 9 bytes by the caller's contract.
        unsafe { out.cast::<[u8; 9]>().write(text) };
        Ok(())
    }))
}
