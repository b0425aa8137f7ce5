//! Webhooks: the signature of E2B's lifecycle events.

use crate::clean_stack::with_keys;
use crate::head::{lines, sandgate_header_line};
use crate::pointer::{bytes, result, write_text};
use crate::result::sandgate_result;
use crate::slot::{Held, Slot};
use core::ffi::{c_char, c_void};
use sandgate::webhook::{Headers, Verification, Verifier, sign};

/// 1 to 8 secrets, each of which may have signed a webhook. Opaque, caller-allocated; wipe it when done.
#[repr(C)]
pub struct sandgate_webhook_verifier {
    /// Private.
    pub _opaque: [u64; 120],
}

impl Held for Verifier {
    const MARKER: u64 = 0x7361_6e64_7768_0001;
    type Storage = sandgate_webhook_verifier;
}

/// The verification of a body that comes in pieces. Opaque, caller-allocated; wipe it when done.
#[repr(C)]
pub struct sandgate_webhook_verification {
    /// Private.
    pub _opaque: [u64; 128],
}

impl Held for Verification {
    const MARKER: u64 = 0x7361_6e64_7776_0001;
    type Storage = sandgate_webhook_verification;
}

/// Initialises a verifier with one secret.
/// Returns: OK; SANDGATE_WEBHOOK_SECRET; SANDGATE_NULL_POINTER.
/// In: secret, at least 16 bytes. Out: out, whose previous content is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_webhook_verifier_init(
    secret: *const c_void,
    secret_len: usize,
    out: *mut sandgate_webhook_verifier,
) -> sandgate_result {
    // SAFETY: the caller's contract: the secret has its length, and `out` is writable storage.
    with_keys(|| unsafe { bytes(secret, secret_len).and_then(|secret| Slot::put(out.cast(), Verifier::new(secret)?)) })
}

/// Adds a secret, to replace another without a lost event: at most 8. No other thread may use the verifier during the call.
/// Returns: OK; SANDGATE_WEBHOOK_SECRET; SANDGATE_TOO_MANY_SECRETS; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: secret, as above. Out: verifier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_webhook_verifier_add(
    verifier: *mut sandgate_webhook_verifier,
    secret: *const c_void,
    secret_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the verifier is this thread's alone, and the secret has its length.
    with_keys(|| unsafe {
        Slot::<Verifier>::get_mut(verifier.cast()).and_then(|verifier| Ok(verifier.add(bytes(secret, secret_len)?)?))
    })
}

/// Overwrites a verifier with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
/// Returns: nothing. Out: the struct; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_webhook_verifier_wipe(verifier: *mut sandgate_webhook_verifier) {
    // SAFETY: the caller's contract: NULL or writable storage.
    unsafe { Slot::<Verifier>::wipe(verifier.cast()) }
}

/// Verifies the signature of a webhook. The format is E2B's: e2b-signature is base64 of the SHA-256 of the secret followed by
/// the body, and e2b-signature-version is v1 or absent. It is not an HMAC and has no time: parse a verified body with a strict
/// JSON parser, and remember the ids of the events that you have handled.
/// Returns: OK; SANDGATE_WEBHOOK_MISSING; SANDGATE_WEBHOOK_MALFORMED for a header that was given twice, another version, or
/// another shape; SANDGATE_WEBHOOK_INVALID; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: verifier; header_lines, all or only the two that decide; body, the bytes as received.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_webhook_verify(
    verifier: *const sandgate_webhook_verifier,
    header_lines: *const sandgate_header_line,
    header_line_count: usize,
    body: *const c_void,
    body_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: a verifier, lines whose pointers have their lengths, and a body with its length.
    result(unsafe {
        (|| {
            let verifier = Slot::<Verifier>::get(verifier.cast())?;
            let headers = headers(header_lines, header_line_count)?;
            Ok(verifier.verify(&headers, bytes(body, body_len)?)?)
        })()
    })
}

/// Begins to verify a webhook whose body comes in pieces. Do not act on a piece before sandgate_webhook_finish is OK, and limit
/// how much you read.
/// Returns: OK; SANDGATE_WEBHOOK_MISSING; SANDGATE_WEBHOOK_MALFORMED; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: verifier, which is not needed afterwards; header_lines, as above. Out: out, whose previous content is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_webhook_start(
    verifier: *const sandgate_webhook_verifier,
    header_lines: *const sandgate_header_line,
    header_line_count: usize,
    out: *mut sandgate_webhook_verification,
) -> sandgate_result {
    // SAFETY: the caller's contract: a verifier, lines whose pointers have their lengths, and writable storage.
    with_keys(|| unsafe {
        let verifier = Slot::<Verifier>::get(verifier.cast())?;
        let headers = headers(header_lines, header_line_count)?;
        Slot::put(out.cast(), verifier.start(&headers)?)
    })
}

/// Takes the next piece of the body. No other thread may use the verification during the call.
/// Returns: OK; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: piece. Out: verification.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_webhook_update(
    verification: *mut sandgate_webhook_verification,
    piece: *const c_void,
    piece_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the verification is this thread's alone, and the piece has its length.
    result(unsafe {
        (|| {
            Slot::<Verification>::get_mut(verification.cast())?.update(bytes(piece, piece_len)?);
            Ok(())
        })()
    })
}

/// Whether the pieces so far are the signed body.
/// Returns: OK; SANDGATE_WEBHOOK_INVALID; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: verification.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_webhook_finish(
    verification: *const sandgate_webhook_verification,
) -> sandgate_result {
    // SAFETY: the caller's contract: NULL or a verification.
    result(unsafe {
        Slot::<Verification>::get(verification.cast()).and_then(|verification| Ok(verification.finish()?))
    })
}

/// Overwrites a verification with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
/// Returns: nothing. Out: the struct; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_webhook_verification_wipe(verification: *mut sandgate_webhook_verification) {
    // SAFETY: the caller's contract: NULL or writable storage.
    unsafe { Slot::<Verification>::wipe(verification.cast()) }
}

/// Signs the body of a webhook, as a platform that sends events does: 43 characters for the header e2b-signature. Send
/// e2b-signature-version: v1 beside it.
/// Returns: OK; SANDGATE_WEBHOOK_SECRET; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
/// In: secret, at least 16 bytes; body. Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_webhook_sign(
    secret: *const c_void,
    secret_len: usize,
    body: *const c_void,
    body_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: both texts have their lengths.
    match unsafe { (bytes(secret, secret_len), bytes(body, body_len)) } {
        (Ok(secret), Ok(body)) => match sign(secret, body) {
            // SAFETY: the caller's contract: a buffer with its size.
            Ok(signature) => unsafe { write_text(signature.as_bytes(), out, out_size, out_len) },
            Err(misuse) => misuse.into(),
        },
        (Err(result), _) | (_, Err(result)) => result,
    }
}

/// # Safety
/// As [`lines`].
unsafe fn headers<'a>(at: *const sandgate_header_line, count: usize) -> Result<Headers<'a>, sandgate_result> {
    // SAFETY: the caller's contract.
    unsafe { lines(at, count) }.map(|lines| Headers::read(lines.iter().copied()))
}
