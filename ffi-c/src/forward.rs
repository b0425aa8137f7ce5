//! Removes an edge's credentials from a request before the edge forwards it.

use crate::pointer::{Unwritten, bytes, write_all};
use crate::result::sandgate_result::{self, *};
use core::ffi::{c_char, c_void};
use sandgate::{BufferTooSmall, forward};

/// Rewrites a header line that is to be forwarded. Pass every line through it.
///
/// The header SANDGATE_TRAFFIC_HEADER is removed, and so is a Cookie line that holds only SANDGATE_TRAFFIC_COOKIE. The
/// left-most label of Host becomes {port}-{sandbox_id}. Credentials are removed from the other headers that
/// sandgate_forwarded_header names. Everything else is unchanged.
/// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
/// In: name, in upper or lower case; value.
/// Out: out, the value to forward, not NUL-terminated; out_len, its length or the needed size, at most 2 * value_len;
/// stays, 1 if the line is to be forwarded, 0 if it is removed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_forward_header(
    name: *const c_void,
    name_len: usize,
    value: *const c_void,
    value_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
    stays: *mut u32,
) -> sandgate_result {
    if stays.is_null() {
        return SANDGATE_NULL_POINTER;
    }
    // SAFETY: the caller's contract: name and value have their lengths.
    let (name, value) = match unsafe { (bytes(name, name_len), bytes(value, value_len)) } {
        (Ok(name), Ok(value)) => (name, value),
        (Err(result), _) | (_, Err(result)) => return result,
    };
    // SAFETY: the caller's contract: `out` has `out_size` bytes, `out_len` points to a size, and `stays` to a number.
    unsafe {
        let write = |out: &mut dyn FnMut(&[u8])| forward::header(name, value, out);
        let result = write_pieces(out, out_size, out_len, write);
        if result == SANDGATE_OK {
            stays.write(write(&mut |_| ()).into());
        }
        result
    }
}

/// Writes a target, path and query, without SANDGATE_TRAFFIC_PARAMETER. Everything else is unchanged.
/// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
/// In: target, of the request line, still percent-encoded.
/// Out: out, not NUL-terminated; out_len, its length or the needed size, never more than target_len.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_forward_target(
    target: *const c_void,
    target_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the target has its length, `out` has `out_size` bytes and `out_len` points to a size.
    unsafe {
        match bytes(target, target_len) {
            Ok(target) => write_pieces(out, out_size, out_len, |out| forward::target(target, out)),
            Err(result) => result,
        }
    }
}

/// Writes a query without SANDGATE_TRAFFIC_PARAMETER. The other pieces are unchanged.
/// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
/// In: query, the bytes after ?, still percent-encoded.
/// Out: out, not NUL-terminated; out_len, its length or the needed size, never more than query_len.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_forward_query(
    query: *const c_void,
    query_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the query has its length, `out` has `out_size` bytes and `out_len` points to a size.
    unsafe {
        match bytes(query, query_len) {
            Ok(query) => write_pieces(out, out_size, out_len, |out| join(forward::query(query), out)),
            Err(result) => result,
        }
    }
}

/// A Cookie line without SANDGATE_TRAFFIC_COOKIE. A line that does not hold it stays as it is; of any other one the
/// other cookies stay, with "; " between them. When nothing is left, the line goes.
/// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
/// In: line, the value of one Cookie header. Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_forward_cookie(
    line: *const c_void,
    line_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the line has its length, `out` has `out_size` bytes and `out_len` points to a size.
    unsafe {
        match bytes(line, line_len) {
            Ok(line) => write_pieces(out, out_size, out_len, |out| forward::cookies(line).for_each(out)),
            Err(result) => result,
        }
    }
}

/// Hands the pieces of a query on with `&` between them.
fn join<'a>(pieces: impl Iterator<Item = &'a [u8]>, out: &mut dyn FnMut(&[u8])) {
    for (number, piece) in pieces.enumerate() {
        if number > 0 {
            out(b"&");
        }
        out(piece);
    }
}

/// Writes the pieces that `write` produces. They are measured first, so that a buffer that is too small is not changed.
///
/// # Safety
/// As [`write_all`].
unsafe fn write_pieces<T>(
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
    write: impl Fn(&mut dyn FnMut(&[u8])) -> T,
) -> sandgate_result {
    let fill = |out: &mut [u8]| {
        let mut needed = 0_usize;
        write(&mut |piece| needed = needed.saturating_add(piece.len()));
        let mut places = out.get_mut(..needed).ok_or(Unwritten::TooSmall(BufferTooSmall { needed }))?.iter_mut();
        write(&mut |piece| piece.iter().zip(places.by_ref()).for_each(|(byte, place)| *place = *byte));
        Ok(needed)
    };
    // SAFETY: the caller's contract.
    unsafe { write_all(out.cast(), out_size, out_len, fill) }
}
