//! A controller that waits for its access token, and the body that hands it over.

use crate::clean_stack::with_keys;
use crate::controller::sandgate_controller;
use crate::pointer::{bytes, output};
use crate::policy::sandgate_policy;
use crate::result::sandgate_result::{self, *};
use crate::slot::Slot;
use core::ffi::c_void;
use sandgate::{Controller, Initialized};

/// What an accepted request to initialise a controller did. The numbers are frozen.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum sandgate_initialized {
    /// The controller requires what it required before.
    SANDGATE_INITIALIZED_KEPT = 1,
    /// It requires the presented token, and no other from now on.
    SANDGATE_INITIALIZED_REPLACED = 2,
    /// It requires no token: it is open.
    SANDGATE_INITIALIZED_CLEARED = 3,
    /// The request was authorised, but is not newer than the last one that was applied. Nothing changed.
    SANDGATE_INITIALIZED_STALE = 4,
}

use sandgate_initialized::*;

impl sandgate_initialized {
    const fn of(outcome: Initialized) -> Option<Self> {
        match outcome {
            Initialized::Kept => Some(SANDGATE_INITIALIZED_KEPT),
            Initialized::Replaced => Some(SANDGATE_INITIALIZED_REPLACED),
            Initialized::Cleared => Some(SANDGATE_INITIALIZED_CLEARED),
            Initialized::Stale => Some(SANDGATE_INITIALIZED_STALE),
            _ => None,
        }
    }
}

/// An outcome without a number does not compile: the controller has changed by the time that it is known.
const _: () = {
    let mut at = 0;
    while at < Initialized::ALL.len() {
        assert!(sandgate_initialized::of(Initialized::ALL[at]).is_some());
        at += 1;
    }
};

/// Initialises a controller that was restarted and has not been told its access token yet. It refuses everything but
/// GET /health and POST /init with SANDGATE_ROUTE_NOT_INITIALIZED, until sandgate_controller_initialize or
/// sandgate_controller_add_token ends its wait.
/// Returns: OK; SANDGATE_BAD_POLICY; SANDGATE_BAD_LEEWAY; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: policy, or NULL for the default one. Out: out, whose previous content is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_init_waiting(
    policy: *const sandgate_policy,
    out: *mut sandgate_controller,
) -> sandgate_result {
    // SAFETY: the caller's contract: NULL or a policy, and writable storage.
    with_keys(|| unsafe {
        sandgate_policy::given(policy).and_then(|policy| Slot::put(out.cast(), Controller::waiting(policy)))
    })
}

/// Whether a controller has not been told its access token yet.
/// Returns: true if it waits; false also for one that is not initialised, and for NULL. In: controller.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_is_waiting(controller: *const sandgate_controller) -> bool {
    // SAFETY: the caller's contract: NULL or a controller.
    unsafe { Slot::<Controller>::get(controller.cast()) }.is_ok_and(Controller::is_waiting)
}

/// Decides about the body of POST /init and applies it. Answer 204 to what is accepted. Offer the route on a socket that
/// only the host reaches, and never on the controller's port. Wipe the body afterwards: it carries the token.
///
/// The body is JSON with two optional members: accessToken, the token to require, and timestamp (RFC 3339). Other members
/// are ignored. A token that the controller requires is kept. Another one, or none, replaces it if the host publishes its
/// SHA-512, or if the host publishes nothing and the controller waits or is open. A request whose timestamp is not later
/// than the last one that was applied changes nothing.
///
/// No other thread may use the controller during the call. Hold a lock that the other threads take for reading; or call
/// this on a copy and put the copy in the place of the controller, under that lock. Wipe each copy. Let only one call run at a
/// time, from the reading of the expected hash on: with a hash that was read earlier, a late request brings a token back
/// that was replaced meanwhile.
/// Returns: OK; SANDGATE_INIT_MISSING, SANDGATE_INIT_INVALID and SANDGATE_INIT_MALFORMED, which change nothing;
/// SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: body; expected_hash, what the host publishes: the SHA-512 of the token in lower-case hexadecimal, 128
/// characters; that of the empty string if the token may be cleared; or empty, if it publishes nothing.
/// Out: controller; out, what the call did.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_initialize(
    controller: *mut sandgate_controller,
    body: *const c_void,
    body_len: usize,
    expected_hash: *const c_void,
    expected_hash_len: usize,
    out: *mut sandgate_initialized,
) -> sandgate_result {
    // SAFETY: the caller's contract: the controller is this thread's alone, both texts have their lengths, and an output.
    with_keys(|| unsafe {
        let controller = Slot::<Controller>::get_mut(controller.cast())?;
        let (body, expected_hash) = (bytes(body, body_len)?, bytes(expected_hash, expected_hash_len)?);
        output(out, || {
            let outcome = controller.initialize(body, expected_hash)?;
            sandgate_initialized::of(outcome).ok_or(SANDGATE_MISUSE)
        })
    })
}
