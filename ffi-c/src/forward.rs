//! What an edge takes out of a request before it forwards it.

use crate::pointer::{Unwritten, bytes, write_all};
use crate::result::sandgate_result;
use core::ffi::c_char;
use sandgate::BufferTooSmall;
use sandgate::forward::{cookies, query};

/// A query without SANDGATE_TRAFFIC_PARAMETER: the other pieces as they were. The header SANDGATE_TRAFFIC_HEADER goes
/// too, and {port}-{sandbox_id} of the route takes the place of the host's left-most label.
/// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
/// In: query, the bytes behind ?, still percent-encoded.
/// Out: out, without a NUL at its end; out_len, its length or the needed size, never more than query_len.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_forward_query(
    query: *const u8,
    query_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the query has its length, `out` has `out_size` bytes and `out_len` points to a size.
    unsafe {
        match bytes(query, query_len) {
            Ok(text) => write_all(out.cast(), out_size, out_len, |out| join(out, || self::query(text), b"&")),
            Err(result) => result,
        }
    }
}

/// A Cookie line without SANDGATE_TRAFFIC_COOKIE: the other cookies, trimmed, with "; " between them. When nothing is
/// left, the line goes.
/// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
/// In: line, the value of one Cookie header. Out: out, without a NUL at its end; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_forward_cookie(
    line: *const u8,
    line_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the line has its length, `out` has `out_size` bytes and `out_len` points to a size.
    unsafe {
        match bytes(line, line_len) {
            Ok(line) => write_all(out.cast(), out_size, out_len, |out| join(out, || cookies(line), b"; ")),
            Err(result) => result,
        }
    }
}

/// Writes pieces with something between them: measured first, so that a buffer that is too small stays as it was.
fn join<'a, P: Iterator<Item = &'a [u8]>>(
    out: &mut [u8],
    pieces: impl Fn() -> P,
    between: &'static [u8],
) -> Result<usize, Unwritten> {
    let parts = || {
        let before = core::iter::once(&b""[..]).chain(core::iter::repeat(between));
        before.zip(pieces()).flat_map(|(before, piece)| [before, piece])
    };
    let needed = parts().fold(0_usize, |sum, part| sum.saturating_add(part.len()));
    let out = out.get_mut(..needed).ok_or(BufferTooSmall { needed })?;
    for (place, byte) in out.iter_mut().zip(parts().flatten()) {
        *place = *byte;
    }
    Ok(needed)
}
