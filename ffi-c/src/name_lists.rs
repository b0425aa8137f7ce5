//! Core's lists of header names, as NUL-terminated texts.

use core::ffi::c_char;
use core::ptr::null;
use sandgate::{forward, headers};

/// More than the longest name and its NUL. A longer name does not compile.
const SIZE: usize = 32;

type Texts<const N: usize> = [[u8; SIZE]; N];

static DECIDING: Texts<{ headers::DECIDING.len() }> = texts(headers::DECIDING);
static FORWARDED: Texts<{ forward::HEADERS.len() }> = texts(forward::HEADERS);

/// Evaluated only at compile time, where an index out of bounds is an error.
const fn texts<const N: usize>(names: [&str; N]) -> Texts<N> {
    let mut texts = [[0; SIZE]; N];
    let mut name = 0;
    while name < N {
        assert!(names[name].len() < SIZE);
        let mut at = 0;
        while at < names[name].len() {
            texts[name][at] = names[name].as_bytes()[at];
            at += 1;
        }
        name += 1;
    }
    texts
}

/// The headers that a guard reads, one by one. A server that selects lines for a sandgate_head must pass these.
/// Returns: a name in lower case, static NUL-terminated text; NULL from the end of the list on. In: index, from 0.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_deciding_header(index: usize) -> *const c_char {
    DECIDING.get(index).map_or(null(), |name| name.as_ptr().cast())
}

/// The headers that sandgate_forward_header removes or may rewrite, one by one.
/// Returns: a name in lower case, static NUL-terminated text; NULL from the end of the list on. In: index, from 0.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_forwarded_header(index: usize) -> *const c_char {
    FORWARDED.get(index).map_or(null(), |name| name.as_ptr().cast())
}
