"""Middleware for WSGI apps: Flask and any other.

In a sandbox, the controller's rule in front of the app:

    app = Flask(__name__)
    app.wsgi_app = ControllerMiddleware(app.wsgi_app, sandgate.Controller(access_token))

A view acts on the verified grant and does not parse the query again:

    def read_file():
        allowed: sandgate.Allowed = flask.request.environ["sandgate.allowed"]
        if allowed.grant is None:  # not a file route: HEAD, which Flask sends to the view of GET
            flask.abort(404)
        return flask.send_file(allowed.grant.path)  # .operation, .user, .max_bytes, ...

At an edge, the edge's rule in front of an app that forwards to sandboxes:

    edge = sandgate.Edge(v2_keyring=traffic_keyring)
    app = EdgeMiddleware(proxy, edge, lookup=lambda route: states.get(route.sandbox_id))

Both middlewares have these properties:

- In place of the controller or the edge, give a function that returns the current one: `controller=lambda:
  current.controller`. The middleware calls it once per request. To replace a token, assign a new controller; a request
  in progress keeps its own. If the function raises or returns anything else, the answer is 500 and the request is never
  allowed. Each worker process of a server (`gunicorn --workers`) has its own controller: update all of them, or let the
  function read a shared source.
- `Controller.initialize` changes a controller in place, and the next request sees it. While the controller waits for its
  token, the middleware refuses everything but `GET /health` and `POST /init`, also preflights. The app handles
  `POST /init`: it limits the body's length and calls `initialize`.
- `on_refusal` is called with the environ and the refusal (a `SandgateError` with `gate`, `code` and `status`), for logs
  and counters. It is called before the answer goes to the server, so keep it short. `logging.getLogger("sandgate")`
  logs an exception that it raises; a coroutine that it returns is closed and counts as one. Neither an exception nor its result changes the answer. The environ holds the
  request as received, including credentials: do not log all of it. It is not called for an unknown sandbox: `lookup`
  can count those.
- The middleware answers a refused request with the status and the JSON body of the spec; the app does not see the
  request. The middleware never reads the body of a request (`wsgi.input`). Most servers then close the connection while
  the client is still sending, which may truncate the answer.
- The app gets its own environ, a copy of the server's, so that no other request sees the verified values.
- The path is that of `REQUEST_URI` or `RAW_URI`, below `SCRIPT_NAME`, as received: a path that contains an escape is
  none of the controller's routes. If it does not decode to `PATH_INFO`, or its query differs from `QUERY_STRING`, the
  request is refused with 400. So middleware that rewrites paths must be inside. (Waitress merges leading slashes, so
  `//a` is refused.) If a server provides neither variable, the middleware uses `PATH_INFO`, by which the app routes.
- WSGI has one value per header: a server joins repeated ones with a comma. A comma in a deciding header therefore
  counts as a repetition and is refused, so a token that contains a comma cannot be used here.
- Middleware that overrides the method from a header or a body (`X-HTTP-Method-Override`) belongs outside. So does CORS
  middleware, because a browser shows a refusal to a script only with CORS headers.
- `clock` returns the time (an int or an aware datetime) instead of the system's. `context` takes the environ and
  returns the context for which v2 credentials were signed. Servers log the request line by default, including the
  signature in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Optional

from . import _middleware, forward
from ._middleware import Clock, Context, Provider, Refused, current
from ._sandgate import Controller, Edge, Passed, Route, SandboxState, guard_environ, read_environ
from .errors import SandgateError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["ControllerMiddleware", "EdgeMiddleware"]

Lookup = Callable[[Route], Optional[SandboxState]]
OnRefusal = Callable[["WSGIEnvironment", SandgateError], object]


def _variable(header: str) -> str:
    return "HTTP_" + header.upper().replace("-", "_")


#: By variable; a server sets a variable only if the request has the header.
_CLEANED = [(_variable(name), name) for name in forward.HEADERS]
#: The target as received.
_RAW_TARGETS = ("REQUEST_URI", "RAW_URI")
#: Variables in which some servers repeat the host or a part of the target.
_REPEATED = (
    "SERVER_NAME",
    "SCRIPT_URI",
    "SSL_TLS_SNI",
    "UNENCODED_URL",
    "REDIRECT_QUERY_STRING",
    "REDIRECT_SCRIPT_URI",
    "REDIRECT_SSL_TLS_SNI",
    "REDIRECT_URL",
)


class ControllerMiddleware:
    """The controller's rule in front of the app.

    The `sandgate.Allowed` is at `environ["sandgate.allowed"]`. A CORS preflight goes to the app unchecked, without an
    `Allowed` and without a body, unless the controller waits for its token.
    """

    def __init__(
        self,
        app: WSGIApplication,
        controller: Provider[Controller],
        *,
        clock: Clock | None = None,
        context: Callable[[WSGIEnvironment], Context] | None = None,
        on_refusal: OnRefusal | None = None,
    ) -> None:
        self.app = app
        self.controller: Provider[Controller] = _middleware.provider(controller, Controller, "controller")
        self.clock: Clock | None = _middleware.function(clock, "clock")
        self.context: Callable[[WSGIEnvironment], Context] | None = _middleware.function(context, "context")
        self.on_refusal: OnRefusal | None = _middleware.hook(on_refusal, awaited=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = guard_environ(environ, self.controller, current, self.clock, self.context)
        if isinstance(answer, tuple):
            return _refuse(environ, start_response, Refused(*answer), self.on_refusal)
        if answer is None:
            # The server may share the environ with other requests.
            answer = {**environ}
            answer.pop("sandgate.allowed", None)
            # In HTTP/2 a body needs no header.
            answer["wsgi.input"] = BytesIO()
        return self.app(answer, start_response)


class EdgeMiddleware:
    """The edge's rule in front of an app that forwards.

    `lookup` takes the `sandgate.Route` of a request and returns the `sandgate.SandboxState`. It returns None for an
    unknown sandbox, which is answered with 502, as by E2B's proxy.

    The middleware removes the credentials from the query, the host and every header in `sandgate.forward.HEADERS`
    before the app sees the request. The app forwards `REQUEST_URI` or `RAW_URI`, if there is one, and the headers from
    its environ. The route and the `sandgate.Passed` are at `environ["sandgate.route"]` and
    `environ["sandgate.passed"]`. A connection that outlives its request may be cut at `passed.expires`.
    """

    def __init__(
        self,
        app: WSGIApplication,
        edge: Provider[Edge],
        lookup: Lookup,
        *,
        clock: Clock | None = None,
        context: Callable[[WSGIEnvironment], Context] | None = None,
        on_refusal: OnRefusal | None = None,
    ) -> None:
        self.app = app
        self.edge: Provider[Edge] = _middleware.provider(edge, Edge, "edge")
        self.lookup = lookup
        self.clock: Clock | None = _middleware.function(clock, "clock")
        self.context: Callable[[WSGIEnvironment], Context] | None = _middleware.function(context, "context")
        self.on_refusal: OnRefusal | None = _middleware.hook(on_refusal, awaited=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._guard(environ)
        if isinstance(answer, Refused):
            return _refuse(environ, start_response, answer, self.on_refusal)
        forwarded = _forwarded(environ)
        forwarded["sandgate.route"], forwarded["sandgate.passed"] = answer
        return self.app(forwarded, start_response)

    def _guard(self, environ: WSGIEnvironment) -> tuple[Route, Passed] | Refused:
        request = _middleware.Request(*read_environ(environ, self.context))
        # The same edge for both steps: it may be replaced while the look-up waits.
        edge = current(self.edge, Edge, "edge")
        route = _middleware.routed(edge, request)
        if isinstance(route, Refused):
            return route
        state = self.lookup(route)
        if state is None:
            return _middleware.unknown_sandbox(route)
        passed = _middleware.passed(edge, route, state, request, None if self.clock is None else self.clock())
        return passed if isinstance(passed, Refused) else (route, passed)


def _bytes(environ: WSGIEnvironment, name: str) -> bytes:
    """WSGI stores each byte as the character with the same number."""
    value: str = environ.get(name, "")
    return value.encode("latin-1")


def _forwarded(environ: WSGIEnvironment) -> WSGIEnvironment:
    """Returns a new environ without credentials: the server may share its own with other requests."""
    forwarded = {**environ}
    forwarded["QUERY_STRING"] = forward.query(_bytes(environ, "QUERY_STRING")).decode("latin-1")
    for name in _RAW_TARGETS:
        if name in environ:
            forwarded[name] = forward.target(_bytes(environ, name)).decode("latin-1")
    for name in _REPEATED:
        if name in environ:
            forwarded[name] = _middleware.forwarded_name(environ[name])
    for variable, header in _CLEANED:
        if variable in environ:
            value = forward.header(header, _bytes(environ, variable))
            if value is None:
                del forwarded[variable]
            else:
                forwarded[variable] = value.decode("latin-1")
    return forwarded


def _refuse(
    environ: WSGIEnvironment, start_response: StartResponse, refused: Refused, on_refusal: OnRefusal | None
) -> Iterable[bytes]:
    status = f"{refused.status} {HTTPStatus(refused.status).phrase}"
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(refused.body)))]
    start_response(status, headers)
    answer = [] if environ["REQUEST_METHOD"] == "HEAD" else [refused.body]
    if on_refusal is not None and refused.refusal is not None:
        # The answer is complete: the hook cannot change it, even if it raises or modifies the environ.
        try:
            _middleware.refuse_suspended(on_refusal(environ, refused.refusal))
        except Exception:
            _middleware.log_failed_hook()
    return answer
