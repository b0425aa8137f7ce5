//! The texts of the results, for logs and answers.

use crate::pointer::write_with;
use crate::result::{
    creation_refusal, misuse, refusal,
    sandgate_result::{self, *},
};
use core::ffi::{CStr, c_char};
use core::fmt;
use sandgate::Denied;
use sandgate::creation::Refused;

/// The HTTP status of a refusal. Returns: the status; 0 for every other result. In: result.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_result_status(result: i32) -> u16 {
    refusal(result).map(Denied::status).or(creation_refusal(result).map(Refused::status)).unwrap_or(0)
}

/// The meaning of a result; for a refusal, the message to answer with.
/// Returns: static NUL-terminated text, also for numbers that are no result. Never NULL. In: result.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_result_message(result: i32) -> *const c_char {
    message(result).as_ptr()
}

/// Where a request was refused: "route", "file_token", "file_signature", "traffic", "host", "internal_route",
/// "init", "wake" or "webhook".
/// Returns: static NUL-terminated text; NULL for what is no refusal of a request. In: result.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_result_gate(result: i32) -> *const c_char {
    refusal(result).map_or(core::ptr::null(), |denied| denied.gate().as_c_str().as_ptr())
}

/// Why a request was refused: "missing", "malformed", "invalid", "expired", "lifetime_too_long", "out_of_scope" or
/// "not_initialized".
/// Returns: static NUL-terminated text; NULL for what is no refusal of a request. In: result.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_result_code(result: i32) -> *const c_char {
    refusal(result).map_or(core::ptr::null(), |denied| denied.code().as_c_str().as_ptr())
}

fn message(result: i32) -> &'static CStr {
    if let Some(denied) = refusal(result) {
        return denied.message_c();
    }
    if let Some(refused) = creation_refusal(result) {
        return refused.message_c();
    }
    if let Some(misuse) = misuse(result) {
        return misuse.message_c();
    }
    const OWN: [(sandgate_result, &CStr); 11] = [
        (SANDGATE_OK, c"success"),
        (SANDGATE_BAD_HEADER, c"header: count must be 1 when there is a value"),
        (
            SANDGATE_NULL_POINTER,
            c"a pointer must not be NULL unless its length is 0, and a length must be at most half the address space",
        ),
        (SANDGATE_STRUCT_SIZE, c"struct_size: must be the sizeof of the struct in a header that this library knows"),
        (SANDGATE_NOT_INITIALIZED, c"the struct must be initialised first, and must not be used after it was wiped"),
        (SANDGATE_BUFFER_TOO_SMALL, c"out: must have room for the number of bytes that was written to out_len"),
        (SANDGATE_NOT_A_REFUSAL, c"refusal: must be a result from 1 to 99"),
        (SANDGATE_BAD_ESCAPE, c"text: must be one that this library wrote"),
        (SANDGATE_BAD_POLICY, c"policy: must have a known name, known carriers, and at least one known format"),
        (
            SANDGATE_BAD_BASE_URL,
            c"base: must be UTF-8, not empty, and without query, fragment, space and control characters",
        ),
        (SANDGATE_MISUSE, c"the call must follow its documentation; this version has no name for the mistake"),
    ];
    OWN.into_iter()
        .find(|row| row.0 as i32 == result)
        .map_or(c"the result must be one that this version of the library returns", |row| row.1)
}

/// The JSON body of a refusal by the controller, at creation or of a webhook, {"code":401,"message":"..."}.
/// Returns: OK; SANDGATE_NOT_A_REFUSAL; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
/// In: refusal, a result from 1 to 99. Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_refusal_json(
    refusal: i32,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    let write_json: &dyn Fn(&mut dyn fmt::Write) -> fmt::Result =
        match (self::refusal(refusal), creation_refusal(refusal)) {
            (Some(denied), _) => &move |out| denied.write_json(out),
            (None, Some(refused)) => &move |out| refused.write_json(out),
            (None, None) => return SANDGATE_NOT_A_REFUSAL,
        };
    // SAFETY: the caller's contract: `out` has `out_size` bytes and `out_len` points to a size.
    unsafe { write_with(out, out_size, out_len, write_json) }
}
