//! The controller of one sandbox.

use crate::access_token::access_token;
use crate::allowed::sandgate_allowed;
use crate::clean_stack::with_keys;
use crate::pointer::result;
use crate::policy::sandgate_policy;
use crate::request::sandgate_request;
use crate::result::sandgate_result;
use crate::sized;
use crate::slot::{Held, Slot};
use core::ffi::c_void;
use sandgate::{Controller, UnixSeconds};

/// A controller. Opaque, caller-allocated; wipe it when done.
#[repr(C)]
pub struct sandgate_controller {
    /// Private.
    pub _opaque: [u64; 384],
}

impl Held for Controller {
    const MARKER: u64 = 0x7361_6e64_6374_0003;
    type Storage = sandgate_controller;
}

/// Initialises a controller that requires an access token.
///
/// A token that begins with sg2a. makes it a v2 controller; any other token makes it a v1 controller. It verifies only that
/// format, so that no client can fall back to the weaker one.
/// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_TRAFFIC_TOKEN_GIVEN; SANDGATE_TRAFFIC_ROOT_GIVEN; SANDGATE_TOKEN_VERSION;
/// SANDGATE_TOKEN_SHAPE; SANDGATE_BAD_POLICY; SANDGATE_BAD_LEEWAY; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: token, 1 to 256 bytes of UTF-8, copied; policy, or NULL for the default one.
/// Out: out, whose previous content is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_init(
    token: *const c_void,
    token_len: usize,
    policy: *const sandgate_policy,
    out: *mut sandgate_controller,
) -> sandgate_result {
    // SAFETY: the caller's contract: the token has its length, NULL or a policy, and writable storage.
    with_keys(|| unsafe {
        (|| {
            let (token, policy) = (access_token(token, token_len)?, sandgate_policy::given(policy)?);
            Slot::put(out.cast(), Controller::new(&[token], policy)?)
        })()
    })
}

/// Initialises a controller that allows everything, for a sandbox created with `secure: false`.
/// Returns: OK; SANDGATE_NULL_POINTER. Out: out, whose previous content is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_init_open(out: *mut sandgate_controller) -> sandgate_result {
    // SAFETY: the caller's contract: `out` is writable storage.
    with_keys(|| unsafe { Slot::put(out.cast(), Controller::open()) })
}

/// Adds an access token, to replace another without an outage: at most 8, of one wire format, in v2 with distinct key ids.
/// An open or a waiting controller requires it from then on. No other thread may use the controller during the call.
/// Returns: OK; SANDGATE_TOO_MANY_TOKENS; SANDGATE_BAD_TOKEN; SANDGATE_TRAFFIC_TOKEN_GIVEN; SANDGATE_TRAFFIC_ROOT_GIVEN;
/// SANDGATE_TOKEN_VERSION for a wire format that the policy does not accept; SANDGATE_MIXED_VERSIONS; SANDGATE_TOKEN_SHAPE; SANDGATE_REPEATED_TOKEN; SANDGATE_NOT_INITIALIZED;
/// SANDGATE_NULL_POINTER. In: token, as above. Out: controller.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_add_token(
    controller: *mut sandgate_controller,
    token: *const c_void,
    token_len: usize,
) -> sandgate_result {
    // SAFETY: the caller's contract: the controller is this thread's alone, and the token has its length.
    with_keys(|| unsafe {
        let token = access_token(token, token_len);
        Slot::<Controller>::get_mut(controller.cast()).and_then(|controller| Ok(controller.add(&token?)?))
    })
}

/// Whether a controller allows everything.
/// Returns: true if it does; false also for one that is not initialised, and for NULL. In: controller.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_is_open(controller: *const sandgate_controller) -> bool {
    // SAFETY: the caller's contract: NULL or a controller.
    unsafe { Slot::<Controller>::get(controller.cast()) }.is_ok_and(Controller::is_open)
}

/// Overwrites a controller with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
/// Returns: nothing. Out: the struct; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_wipe(controller: *mut sandgate_controller) {
    // SAFETY: the caller's contract: NULL or writable storage.
    unsafe { Slot::<Controller>::wipe(controller.cast()) }
}

/// Decides about one request by the complete rule of the controller. Statuses and messages are those of E2B's controller.
/// Returns: OK; a refusal of SANDGATE_ROUTE_*, SANDGATE_FILE_TOKEN_* or SANDGATE_FILE_SIGNATURE_*;
/// SANDGATE_BAD_HEADER; SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: controller; request; now, Unix seconds. Out: out, whose struct_size the caller has set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_check(
    controller: *const sandgate_controller,
    request: *const sandgate_request,
    now: i64,
    out: *mut sandgate_allowed,
) -> sandgate_result {
    // SAFETY: the caller's contract: a controller, a request whose pointers have their lengths, and an output.
    result(unsafe {
        (|| {
            let (controller, request) = (Slot::<Controller>::get(controller.cast())?, sized::input(request)?.read()?);
            sized::output(out, || controller.check(&request, UnixSeconds::new(now))?.try_into())
        })()
    })
}
