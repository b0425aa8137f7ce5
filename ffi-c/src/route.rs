//! Finds the sandbox and the port of a request from its host and its routing headers.

use crate::pointer::result;
use crate::request::sandgate_header;
use crate::result::sandgate_result;
use crate::sandbox_id::read_sandbox_id;
use crate::sized::{self, SizedStruct};
use core::ffi::c_char;
use sandgate::{Port, Route, SandboxId, SignedPart};

/// The sandbox and the port that a request is for.
#[repr(C)]
pub struct sandgate_route {
    /// sizeof(sandgate_route), set by the caller, so that the struct can grow.
    pub struct_size: usize,
    /// The sandbox's id, NUL-terminated.
    pub sandbox_id: [c_char; 64],
    /// Its length.
    pub sandbox_id_len: usize,
    /// The port inside the sandbox, 1 to 65535.
    pub port: u32,
    /// Private: the part that may be the signature of a signed host. All zeros: none.
    pub _signed_part: [u8; 36],
}

/// The layout of `_signed_part`: the characters, followed by one of these bytes. Any other byte that is not 0 counts as
/// malformed and opens nothing.
const WELL_FORMED: [u8; 2] = [1, 1];
const NOT_WELL_FORMED: [u8; 2] = [1, 0];

// SAFETY: `repr(C)`, its size first.
unsafe impl SizedStruct for sandgate_route {}

impl From<Route> for sandgate_route {
    fn from(route: Route) -> Self {
        let id = route.sandbox_id().as_str();
        let mut sandbox_id = [0; SandboxId::MAX_LEN + 1];
        for (place, byte) in sandbox_id.iter_mut().zip(id.bytes()) {
            *place = byte as c_char;
        }
        let mut signed_part = [0; SignedPart::LEN + 2];
        if let Some(SignedPart { text, well_formed }) = route.signed_part() {
            let form = if *well_formed { WELL_FORMED } else { NOT_WELL_FORMED };
            for (place, byte) in signed_part.iter_mut().zip(text.iter().chain(&form)) {
                *place = *byte;
            }
        }
        Self {
            struct_size: size_of::<Self>(),
            sandbox_id,
            sandbox_id_len: id.len(),
            port: route.port().get().into(),
            _signed_part: signed_part,
        }
    }
}

impl sandgate_route {
    /// Validated again: the caller may have filled it in.
    pub(crate) fn read(&self) -> Result<Route, sandgate_result> {
        let len = self.sandbox_id_len.min(self.sandbox_id.len());
        // SAFETY: the array has at least that many bytes.
        let id = unsafe { read_sandbox_id(self.sandbox_id.as_ptr(), len) }?;
        Ok(Route::new(id, read_port(self.port)?).with_signed_part(self.signed_part()))
    }

    fn signed_part(&self) -> Option<SignedPart> {
        let (text, form) = self._signed_part.split_first_chunk()?;
        (*form != [0; 2]).then_some(SignedPart { text: *text, well_formed: *form == WELL_FORMED })
    }
}

/// Finds the route of a request at the edge.
///
/// A host {port}-{sandbox_id}[-anything].{domain} names the route, and the routing headers are ignored. localhost, an IP
/// address and sandbox.{domain} do not: then the headers E2b-Sandbox-Id and E2b-Sandbox-Port name it, and both are
/// required. The left-most label may be a credential, so an edge forwards {port}-{sandbox_id} in its place.
/// Returns: OK; SANDGATE_HOST_MISSING; SANDGATE_HOST_MALFORMED; SANDGATE_BAD_HEADER; SANDGATE_STRUCT_SIZE;
/// SANDGATE_NULL_POINTER.
/// In: host; sandbox_id and sandbox_port, the routing headers. Out: out, whose struct_size the caller has set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_route_parse(
    host: *const sandgate_header,
    sandbox_id: *const sandgate_header,
    sandbox_port: *const sandgate_header,
    out: *mut sandgate_route,
) -> sandgate_result {
    // SAFETY: the caller's contract: headers whose values have their lengths, and an output.
    result(unsafe {
        (|| {
            let (host, id, port) = (
                sandgate_header::given(host)?,
                sandgate_header::given(sandbox_id)?,
                sandgate_header::given(sandbox_port)?,
            );
            sized::output(out, || Ok(Route::parse(host, id, port)?.into()))
        })()
    })
}

/// Wider than a port, so that C does not truncate an invalid number to a valid one.
pub(crate) fn read_port(number: u32) -> Result<Port, sandgate_result> {
    let number = u16::try_from(number).map_err(|_| sandgate_result::SANDGATE_BAD_PORT)?;
    Ok(Port::try_from(number)?)
}
