//! The guards: a server passes the head of a request as received. A middleware in C needs no other functions.

use crate::allowed::sandgate_allowed;
use crate::controller::sandgate_controller;
use crate::edge::sandgate_edge;
use crate::head::sandgate_head;
use crate::passed::sandgate_passed;
use crate::pointer::result;
use crate::result::sandgate_result;
use crate::route::sandgate_route;
use crate::sandbox_state::{sandgate_sandbox_state, with_state};
use crate::sized;
use crate::slot::Slot;
use sandgate::{Controller, Edge, UnixSeconds};

/// Decides about one request at the controller, including CORS preflights. Calls sandgate_controller_check with the values
/// of the header lines.
///
/// A preflight has the basis SANDGATE_ALLOWED_PREFLIGHT and was not checked: answer it by the server's CORS rule and do
/// nothing else.
/// Returns: OK; a refusal of SANDGATE_ROUTE_*, SANDGATE_FILE_TOKEN_* or SANDGATE_FILE_SIGNATURE_*;
/// SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: controller; head; now, Unix seconds. Out: out, whose struct_size the caller has set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_controller_guard(
    controller: *const sandgate_controller,
    head: *const sandgate_head,
    now: i64,
    out: *mut sandgate_allowed,
) -> sandgate_result {
    // SAFETY: the caller's contract: a controller, a head whose pointers have their lengths, and an output.
    result(unsafe {
        (|| {
            let (controller, head) = (Slot::<Controller>::get(controller.cast())?, sized::input(head)?.read()?);
            sized::output(out, || controller.guard(&head, UnixSeconds::new(now))?.try_into())
        })()
    })
}

/// Finds the sandbox and the port of a request at the edge, and refuses requests that must not be forwarded. Call this
/// first, then look up the sandbox, then call sandgate_edge_guard. If the look-up finds no sandbox, answer with
/// SANDGATE_UNKNOWN_SANDBOX_STATUS and sandgate_unknown_sandbox_json.
/// Returns: OK; SANDGATE_HOST_MISSING; SANDGATE_HOST_MALFORMED; SANDGATE_INTERNAL_ROUTE_MALFORMED;
/// SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE; SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE;
/// SANDGATE_NULL_POINTER.
/// In: edge; head. Out: out, whose struct_size the caller has set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_route(
    edge: *const sandgate_edge,
    head: *const sandgate_head,
    out: *mut sandgate_route,
) -> sandgate_result {
    // SAFETY: the caller's contract: an edge, a head whose pointers have their lengths, and an output.
    result(unsafe {
        (|| {
            let (edge, head) = (Slot::<Edge>::get(edge.cast())?, sized::input(head)?.read()?);
            sized::output(out, || Ok(edge.route(&head)?.into()))
        })()
    })
}

/// Decides about one request at the edge. Calls sandgate_edge_check with the values of the header lines. Forward an allowed
/// request with sandgate_forward_target and, for every header line, sandgate_forward_header.
/// Returns: OK; SANDGATE_INTERNAL_ROUTE_MALFORMED; SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE; SANDGATE_TRAFFIC_*;
/// SANDGATE_BAD_TOKEN; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BAD_PORT; SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED;
/// SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: edge; route, of sandgate_edge_route; state, the caller's look-up; head; now, Unix seconds.
/// Out: out, whose struct_size the caller has set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_edge_guard(
    edge: *const sandgate_edge,
    route: *const sandgate_route,
    state: *const sandgate_sandbox_state,
    head: *const sandgate_head,
    now: i64,
    out: *mut sandgate_passed,
) -> sandgate_result {
    // SAFETY: the caller's contract: an edge, structs whose pointers have their lengths, and an output.
    result(unsafe {
        (|| {
            let edge = Slot::<Edge>::get(edge.cast())?;
            let (route, head) = (sized::input(route)?.read()?, sized::input(head)?.read()?);
            with_state(state, |state| {
                sized::output(out, || edge.guard(&route, state, &head, UnixSeconds::new(now))?.try_into())
            })
        })()
    })
}
