//! A request as a C server sees it.

use crate::pointer::bytes;
use crate::result::sandgate_result::{self, *};
use sandgate::{Header, Request};

/// A header of a request. Which of several values counts is not for a server to choose, so it tells how many there are.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sandgate_header {
    /// The value, if it was given once.
    pub value: *const u8,
    /// Its length.
    pub value_len: usize,
    /// How often the header was given: 0 absent, 1 once; more is refused where the header decides.
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
    /// X-Access-Token.
    pub access_token: sandgate_header,
}

impl sandgate_header {
    /// # Safety
    /// `value` has `value_len` bytes if the header was given once.
    unsafe fn read<'a>(&self) -> Result<Header<'a>, sandgate_result> {
        match self.count {
            0 => Ok(Header::Absent),
            // SAFETY: the caller's contract.
            1 => unsafe { bytes(self.value, self.value_len) }.map(Header::Once),
            _ => Ok(Header::Repeated),
        }
    }
}

/// # Safety
/// Unless it is NULL, `request` points to a struct of the size that it says, whose pointers have their lengths.
pub(crate) unsafe fn read<'a>(request: *const sandgate_request) -> Result<Request<'a>, sandgate_result> {
    if request.is_null() {
        return Err(SANDGATE_NULL_POINTER);
    }
    // SAFETY: not NULL; the size comes first in every version of the struct.
    if unsafe { request.cast::<usize>().read() } != size_of::<sandgate_request>() {
        return Err(SANDGATE_STRUCT_SIZE);
    }
    // SAFETY: not NULL, and of our size as it says.
    let request = unsafe { &*request };
    // SAFETY: the caller's contract: each pointer has its length.
    unsafe {
        let method = bytes(request.method, request.method_len)?;
        let target = bytes(request.target, request.target_len)?;
        Ok(Request::new(method, target).access_token(request.access_token.read()?))
    }
}
