//! A request as a C server sees it.

use crate::pointer::bytes;
use crate::result::sandgate_result;
use crate::sized::{self, SizedStruct};
use core::ffi::c_char;
use sandgate::{Header, Request};

/// A header of a request, its value without the white space around it. Which of several values counts is not for a server
/// to choose, so it tells how many there are. All zeros: absent.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sandgate_header {
    /// The value, if it was given once.
    pub value: *const u8,
    /// Its length.
    pub value_len: usize,
    /// How often the header was given: 0 absent, and then no value; 1 once; more is refused where the header decides.
    pub count: u32,
}

/// What a gate looks at, as it stands on the wire.
#[repr(C)]
pub struct sandgate_request {
    /// sizeof(sandgate_request), so that the struct can grow.
    pub struct_size: usize,
    /// The method, `GET`, as it was given.
    pub method: *const u8,
    /// Its length.
    pub method_len: usize,
    /// Path and query of the request line, still percent-encoded.
    pub target: *const u8,
    /// Its length.
    pub target_len: usize,
    /// X-Access-Token, which a controller looks at.
    pub access_token: sandgate_header,
    /// e2b-traffic-access-token, which an edge looks at.
    pub traffic_token: sandgate_header,
}

impl sandgate_header {
    /// # Safety
    /// Unless it is NULL, `header` points to a header whose value has its length.
    pub(crate) unsafe fn given<'a>(header: *const Self) -> Result<Header<'a>, sandgate_result> {
        // SAFETY: the caller's contract.
        unsafe { header.as_ref().ok_or(sandgate_result::SANDGATE_NULL_POINTER)?.read() }
    }

    /// # Safety
    /// `value` has `value_len` bytes if the header was given once.
    unsafe fn read<'a>(&self) -> Result<Header<'a>, sandgate_result> {
        match self.count {
            // A value whose count was forgotten would turn a wrong token into none.
            0 if !self.value.is_null() || self.value_len > 0 => Err(sandgate_result::SANDGATE_BAD_HEADER),
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
            Ok(request.traffic_token(self.traffic_token.read()?))
        }
    }
}

/// Whether a request's path, decoded, is exactly this one: for a server that routes as the rules do, on what was checked.
/// Returns: true if it is; false also for a path that cannot be decoded, and for NULL. In: request; path.
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
