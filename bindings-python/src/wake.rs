//! Who may wake a paused sandbox.

use crate::arguments::{context, instance};
use crate::clock;
use crate::controller::Controller;
use crate::edge::{Edge, asked, route, state};
use crate::errors::denied;
use crate::headers::HeaderValues;
use pyo3::prelude::*;

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// Decides whether a request wakes a paused sandbox. `edge` and `controller` are the rules for the sandbox while it runs:
/// `Controller.open()` for one that was created with `secure: false`. The other arguments are those of `Edge.check` and
/// `Controller.check`.
///
/// On the controller's port the access token is needed, also for `GET /health`; on a file route a signature serves too. On
/// another port of a restricted sandbox, what opens the port is needed. A refusal has the gate "wake" and the status 403. For
/// a request that an edge never forwards, the gate is "internal_route".
///
/// >>> edge, controller = sandgate.Edge(), sandgate.Controller("token")
/// >>> route, state = sandgate.Route("abc", 49983), sandgate.SandboxState(restricted=False)
/// >>> sandgate.wake.check(edge, controller, route, state, "GET", "/health", access_token="token")
/// >>> sandgate.wake.check(edge, controller, route, state, "GET", "/health")
/// Traceback (most recent call last):
/// ...
/// sandgate.errors.MissingError: This sandbox can't be resumed with the credentials provided. Check your access token and try again.
#[pyfunction]
#[pyo3(signature = (edge, controller, route, state, method, target, /, *, access_token=None, traffic_token=None, cookies=None,
    context=None, now=None))]
#[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub(crate) fn check<'py>(
    edge: &Bound<'py, PyAny>,
    controller: &Bound<'py, PyAny>,
    route: &Bound<'py, PyAny>,
    state: &Bound<'py, PyAny>,
    method: &Bound<'py, PyAny>,
    target: &Bound<'py, PyAny>,
    access_token: Any<'_, 'py>,
    traffic_token: Any<'_, 'py>,
    cookies: Any<'_, 'py>,
    context: Any<'_, 'py>,
    now: Any<'_, 'py>,
) -> PyResult<()> {
    let py = edge.py();
    let edge = instance::<Edge>(edge, "edge", "sandgate.Edge")?.get();
    let controller = instance::<Controller>(controller, "controller", "sandgate.Controller")?.get();
    let (route, state) = (self::route(route)?.get(), self::state(state)?.get());
    let header = HeaderValues::new(access_token)?;
    let header = header.presented("access_token")?;
    let (context, now) = (self::context(context)?, clock::now(now)?);
    let answer = asked(method, target, traffic_token, cookies, |request| {
        let request = request.access_token(header.header()).maybe_context(context);
        controller.0.ask(|held| sandgate::wake::check(&edge.0, held, &route.0, state.state(), &request, now))
    });
    answer?.map_err(|refusal| denied(py, refusal))
}
