//! Text inside a request, decoded on demand.

use crate::pointer::{bytes, write_all};
use crate::result::sandgate_result::{self, *};
use core::ffi::{c_char, c_void};
use sandgate::Decoded;

/// A piece of the request's target, still percent-encoded. It is valid for as long as that target is.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sandgate_text {
    /// The bytes as they are in the target; NULL if there are none.
    pub raw: *const c_char,
    /// Their number.
    pub raw_len: usize,
    /// The number of bytes after decoding; 0 if the text is empty or absent.
    pub len: usize,
}

impl From<Decoded<'_>> for sandgate_text {
    fn from(text: Decoded<'_>) -> Self {
        let raw = if text.is_empty() { core::ptr::null() } else { text.raw().as_ptr().cast() };
        Self { raw, raw_len: text.raw().len(), len: text.len() }
    }
}

/// Decodes a text. The output is bytes: it need not be UTF-8, and may contain NUL.
/// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER; SANDGATE_BAD_ESCAPE for a text that this library did not
/// make.
/// In: text. Out: out, not NUL-terminated; out_len, its length or the needed size. out may be NULL with size 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_text_decode(
    text: *const sandgate_text,
    out: *mut c_void,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: NULL becomes `None`; else it points to a text by the caller's contract.
    let Some(text) = (unsafe { text.as_ref() }) else { return SANDGATE_NULL_POINTER };
    // SAFETY: a text of ours points into the request's target, which is still valid by contract.
    let raw = match unsafe { bytes(text.raw.cast(), text.raw_len) } {
        Ok(raw) => raw,
        Err(result) => return result,
    };
    let Ok(decoded) = Decoded::from_query(raw) else { return SANDGATE_BAD_ESCAPE };
    // SAFETY: the caller's contract: `out` has `out_size` bytes and `out_len` points to a size.
    unsafe { write_all(out.cast(), out_size, out_len, |out| Ok(decoded.copy_to(out)?.len())) }
}

/// Whether a text decodes to exactly these bytes. Not constant time, so not for secrets.
/// Returns: true if it does; false also for NULL, and for a text that this library did not make. In: text; bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_text_equal(
    text: *const sandgate_text,
    other: *const c_void,
    other_len: usize,
) -> bool {
    // SAFETY: the caller's contract: NULL or a text of ours, and bytes with their length.
    unsafe {
        let Some(text) = text.as_ref() else { return false };
        let raw = bytes(text.raw.cast(), text.raw_len).map(Decoded::from_query);
        matches!((raw, bytes(other, other_len)), (Ok(Ok(text)), Ok(other)) if text == *other)
    }
}
