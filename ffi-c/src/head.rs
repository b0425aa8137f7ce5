//! The head of a request as a C server has it: the request line and the header lines, nothing chosen.

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

/// A request as a server hands it over: the request line and the header lines, nothing decoded and nothing chosen.
#[repr(C)]
pub struct sandgate_head {
    /// sizeof(sandgate_head), so that the struct can grow.
    pub struct_size: usize,
    /// The method, `GET`, as received.
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
    /// What a file URL or a traffic pass of v2 was signed for, 1 to 255 bytes that the request does not carry; NULL: nothing.
    /// What was signed for something is refused without it, and the other way round.
    pub context: *const c_void,
    /// Its length.
    pub context_len: usize,
    /// 1 if the server has joined repeated lines by commas, else 0. A comma in a header that decides is then refused.
    pub is_joined: u32,
    /// 1 if there is a body though no header tells, as in HTTP/2, else 0.
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
        let head = if self.has_body == 0 { head } else { head.with_body() };
        Ok(head.maybe_context(context))
    }
}

/// The lines where they are: nothing bounds their number, and nothing is allocated to copy them to.
///
/// # Safety
/// Unless it is NULL, `lines` is valid for reads of `count` structs, whose pointers have their lengths.
unsafe fn lines<'a>(lines: *const sandgate_header_line, count: usize) -> Result<&'a [HeaderLine<'a>], sandgate_result> {
    // SAFETY: the caller's contract.
    let given = unsafe { array(lines, count) }?;
    let is_text = |text: *const c_void, len| !text.is_null() && isize::try_from(len).is_ok();
    if !given.iter().all(|line| is_text(line.name, line.name_len) && is_text(line.value, line.value_len)) {
        return Err(SANDGATE_NULL_POINTER);
    }
    // SAFETY: a pair of slices is laid out as the struct is, as checked below; no pointer is NULL, each length is one that
    // slices allow, and what they point to is readable by the caller's contract.
    Ok(unsafe { core::slice::from_raw_parts(given.as_ptr().cast(), given.len()) })
}

/// Rust does not promise how a pair of slices is laid out. Where it is not as the struct, this does not compile.
const _: () = {
    const LINE: HeaderLine<'static> = (b"name", b"a value");
    // SAFETY: any pointers and any numbers make such a struct; a pointer where a number belongs is an error at this place.
    let line = unsafe { core::mem::transmute::<HeaderLine<'static>, sandgate_header_line>(LINE) };
    assert!(line.name_len == LINE.0.len() && line.value_len == LINE.1.len());
    // SAFETY: they are pointers to these texts, or to none, which is an error at this place.
    assert!(unsafe { *line.name.cast::<u8>() == LINE.0[0] && *line.value.cast::<u8>() == LINE.1[0] });
    assert!(align_of::<HeaderLine<'static>>() == align_of::<sandgate_header_line>());
};
