//! The edge proxy.

use crate::carrier::number;
use crate::clean_stack::with_keys;
use crate::passed::sandgate_passed;
use crate::pointer::{bytes, output, result, write_with};
use crate::policy::sandgate_policy;
use crate::request::sandgate_request;
use crate::result::{
    refusal,
    sandgate_result::{self, *},
};
use crate::route::{read_port, sandgate_route};
use crate::sandbox_id::read_sandbox_id;
use crate::sandbox_state::{sandgate_sandbox_state, with_state};
use crate::sized;
use crate::slot::{Held, Slot};
use crate::v1::sandgate_v1_keyring;
use crate::v2::sandgate_v2_traffic_keyring;
use core::ffi::{c_char, c_void};
use sandgate::v1::Keyring;
use sandgate::v2::TrafficKeyring;
use sandgate::{Edge, UnixSeconds, write_refusal};

/// An edge proxy, in front of all sandboxes. Opaque, caller-allocated; wipe it when done.
#[repr(C)]
pub struct sandgate_edge {
    /// Private.
    pub _opaque: [u64; 160],
}

impl Held for Edge {
    const MARKER: u64 = 0x7361_6e64_6564_0002;
    type Storage = sandgate_edge;
}

/// Initialises an edge without a secret, like E2B's: the look-up returns each sandbox's traffic token.
/// Returns: OK; SANDGATE_BAD_POLICY; SANDGATE_BAD_LEEWAY; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: policy, or NULL for the default one. Out: out, whose previous content is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_init(
    policy: *const sandgate_policy,
    out: *mut sandgate_edge,
) -> sandgate_result {
    // SAFETY: the caller's contract: NULL or a policy, and writable storage.
    with_keys(|| unsafe { sandgate_policy::given(policy).and_then(|policy| Slot::put(out.cast(), Edge::new(policy))) })
}

/// Sets the keyring that derives v1 traffic tokens. An edge that holds these seeds could derive access tokens too. No other
/// thread may use the edge during the call.
/// Returns: OK; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: keyring, copied. Out: edge.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_set_v1_keyring(
    edge: *mut sandgate_edge,
    keyring: *const sandgate_v1_keyring,
) -> sandgate_result {
    // SAFETY: the caller's contract: the edge is this thread's alone, and a keyring.
    let (edge, keyring) = unsafe { (Slot::<Edge>::get_mut(edge.cast()), Slot::<Keyring>::get(keyring.cast())) };
    with_keys(|| {
        edge.and_then(|edge| {
            let keyring = keyring?.clone();
            *edge = core::mem::take(edge).v1_keyring(keyring);
            Ok(())
        })
    })
}

/// Sets the keyring that derives v2 traffic tokens and the keys of passes and signed hosts. It opens no controller. No
/// other thread may use the edge during the call.
/// Returns: OK; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: keyring, copied. Out: edge.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_set_v2_keyring(
    edge: *mut sandgate_edge,
    keyring: *const sandgate_v2_traffic_keyring,
) -> sandgate_result {
    // SAFETY: the caller's contract: the edge is this thread's alone, and a keyring.
    let (edge, keyring) = unsafe { (Slot::<Edge>::get_mut(edge.cast()), Slot::<TrafficKeyring>::get(keyring.cast())) };
    with_keys(|| {
        edge.and_then(|edge| {
            let keyring = keyring?.clone();
            *edge = core::mem::take(edge).v2_keyring(keyring);
            Ok(())
        })
    })
}

/// Sets the controllers' port, 49983 by default. No other thread may use the edge during the call.
/// Returns: OK; SANDGATE_BAD_PORT; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: port. Out: edge.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_set_controller_port(edge: *mut sandgate_edge, port: u32) -> sandgate_result {
    with_keys(|| {
        // SAFETY: the caller's contract: the edge is this thread's alone.
        unsafe { Slot::<Edge>::get_mut(edge.cast()) }.and_then(|edge| {
            let port = read_port(port)?;
            *edge = core::mem::take(edge).controller_port(port);
            Ok(())
        })
    })
}

/// Overwrites an edge with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
/// Returns: nothing. Out: the struct; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_wipe(edge: *mut sandgate_edge) {
    // SAFETY: the caller's contract: NULL or writable storage.
    unsafe { Slot::<Edge>::wipe(edge.cast()) }
}

/// Refuses a request that must not be forwarded. Call it before the look-up, so that the answer does not reveal whether the
/// sandbox exists.
/// Returns: OK; SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE; SANDGATE_INTERNAL_ROUTE_MALFORMED; SANDGATE_BAD_SANDBOX_ID;
/// SANDGATE_BAD_PORT; SANDGATE_BAD_HEADER; SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE;
/// SANDGATE_NULL_POINTER.
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

/// Decides about one request, and screens it too. The first present carrier that the policy accepts decides: if it is
/// wrong, the others are not tried.
/// Returns: OK; those of sandgate_edge_screen; SANDGATE_TRAFFIC_*; SANDGATE_BAD_TOKEN.
/// In: edge; route; state, the caller's look-up; request; now, Unix seconds.
/// Out: out, whose struct_size the caller has set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_check(
    edge: *const sandgate_edge,
    route: *const sandgate_route,
    state: *const sandgate_sandbox_state,
    request: *const sandgate_request,
    now: i64,
    out: *mut sandgate_passed,
) -> sandgate_result {
    // SAFETY: the caller's contract: an edge, structs whose pointers have their lengths, and an output.
    result(unsafe {
        (|| {
            let edge = Slot::<Edge>::get(edge.cast())?;
            let (route, request) = (sized::input(route)?.read()?, sized::input(request)?.read()?);
            with_state(state, |state| {
                sized::output(out, || edge.check(&route, state, &request, UnixSeconds::new(now))?.try_into())
            })
        })()
    })
}

/// Returns the carrier from which sandgate_edge_check decides, for the log of a refusal.
/// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BAD_PORT; SANDGATE_BAD_TOKEN; SANDGATE_BAD_HEADER;
/// SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: edge; route; state, the caller's look-up; request.
/// Out: out, one of SANDGATE_CARRIER_*; 0 if no carrier is present or none is required.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_carrier(
    edge: *const sandgate_edge,
    route: *const sandgate_route,
    state: *const sandgate_sandbox_state,
    request: *const sandgate_request,
    out: *mut u32,
) -> sandgate_result {
    // SAFETY: the caller's contract: an edge, structs whose pointers have their lengths, and an output.
    result(unsafe {
        (|| {
            let edge = Slot::<Edge>::get(edge.cast())?;
            let (route, request) = (sized::input(route)?.read()?, sized::input(request)?.read()?);
            with_state(state, |state| output(out, || Ok(edge.carrier(&route, state, &request).map_or(0, number))))
        })()
    })
}

/// Writes the JSON body of a refusal at the edge: {"sandboxId","message","code":403}, {"message","path","code":404} or
/// {"code":400,"message"}.
/// Returns: OK; SANDGATE_NOT_A_REFUSAL; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_BAD_SANDBOX_ID; SANDGATE_NULL_POINTER.
/// In: refusal; sandbox_id, the route's, or NULL, then the body omits it; target, the request's, still
/// percent-encoded.
/// Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_refusal_json(
    refusal: i32,
    sandbox_id: *const c_char,
    sandbox_id_len: usize,
    target: *const c_void,
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
