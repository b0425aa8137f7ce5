//! Converts C pointers to slices and back.

use crate::result::sandgate_result::{self, *};
use core::ffi::{c_char, c_void};
use core::fmt;
use sandgate::{BufferTooSmall, Context, WriteUrlError, write_to_slice};

/// Returns the bytes at `pointer`; NULL only with length 0.
///
/// # Safety
/// Unless it is NULL, `pointer` is valid for reads of `len` bytes for as long as the result is used.
pub(crate) unsafe fn bytes<'a>(pointer: *const c_void, len: usize) -> Result<&'a [u8], sandgate_result> {
    match (pointer.is_null(), len) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(SANDGATE_NULL_POINTER),
        (false, _) if isize::try_from(len).is_err() => Err(SANDGATE_NULL_POINTER),
        // SAFETY: not NULL, of a length that is valid for a slice, and readable by the caller's contract.
        (false, _) => Ok(unsafe { core::slice::from_raw_parts(pointer.cast(), len) }),
    }
}

/// Returns the `count` structs at `pointer`; NULL only with a count of 0.
///
/// # Safety
/// Unless it is NULL, `pointer` is valid for reads of `count` structs for as long as the result is used.
pub(crate) unsafe fn array<'a, T>(pointer: *const T, count: usize) -> Result<&'a [T], sandgate_result> {
    match (pointer.is_null(), count) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(SANDGATE_NULL_POINTER),
        (false, _) if count > isize::MAX as usize / size_of::<T>() => Err(SANDGATE_NULL_POINTER),
        // SAFETY: not NULL, of a length that is valid for a slice, and readable by the caller's contract.
        (false, _) => Ok(unsafe { core::slice::from_raw_parts(pointer, count) }),
    }
}

/// Returns the bytes at `pointer`, or none for NULL. A pointer with length 0 is empty, not absent.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn optional_bytes<'a>(
    pointer: *const c_void,
    len: usize,
) -> Result<Option<&'a [u8]>, sandgate_result> {
    if pointer.is_null() && len == 0 {
        return Ok(None);
    }
    // SAFETY: the caller's contract.
    unsafe { bytes(pointer, len) }.map(Some)
}

/// Returns the context; NULL is none.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn context<'a>(pointer: *const c_void, len: usize) -> Result<Option<Context<'a>>, sandgate_result> {
    // SAFETY: the caller's contract.
    let given = unsafe { optional_bytes(pointer, len) }?;
    Ok(given.map(Context::try_from).transpose()?)
}

/// Writes the result of `make`. Does not call it if `pointer` is NULL.
///
/// # Safety
/// Unless it is NULL, `pointer` is valid for a write.
pub(crate) unsafe fn output<T>(
    pointer: *mut T,
    make: impl FnOnce() -> Result<T, sandgate_result>,
) -> Result<(), sandgate_result> {
    if pointer.is_null() {
        return Err(SANDGATE_NULL_POINTER);
    }
    let value = make()?;
    // SAFETY: not NULL, and valid for a write by the caller's contract.
    unsafe { pointer.write(value) };
    Ok(())
}

/// Why nothing was written to a buffer.
pub(crate) enum Unwritten {
    TooSmall(BufferTooSmall),
    Misuse(sandgate_result),
}

impl From<BufferTooSmall> for Unwritten {
    fn from(error: BufferTooSmall) -> Self {
        Self::TooSmall(error)
    }
}

impl From<WriteUrlError> for Unwritten {
    fn from(error: WriteUrlError) -> Self {
        match error {
            WriteUrlError::BufferTooSmall(error) => Self::TooSmall(error),
            WriteUrlError::Misuse(misuse) => Self::Misuse(misuse.into()),
            WriteUrlError::Base => Self::Misuse(SANDGATE_BAD_BASE_URL),
            _ => Self::Misuse(SANDGATE_MISUSE),
        }
    }
}

/// Calls `fill` to write into the caller's buffer, and reports the length or the needed size.
///
/// # Safety
/// Unless it is NULL, `out` is valid for reads and writes of `out_size` bytes; unless it is NULL, `out_len` is valid for a
/// write; the two do not overlap.
pub(crate) unsafe fn write_all(
    out: *mut u8,
    out_size: usize,
    out_len: *mut usize,
    fill: impl FnOnce(&mut [u8]) -> Result<usize, Unwritten>,
) -> sandgate_result {
    let buffer: &mut [u8] = match (out.is_null(), out_size) {
        (_, 0) => &mut [],
        (true, _) => return SANDGATE_NULL_POINTER,
        (false, _) if isize::try_from(out_size).is_err() => return SANDGATE_NULL_POINTER,
        // SAFETY: not NULL, of a length that is valid for a slice, and writable by the caller's contract. C may not have
        // initialised it; nothing here reads it.
        (false, _) => unsafe { core::slice::from_raw_parts_mut(out, out_size) },
    };
    if out_len.is_null() {
        return SANDGATE_NULL_POINTER;
    }
    let (result, len) = match fill(buffer) {
        Ok(len) => (SANDGATE_OK, len),
        Err(Unwritten::TooSmall(BufferTooSmall { needed })) => (SANDGATE_BUFFER_TOO_SMALL, needed),
        Err(Unwritten::Misuse(result)) => return result,
    };
    // SAFETY: not NULL, and valid for a write by the caller's contract.
    unsafe { out_len.write(len) };
    result
}

/// Writes `text` into the caller's buffer, whole or not at all.
///
/// # Safety
/// As [`write_all`].
pub(crate) unsafe fn write_text(
    text: impl AsRef<[u8]>,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    let text = text.as_ref();
    let copy = |out: &mut [u8]| {
        let place = out.get_mut(..text.len()).ok_or(BufferTooSmall { needed: text.len() })?;
        // A loop, because `copy_from_slice` keeps a panic if the optimiser cannot prove that the lengths are equal.
        place.iter_mut().zip(text).for_each(|(place, byte)| *place = *byte);
        Ok(text.len())
    };
    // SAFETY: the caller's contract.
    unsafe { write_all(out.cast(), out_size, out_len, copy) }
}

/// Writes a signed URL, the base first, into the caller's buffer, whole or not at all.
///
/// # Safety
/// As [`write_all`], and `base` has `base_len` bytes.
pub(crate) unsafe fn write_url(
    base: *const c_char,
    base_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
    write: impl FnOnce(&mut [u8], &str) -> Result<usize, WriteUrlError>,
) -> sandgate_result {
    // SAFETY: the caller's contract.
    let base = match unsafe { bytes(base.cast(), base_len) }.map(core::str::from_utf8) {
        Ok(Ok(base)) => base,
        Ok(Err(_)) => return SANDGATE_BAD_BASE_URL,
        Err(result) => return result,
    };
    // SAFETY: the caller's contract.
    unsafe { write_all(out.cast(), out_size, out_len, |out| Ok(write(out, base)?)) }
}

/// Writes the output of `write` into the caller's buffer, whole or not at all.
///
/// # Safety
/// As [`write_all`].
pub(crate) unsafe fn write_with(
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
    write: impl Fn(&mut dyn fmt::Write) -> fmt::Result,
) -> sandgate_result {
    // SAFETY: the caller's contract.
    unsafe { write_all(out.cast(), out_size, out_len, |out| Ok(write_to_slice(out, write)?.len())) }
}

/// The result code of an outcome.
pub(crate) fn result(outcome: Result<(), sandgate_result>) -> sandgate_result {
    outcome.err().unwrap_or(SANDGATE_OK)
}
