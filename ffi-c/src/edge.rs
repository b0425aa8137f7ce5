//! The edge proxy.

use crate::keyring::{read_sandbox_id, sandgate_v1_keyring};
use crate::pointer::{bytes, result, write_with};
use crate::request::sandgate_request;
use crate::result::{
    refusal,
    sandgate_result::{self, *},
};
use crate::route::{read_port, sandgate_route};
use crate::sized::{self, SizedStruct};
use crate::slot::{Held, Slot};
use core::ffi::c_char;
use sandgate::v1::Keyring;
use sandgate::{Edge, Passed, SandboxState, TrafficToken, UnixSeconds, write_refusal};

/// The sandbox restricts nothing.
pub const SANDGATE_PASSED_PUBLIC: u32 = 1;
/// The controller's port, where the controller has its own check.
pub const SANDGATE_PASSED_CONTROLLER_PORT: u32 = 2;
/// The traffic token was presented.
pub const SANDGATE_PASSED_TOKEN: u32 = 3;

/// An edge proxy, in front of all sandboxes. Opaque, the caller's storage; wipe it when done.
#[repr(C)]
pub struct sandgate_edge {
    /// Not to be looked at.
    pub _opaque: [u64; 80],
}

impl Held for Edge {
    const MARKER: u64 = 0x7361_6e64_6564_0001;
    type Storage = sandgate_edge;
}

/// What the edge knows of a sandbox: the caller's look-up.
#[repr(C)]
pub struct sandgate_sandbox_state {
    /// sizeof(sandgate_sandbox_state), so that the struct can grow.
    pub struct_size: usize,
    /// Not 0: public traffic is restricted.
    pub restricted: u32,
    /// The sandbox's traffic token, where the edge is handed each one's instead of a seed; NULL: it is not.
    pub traffic_token: *const u8,
    /// Its length, 1 to 256.
    pub traffic_token_len: usize,
}

// SAFETY: `repr(C)`, its size first.
unsafe impl SizedStruct for sandgate_sandbox_state {}

/// An edge that knows no seed and is told each sandbox's traffic token, as E2B's is.
/// Returns: OK; SANDGATE_NULL_POINTER. Out: out, whose content before does not matter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_init(out: *mut sandgate_edge) -> sandgate_result {
    // SAFETY: the caller's contract: `out` is writable storage.
    result(unsafe { Slot::put(out.cast(), Edge::new()) })
}

/// An edge that derives traffic tokens. With the same seeds it could derive access tokens too.
/// Returns: OK; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
/// In: keyring, copied. Out: out, whose content before does not matter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_init_with_keyring(
    keyring: *const sandgate_v1_keyring,
    out: *mut sandgate_edge,
) -> sandgate_result {
    // SAFETY: the caller's contract: a keyring, and writable storage.
    result(unsafe {
        Slot::<Keyring>::get(keyring.cast())
            .and_then(|keyring| Slot::put(out.cast(), Edge::with_keyring(keyring.clone())))
    })
}

/// Tells where the controllers listen, if it is not 49983. No other thread may use the edge meanwhile.
/// Returns: OK; SANDGATE_BAD_PORT; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: port. Out: edge.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_set_controller_port(edge: *mut sandgate_edge, port: u32) -> sandgate_result {
    // SAFETY: the caller's contract: the edge is this thread's alone.
    result(unsafe { Slot::<Edge>::get_mut(edge.cast()) }.and_then(|edge| {
        let port = read_port(port)?;
        *edge = core::mem::take(edge).controller_port(port);
        Ok(())
    }))
}

/// Overwrites an edge with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
/// Returns: nothing. Out: what is overwritten; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_wipe(edge: *mut sandgate_edge) {
    // SAFETY: the caller's contract: NULL or writable storage.
    unsafe { Slot::<Edge>::wipe(edge.cast()) }
}

