"""Who may wake a paused sandbox.

A sandbox with auto-resume is started by an incoming request. The party that holds its access secrets, the API server, decides
with `check` before it starts anything; an edge asks it.
"""

from ._sandgate import Controller, Edge, Route, SandboxState, _Header, _Text, _Time

__all__ = ["check"]

def check(
    edge: Edge,
    controller: Controller,
    route: Route,
    state: SandboxState,
    method: _Text,
    target: _Text,
    /,
    *,
    access_token: _Header = None,
    traffic_token: _Header = None,
    cookies: _Header = None,
    context: _Text | None = None,
    now: _Time | None = None,
) -> None:
    """Decides whether a request wakes a paused sandbox. `edge` and `controller` are the rules for the sandbox while it runs:
    `Controller.open()` for one that was created with `secure: false`. The other arguments are those of `Edge.check` and
    `Controller.check`.

    On the controller's port the access token is needed, also for `GET /health`; on a file route a signature serves too. On
    another port of a restricted sandbox, what opens the port is needed. A refusal has the gate "wake" and the status 403. For
    a request that an edge never forwards, the gate is "internal_route".

    >>> edge, controller = sandgate.Edge(), sandgate.Controller("token")
    >>> route, state = sandgate.Route("abc", 49983), sandgate.SandboxState(restricted=False)
    >>> sandgate.wake.check(edge, controller, route, state, "GET", "/health", access_token="token")
    >>> sandgate.wake.check(edge, controller, route, state, "GET", "/health")
    Traceback (most recent call last):
    ...
    sandgate.errors.MissingError: This sandbox can't be resumed with the credentials provided. Check your access token and try again.
    """
