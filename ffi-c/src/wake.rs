//! Who may wake a paused sandbox.

use crate::controller::sandgate_controller;
use crate::edge::sandgate_edge;
use crate::pointer::result;
use crate::request::sandgate_request;
use crate::result::sandgate_result;
use crate::route::sandgate_route;
use crate::sandbox_state::{sandgate_sandbox_state, with_state};
use crate::sized;
use crate::slot::Slot;
use sandgate::{Controller, Edge, UnixSeconds, wake};

/// Decides whether a request wakes a paused sandbox. The party that holds the access secrets asks this before it starts
/// anything; an edge asks that party.
///
/// edge and controller are the rules that would decide about the request if the sandbox ran: a controller of
/// sandgate_controller_init_open for a sandbox that was created with `secure: false`. On another port than the
/// controller's, the request needs what opens the port. On the controller's port it needs the access token, also for GET
/// /health; on a file route a signature serves too. A controller that waits wakes for nobody.
/// Returns: OK; SANDGATE_WAKE_*, whose body sandgate_edge_refusal_json writes; SANDGATE_INTERNAL_ROUTE_MALFORMED;
/// SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE; SANDGATE_BAD_TOKEN; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BAD_PORT;
/// SANDGATE_BAD_HEADER; SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: edge; controller; route; state, the caller's look-up; request; now, Unix seconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_wake_check(
    edge: *const sandgate_edge,
    controller: *const sandgate_controller,
    route: *const sandgate_route,
    state: *const sandgate_sandbox_state,
    request: *const sandgate_request,
    now: i64,
) -> sandgate_result {
    // SAFETY: the caller's contract: an edge, a controller, and structs whose pointers have their lengths.
    result(unsafe {
        (|| {
            let (edge, controller) = (Slot::<Edge>::get(edge.cast())?, Slot::<Controller>::get(controller.cast())?);
            let (route, request) = (sized::input(route)?.read()?, sized::input(request)?.read()?);
            with_state(state, |state| {
                Ok(wake::check(edge, controller, &route, state, &request, UnixSeconds::new(now))?)
            })
        })()
    })
}