/// What is decided before the sandbox is looked up, so that it does not tell whether the sandbox exists.
/// Returns: OK; SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE; SANDGATE_INTERNAL_ROUTE_MALFORMED; SANDGATE_BAD_SANDBOX_ID;
/// SANDGATE_BAD_PORT; SANDGATE_BAD_HEADER; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: edge; route; request.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_screen(
    edge: *const sandgate_edge,
    route: *const sandgate_route,
    request: *const sandgate_request,
) -> sandgate_result {
    // SAFETY: the caller's contract: an edge, a route, and a request whose pointers have their lengths.
    result(unsafe {
        (|| {
            let edge = Slot::<Edge>::get(edge.cast())?;
            let (route, request) = (sized::input(route)?.read()?, sized::input(request)?.read()?);
            Ok(edge.screen(&route, &request)?)
        })()
    })
}

/// Decides about one request, screening included.
/// Returns: OK; those of sandgate_edge_screen; SANDGATE_TRAFFIC_*; SANDGATE_BAD_TOKEN.
/// In: edge; route; state, the caller's look-up; request; now, Unix seconds. Out: passed, one of SANDGATE_PASSED_*.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_check(
    edge: *const sandgate_edge,
    route: *const sandgate_route,
    state: *const sandgate_sandbox_state,
    request: *const sandgate_request,
    now: i64,
    passed: *mut u32,
) -> sandgate_result {
    // SAFETY: the caller's contract: an edge, structs whose pointers have their lengths, and an output.
    result(unsafe {
        (|| {
            let edge = Slot::<Edge>::get(edge.cast())?;
            let (route, request) = (sized::input(route)?.read()?, sized::input(request)?.read()?);
            let state = sized::input(state)?;
            let stored = match (state.traffic_token.is_null(), state.traffic_token_len) {
                (true, 0) => None,
                (_, len) => Some(TrafficToken::try_from(bytes(state.traffic_token, len)?)?),
            };
            let restriction = if state.restricted == 0 { SandboxState::public() } else { SandboxState::restricted() };
            let known = stored.as_ref().map_or(restriction, |token| restriction.traffic_token(token));
            if passed.is_null() {
                return Err(SANDGATE_NULL_POINTER);
            }
            passed.write(match edge.check(&route, known, &request, UnixSeconds::new(now))? {
                Passed::Public => SANDGATE_PASSED_PUBLIC,
                Passed::ControllerPort => SANDGATE_PASSED_CONTROLLER_PORT,
                Passed::Token => SANDGATE_PASSED_TOKEN,
                // What this interface has no name for yet is not let through.
                _ => return Err(SANDGATE_MISUSE),
            });
            Ok(())
        })()
    })
}

/// The JSON body of a refusal at the edge: {"sandboxId","message","code":403}, {"message","path","code":404} or
/// {"code":400,"message"}.
/// Returns: OK; SANDGATE_NOT_A_REFUSAL; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_BAD_SANDBOX_ID; SANDGATE_NULL_POINTER.
/// In: refusal; sandbox_id, the route's, or NULL where there is none, which leaves it out; target, the request's, still
/// percent-encoded.
/// Out: out, without a NUL at its end; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_refusal_json(
    refusal: i32,
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    target: *const u8,
    target_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    let Some(denied) = self::refusal(refusal) else { return SANDGATE_NOT_A_REFUSAL };
    let no_id = sandbox_id.is_null() && sandbox_id_len == 0;
    // SAFETY: the caller's contract: each pointer has its length.
    let (id, target) = unsafe {
        (
            if no_id { Ok(None) } else { read_sandbox_id(sandbox_id, sandbox_id_len).map(Some) },
            bytes(target, target_len),
        )
    };
    match (id, target) {
        // SAFETY: the caller's contract: `out` has `out_size` bytes and `out_len` points to a size.
        (Ok(id), Ok(target)) => unsafe {
            write_with(out, out_size, out_len, |out| write_refusal(out, denied, id.as_ref(), target))
        },
        (Err(result), _) | (_, Err(result)) => result,
    }
}
