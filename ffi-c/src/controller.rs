//! The controller of one sandbox.

use crate::pointer::{bytes, result};
use crate::request::{read, sandgate_request};
use crate::result::sandgate_result::{self, *};
use crate::slot::{Held, Slot};
use crate::text::sandgate_text;
use sandgate::{AccessToken, Allowed, Controller, Decoded, Operation, UnixSeconds};

/// The controller asks for no token; nothing was checked.
pub const SANDGATE_ALLOWED_OPEN: u32 = 1;
/// The route needs no token at this layer.
pub const SANDGATE_ALLOWED_EXEMPT: u32 = 2;
/// The access token was presented.
pub const SANDGATE_ALLOWED_TOKEN: u32 = 3;
/// A signature was presented.
pub const SANDGATE_ALLOWED_SIGNATURE: u32 = 4;

/// Download.
pub const SANDGATE_OPERATION_READ: u32 = 1;
/// Upload.
pub const SANDGATE_OPERATION_WRITE: u32 = 2;

const WORDS: usize = 288;

/// A controller. Opaque, the caller's storage; wipe it when done.
#[repr(C)]
pub struct sandgate_controller {
    /// Not to be looked at.
    pub _opaque: [u64; 288],
}

impl Held for Controller {
    const MARKER: u64 = 0x7361_6e64_6374_0001;
}

const _: () = assert!(size_of::<Slot<Controller>>() <= size_of::<[u64; WORDS]>());
const _: () = assert!(align_of::<Slot<Controller>>() <= align_of::<u64>());
const _: () = assert!(size_of::<sandgate_controller>() == size_of::<[u64; WORDS]>());

/// Why a request is allowed, and on the file routes what it may do. The server acts on this and does not read the
/// request again.
#[repr(C)]
pub struct sandgate_allowed {
    /// sizeof(sandgate_allowed), set by the caller, so that the struct can grow.
    pub struct_size: usize,
    /// One of SANDGATE_ALLOWED_*.
    pub basis: u32,
    /// One of SANDGATE_OPERATION_*; 0 when the request is for no file route or, at an open controller, cannot be read.
    /// Then path and user are empty.
    pub operation: u32,
    /// The path. Empty: none was given, and an upload's multipart file name chooses.
    pub path: sandgate_text,
    /// The user. Empty: none was given, and the server's default holds.
    pub user: sandgate_text,
    /// The last second of what was signed, if has_expires.
    pub expires: i64,
    /// 1 if what was signed ends, else 0.
    pub has_expires: u32,
}

/// A controller that asks for an access token.
/// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_TOKEN_VERSION; SANDGATE_NULL_POINTER.
/// In: token, 1 to 256 bytes of UTF-8, copied. Out: out, whose content before does not matter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_init(
    out: *mut sandgate_controller,
    token: *const u8,
    token_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the pointer has its length.
    let controller = unsafe { access_token(token, token_len) }.and_then(|token| Ok(Controller::new(&[token])?));
    // SAFETY: the caller's contract: `out` is writable storage.
    result(controller.and_then(|controller| unsafe { Slot::put(out.cast(), controller) }))
}

/// A controller that allows everything: what `secure: false` asks for.
/// Returns: OK; SANDGATE_NULL_POINTER. Out: out, whose content before does not matter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_init_open(out: *mut sandgate_controller) -> sandgate_result {
    // SAFETY: the caller's contract: `out` is writable storage.
    result(unsafe { Slot::put(out.cast(), Controller::open()) })
}

/// Adds an access token, to replace another without an outage. An open controller asks for it from now on. No other
/// thread may use the controller meanwhile.
/// Returns: OK; SANDGATE_TOO_MANY_TOKENS; SANDGATE_BAD_TOKEN; SANDGATE_TOKEN_VERSION; SANDGATE_NOT_INITIALIZED;
/// SANDGATE_NULL_POINTER. In: token, as above. Out: controller.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_add_token(
    controller: *mut sandgate_controller,
    token: *const u8,
    token_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the controller is this thread's alone, and the token has its length.
    let (controller, token) =
        unsafe { (Slot::<Controller>::get_mut(controller.cast()), access_token(token, token_len)) };
    result(controller.and_then(|controller| Ok(controller.add(&token?)?)))
}

/// Overwrites a controller with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_wipe(controller: *mut sandgate_controller) {
    // SAFETY: the caller's contract: NULL or writable storage.
    unsafe { Slot::<Controller>::wipe(controller.cast()) }
}

/// Decides about one request: the whole rule of the controller, statuses and messages as E2B's controller answers.
/// Returns: OK; a refusal of SANDGATE_ROUTE_*, SANDGATE_FILE_TOKEN_* or SANDGATE_FILE_SIGNATURE_*;
/// SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: controller; request; now, Unix seconds. Out: out, whose struct_size the caller has set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_check(
    controller: *const sandgate_controller,
    request: *const sandgate_request,
    now: i64,
    out: *mut sandgate_allowed,
) -> sandgate_result {
    // SAFETY: the caller's contract: a controller, and a request whose pointers have their lengths.
    let (controller, request) = unsafe { (Slot::<Controller>::get(controller.cast()), read(request)) };
    let check = || {
        if out.is_null() {
            return Err(SANDGATE_NULL_POINTER);
        }
        // SAFETY: not NULL; the size comes first in every version of the struct.
        if unsafe { out.cast::<usize>().read() } != size_of::<sandgate_allowed>() {
            return Err(SANDGATE_STRUCT_SIZE);
        }
        let allowed = controller?.check(&request?, UnixSeconds::new(now))?;
        // SAFETY: not NULL, and of our size as it says.
        unsafe { out.write(allowed.into()) };
        Ok(())
    };
    result(check())
}

/// # Safety
/// `token` has `len` bytes.
unsafe fn access_token(token: *const u8, len: usize) -> Result<AccessToken, sandgate_result> {
    // SAFETY: the caller's contract.
    Ok(AccessToken::try_from(unsafe { bytes(token, len) }?)?)
}

impl From<Allowed<'_>> for sandgate_allowed {
    fn from(allowed: Allowed<'_>) -> Self {
        let grant = allowed.grant();
        let expires = grant.and_then(|grant| grant.expires());
        Self {
            struct_size: size_of::<Self>(),
            basis: match allowed {
                Allowed::Open(_) => SANDGATE_ALLOWED_OPEN,
                Allowed::Exempt => SANDGATE_ALLOWED_EXEMPT,
                Allowed::Token(_) => SANDGATE_ALLOWED_TOKEN,
                Allowed::Signature(_) => SANDGATE_ALLOWED_SIGNATURE,
                _ => 0,
            },
            operation: grant.map_or(0, |grant| match grant.operation() {
                Operation::Read => SANDGATE_OPERATION_READ,
                Operation::Write => SANDGATE_OPERATION_WRITE,
            }),
            path: grant.map_or(Decoded::default(), |grant| grant.path()).into(),
            user: grant.map_or(Decoded::default(), |grant| grant.user()).into(),
            expires: expires.map_or(0, UnixSeconds::get),
            has_expires: expires.is_some().into(),
        }
    }
}
