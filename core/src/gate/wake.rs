//! Who may wake a paused sandbox.
//!
//! A sandbox with auto-resume is started by an incoming request. The party that holds its access secrets, the API server,
//! decides before it starts anything; an edge asks it.
//!
//! Source: E2B's proxy and API server.

use crate::gate::checked_request::Request;
use crate::gate::controller::{Controller, RouteKind, presents_token};
use crate::gate::edge::Edge;
use crate::gate::sandbox_state::SandboxState;
use crate::request::file_query::Known;
use crate::request::route::Route;
use crate::value::error::{Code, Denied, Gate};
use crate::value::time::UnixSeconds;

/// Decides whether a request wakes a sandbox. `edge` and `controller` are the rules that would decide about the request if
/// the sandbox ran: [`Controller::open`] for one that was created with `secure: false`.
///
/// | request to | sandbox | needs |
/// | --- | --- | --- |
/// | another port than the controller's | restricted | what opens the port: the traffic token, a pass, a signed host |
/// | another port than the controller's | public | nothing |
/// | the controller's port | secure | the access token, also for `GET /health`; on a file route a signature serves too |
/// | the controller's port | not secure | nothing |
///
/// A controller that waits wakes for nobody at its own port: nobody knows its token.
///
/// # Errors
/// [`Gate::Wake`]: status 403, with the code that says what is wrong with the credential. [`Gate::InternalRoute`]: a request
/// that an edge never forwards, as [`Edge::screen`] says.
///
/// ```
/// use sandgate::{AccessToken, Controller, Edge, Header, Policy, Request, Route, SandboxState, UnixSeconds, wake};
///
/// let edge = Edge::default();
/// let controller = Controller::new(&[AccessToken::try_from("token")?], Policy::default())?;
/// let route = Route::parse(Header::Once(b"49983-abc123.e2b.app"), Header::Absent, Header::Absent).unwrap();
/// let check = |request| wake::check(&edge, &controller, &route, SandboxState::public(), &request, UnixSeconds::new(0));
///
/// let health = Request::new(b"GET", b"/health");
/// assert_eq!(check(health).unwrap_err().status(), 403);
/// assert!(check(health.access_token(Header::Once(b"token"))).is_ok());
/// # Ok::<(), sandgate::Misuse>(())
/// ```
pub fn check(
    edge: &Edge,
    controller: &Controller,
    route: &Route,
    state: SandboxState<'_>,
    request: &Request<'_>,
    now: UnixSeconds,
) -> Result<(), Denied> {
    edge.check(route, state, request, now).map_err(|denied| match denied.gate() {
        Gate::Traffic => refused(denied.code()),
        _ => denied,
    })?;
    if route.port() == edge.controller_port {
        opens(controller, request, now).map_err(|denied| refused(denied.code()))?;
    }
    Ok(())
}

/// Whether a request carries a credential of the controller. The routes that need none there do not count.
fn opens(controller: &Controller, request: &Request<'_>, now: UnixSeconds) -> Result<(), Denied> {
    let Some(keys) = &controller.keys else {
        return if controller.is_open() { Ok(()) } else { Err(refused(Code::NotInitialized)) };
    };
    if presents_token(keys, request, Gate::Wake)? {
        return Ok(());
    }
    match RouteKind::of(request, keys.known() == Known::V2)? {
        RouteKind::File(operation) => controller.check_file(keys, request, operation, now).map(drop),
        _ => Err(refused(Code::Missing)),
    }
}

const fn refused(code: Code) -> Denied {
    Denied::new(Gate::Wake, code)
}
