//! The head of a request, as C passes it: the request line and the header lines, not filtered.

use crate::pointer::{array, bytes, context};
use crate::result::sandgate_result::{self, *};
use crate::sized::SizedStruct;
use core::ffi::c_void;
use sandgate::{Head, HeaderLine};

/// A header line as received. The pointers are not NULL, even if there are no bytes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sandgate_header_line {
    /// The name, in upper or lower case.
    pub name: *const c_void,
    /// Its length.
    pub name_len: usize,
    /// The value. Spaces and tabs around it do not count.
    pub value: *const c_void,
    /// Its length.
    pub value_len: usize,
}

/// The request line and the header lines as received: not decoded, not filtered.
#[repr(C)]
pub struct sandgate_head {
    /// sizeof(sandgate_head), so that the struct can grow.
    pub struct_size: usize,
    /// The method, such as `GET`, as received.
    pub method: *const c_void,
    /// Its length.
    pub method_len: usize,
    /// Path and query of the request line, still percent-encoded.
    pub target: *const c_void,
    /// Its length.
    pub target_len: usize,
    /// The header lines: all of them, or those that sandgate_deciding_header names.
    pub lines: *const sandgate_header_line,
    /// Their number.
    pub line_count: usize,
    /// The context for which a v2 file URL or traffic pass was signed, 1 to 255 bytes that the request does not carry.
    /// NULL: none. A credential that was signed for another context, or for none, is refused; with NULL, one that was
    /// signed for a context is refused.
    pub context: *const c_void,
    /// Its length.
    pub context_len: usize,
    /// 1 if the server has joined repeated lines with commas, else 0. A comma in a deciding header is then refused.
    pub is_joined: u32,
    /// 1 if there is a body that no header announces, as in HTTP/2, else 0.
    pub has_body: u32,
}

// SAFETY: `repr(C)`, its size first.
unsafe impl SizedStruct for sandgate_head {}

impl sandgate_head {
    /// # Safety
    /// Each pointer has its length.
    pub(crate) unsafe fn read<'a>(&self) -> Result<Head<'a>, sandgate_result> {
        // SAFETY: the caller's contract.
        let (method, target, lines, context) = unsafe {
            (
                bytes(self.method, self.method_len)?,
                bytes(self.target, self.target_len)?,
                lines(self.lines, self.line_count)?,
                context(self.context, self.context_len)?,
            )
        };
        let head = Head::new(method, target, lines);
        let head = if self.is_joined == 0 { head } else { head.joined() };
        let head = if self.has_body == 0 { head } else { head.body() };
        Ok(head.maybe_context(context))
    }
}

/// Reads the lines in place: their number is not limited, and nothing is allocated.
///
/// # Safety
/// Unless it is NULL, `lines` is valid for reads of `count` structs, whose pointers have their lengths.
pub(crate) unsafe fn lines<'a>(
    lines: *const sandgate_header_line,
    count: usize,
) -> Result<&'a [HeaderLine<'a>], sandgate_result> {
    // SAFETY: the caller's contract.
    let given = unsafe { array(lines, count) }?;
    let is_text = |text: *const c_void, len| !text.is_null() && isize::try_from(len).is_ok();
    if !given.iter().all(|line| is_text(line.name, line.name_len) && is_text(line.value, line.value_len)) {
        return Err(SANDGATE_NULL_POINTER);
    }
    // SAFETY: a pair of slices has the same layout as the struct, as checked below. No pointer is NULL, each length is
    // valid for a slice, and the bytes are readable by the caller's contract.
    Ok(unsafe { core::slice::from_raw_parts(given.as_ptr().cast(), given.len()) })
}

/// Rust does not guarantee the layout of a pair of slices. If it differs from the struct, this does not compile.
const _: () = {
    const LINE: HeaderLine<'static> = (b"name", b"a value");
    // SAFETY: any pointers and any numbers are valid in such a struct. A pointer in place of a number is a compile error
    // here.
    let line = unsafe { core::mem::transmute::<HeaderLine<'static>, sandgate_header_line>(LINE) };
    assert!(line.name_len == LINE.0.len() && line.value_len == LINE.1.len());
    // SAFETY: they are pointers to these texts; anything else is a compile error here.
    assert!(unsafe { *line.name.cast::<u8>() == LINE.0[0] && *line.value.cast::<u8>() == LINE.1[0] });
    assert!(align_of::<HeaderLine<'static>>() == align_of::<sandgate_header_line>());
};
