//! A request, as C passes it.

use crate::pointer::{array, bytes, context};
use crate::result::sandgate_result::{self, *};
use crate::sized::{self, SizedStruct};
use core::ffi::{c_char, c_void};
use sandgate::{Header, Request};

/// A request header, its value without the white space around it. A server must not choose one of several values, so it
/// states how often the header was given. All zeros: absent.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sandgate_header {
    /// The value, if the header was given once.
    pub value: *const c_void,
    /// Its length.
    pub value_len: usize,
    /// How often the header was given. 0: absent, without a value; 1: once; more: refused if the header decides.
    pub count: u32,
}

/// A text with its length.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sandgate_bytes {
    /// The bytes; not NULL, even if there are none.
    pub data: *const c_void,
    /// Their number.
    pub len: usize,
}

/// The parts of a request that a gate reads, as received.
#[repr(C)]
pub struct sandgate_request {
    /// sizeof(sandgate_request), so that the struct can grow.
    pub struct_size: usize,
    /// The method, such as `GET`, as received.
    pub method: *const c_void,
    /// Its length.
    pub method_len: usize,
    /// Path and query of the request line, still percent-encoded.
    pub target: *const c_void,
    /// Its length.
    pub target_len: usize,
    /// X-Access-Token, which a controller reads.
    pub access_token: sandgate_header,
    /// e2b-traffic-access-token, which an edge reads.
    pub traffic_token: sandgate_header,
    /// The values of all Cookie headers, which an edge reads if its policy accepts cookies.
    pub cookies: *const sandgate_bytes,
    /// Their number.
    pub cookie_count: usize,
    /// The context for which a v2 file URL or traffic pass was signed, 1 to 255 bytes that the request does not carry.
    /// NULL: none. A credential that was signed for another context, or for none, is refused; with NULL, one that was
    /// signed for a context is refused.
    pub context: *const c_void,
    /// Its length.
    pub context_len: usize,
}

impl sandgate_header {
    /// # Safety
    /// Unless it is NULL, `header` points to a header whose value has its length.
    pub(crate) unsafe fn given<'a>(header: *const Self) -> Result<Header<'a>, sandgate_result> {
        // SAFETY: the caller's contract.
        unsafe { header.as_ref().ok_or(SANDGATE_NULL_POINTER)?.read() }
    }

    /// # Safety
    /// `value` has `value_len` bytes if the header was given once.
    unsafe fn read<'a>(&self) -> Result<Header<'a>, sandgate_result> {
        match self.count {
            // A header with a value but a count of 0 would turn a wrong token into an absent one.
            0 if !self.value.is_null() || self.value_len > 0 => Err(SANDGATE_BAD_HEADER),
            0 => Ok(Header::Absent),
            // SAFETY: the caller's contract.
            1 => unsafe { bytes(self.value, self.value_len) }.map(Header::Once),
            _ => Ok(Header::Repeated),
        }
    }
}

// SAFETY: `repr(C)`, its size first.
unsafe impl SizedStruct for sandgate_request {}

impl sandgate_request {
    /// # Safety
    /// Each pointer has its length.
    pub(crate) unsafe fn read<'a>(&self) -> Result<Request<'a>, sandgate_result> {
        // SAFETY: the caller's contract.
        unsafe {
            let method = bytes(self.method, self.method_len)?;
            let target = bytes(self.target, self.target_len)?;
            let request = Request::new(method, target).access_token(self.access_token.read()?);
            let request = request.traffic_token(self.traffic_token.read()?);
            let request = request.cookies(cookies(self.cookies, self.cookie_count)?);
            let context = context(self.context, self.context_len)?;
            Ok(request.maybe_context(context))
        }
    }
}

/// Reads the lines in place: their number is not limited, so there is no buffer to copy them to.
///
/// # Safety
/// Unless it is NULL, `cookies` is valid for reads of `count` structs, whose pointers have their lengths.
unsafe fn cookies<'a>(cookies: *const sandgate_bytes, count: usize) -> Result<&'a [&'a [u8]], sandgate_result> {
    // SAFETY: the caller's contract.
    let lines = unsafe { array(cookies, count) }?;
    if lines.iter().any(|line| line.data.is_null() || isize::try_from(line.len).is_err()) {
        return Err(SANDGATE_NULL_POINTER);
    }
    // SAFETY: a slice has the same layout as the struct, as checked below. No pointer is NULL, each length is valid for a
    // slice, and the bytes are readable by the caller's contract.
    Ok(unsafe { core::slice::from_raw_parts(lines.as_ptr().cast(), lines.len()) })
}

/// Rust does not guarantee the layout of a slice. If it is not a pointer followed by a length, this does not compile.
const _: () = {
    const TEXT: &[u8] = b"text";
    // SAFETY: any pointer and any number are valid in such a struct. A pointer in place of the number is a compile error
    // here.
    let bytes = unsafe { core::mem::transmute::<&[u8], sandgate_bytes>(TEXT) };
    assert!(bytes.len == TEXT.len() && align_of::<&[u8]>() == align_of::<sandgate_bytes>());
};

/// Whether a request's path as received is exactly this one. A path that contains an escape is another path. For servers
/// that must route as the rules do.
/// Returns: true if it is; false also for NULL. In: request; path.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_request_path_is(
    request: *const sandgate_request,
    path: *const c_char,
    path_len: usize,
) -> bool {
    // SAFETY: the caller's contract: a request whose pointers have their lengths, and a path with its length.
    unsafe {
        let request = sized::input(request).and_then(|request| request.read());
        matches!((request, bytes(path.cast(), path_len)), (Ok(request), Ok(path)) if request.path_is(path))
    }
}
