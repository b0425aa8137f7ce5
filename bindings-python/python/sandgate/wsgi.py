"""Middleware for WSGI apps: Flask and whatever else speaks it.

In a sandbox, the controller's rule before the app:

    app = Flask(__name__)
    app.wsgi_app = ControllerMiddleware(app.wsgi_app, sandgate.Controller(access_token))

and a view acts on what was verified, without reading the query again:

    def read_file():
        grant = flask.request.environ["sandgate.allowed"].grant  # .operation, .path, .user, .max_bytes, ...

In front of the sandboxes, the edge's rule before an app that forwards:

    app = EdgeMiddleware(proxy, edge=sandgate.Edge(v2_keyring=traffic_keyring), lookup=lambda route: states.get(route.sandbox_id))

What is the same for both:

- A refusal is answered with the status and the JSON body of the spec, and the app does not see the request. The body of a
  request (`wsgi.input`) is never read here; a server that then closes the connection on a client that is still sending, as
  most do, may cut the answer off.
- The path is that of `REQUEST_URI` or `RAW_URI`, below `SCRIPT_NAME`. Where a server gives neither it is spelled anew from the
  decoded `PATH_INFO`, which tells the rules no less. Where the two do not name the same path, both have to be let through:
  middleware that rewrites paths belongs inside. The query is `QUERY_STRING`, which is what the app sees.
- WSGI has one value for each header: a server joins those of a header given twice with a comma, and nobody can tell this
  from one value with a comma. It is taken as that one value, which is no token's unless a token was chosen to have a comma.
- Middleware that reads another method out of a header or a body (`X-HTTP-Method-Override`) belongs outside. So does CORS
  middleware, whose headers a refusal needs too, for a browser to show it to a script.
- `clock` returns the time (an int or an aware datetime) in place of the system's; `context` returns for an environ what v2
  credentials were signed for. Servers log the request line on their own, with the signature that is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Optional

from . import _middleware, _sandgate, forward
from ._middleware import Asked, Clock, Context, Refused
from ._sandgate import Controller, Edge, Passed, Route, SandboxState

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["ControllerMiddleware", "EdgeMiddleware"]

Lookup = Callable[[Route], Optional[SandboxState]]

_RAW_TARGETS = ("REQUEST_URI", "RAW_URI")


class ControllerMiddleware:
    """The controller's rule before the app.

    The `sandgate.Allowed` is at `environ["sandgate.allowed"]`. A CORS preflight goes to the app unchecked, without one.
    """

    def __init__(
        self,
        app: WSGIApplication,
        controller: Controller,
        *,
        clock: Clock | None = None,
        context: Callable[[WSGIEnvironment], Context] | None = None,
    ) -> None:
        self.app = app
        self.controller = controller
        self.clock = clock
        self.context = context

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = _asked(environ, self.clock, self.context)
        origin, requested = _header(environ, "origin"), _header(environ, "access-control-request-method")
        # A browser asks what it may send, and sends no credentials with it; the app's CORS rule answers.
        if _sandgate.is_preflight(asked.method, origin, requested, _header(environ, "upgrade")):
            return self.app(environ, start_response)
        allowed = _middleware.check_controller(self.controller, asked, _header(environ, _sandgate.ACCESS_TOKEN_HEADER))
        if isinstance(allowed, Refused):
            return _refuse(environ, start_response, allowed)
        environ["sandgate.allowed"] = allowed
        return self.app(environ, start_response)


class EdgeMiddleware:
    """The edge's rule before an app that forwards.

    `lookup` is given the `sandgate.Route` of a request and returns the `sandgate.SandboxState`, or None for a sandbox that is
    not there (answered as E2B's proxy does, with 502).

    What let the request pass is taken out before the app sees it: header, query parameter and cookie, and the host's label
    becomes `{port}-{sandbox_id}`. The route and the `sandgate.Passed` are at `environ["sandgate.route"]` and
    `environ["sandgate.passed"]`. A connection that outlives its request may be cut at `passed.expires`.
    """

    def __init__(
        self,
        app: WSGIApplication,
        edge: Edge,
        lookup: Lookup,
        *,
        clock: Clock | None = None,
        context: Callable[[WSGIEnvironment], Context] | None = None,
    ) -> None:
        self.app = app
        self.edge = edge
        self.lookup = lookup
        self.clock = clock
        self.context = context

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._check(environ, _asked(environ, self.clock, self.context))
        if isinstance(answer, Refused):
            return _refuse(environ, start_response, answer)
        route, passed = answer
        _strip(environ, route)
        environ["sandgate.route"], environ["sandgate.passed"] = route, passed
        return self.app(environ, start_response)

    def _check(self, environ: WSGIEnvironment, asked: Asked) -> tuple[Route, Passed] | Refused:
        sandbox_id, port = _header(environ, *_sandgate.SANDBOX_ID_HEADERS), _header(environ, *_sandgate.SANDBOX_PORT_HEADERS)
        route = _middleware.find_route(_header(environ, "host"), sandbox_id, port, asked)
        if isinstance(route, Refused):
            return route
        # Before the look-up, so that it does not tell which sandboxes there are.
        refused = _middleware.screen(self.edge, route, asked)
        if refused is not None:
            return refused
        traffic_token, cookies = _header(environ, forward.TRAFFIC_HEADER), _header(environ, "cookie")
        state = self.lookup(route)
        passed = _middleware.check_edge(self.edge, route, state, asked, traffic_token, cookies)
        return passed if isinstance(passed, Refused) else (route, passed)


def _bytes(environ: WSGIEnvironment, name: str) -> bytes:
    """WSGI writes bytes as the characters of the same numbers."""
    value: str = environ.get(name, "")
    return value.encode("latin-1")


def _asked(
    environ: WSGIEnvironment, clock: Clock | None, context: Callable[[WSGIEnvironment], Context] | None
) -> Asked:
    raw_target = next((_bytes(environ, name) for name in _RAW_TARGETS if name in environ), None)
    prefix, path = _bytes(environ, "SCRIPT_NAME"), _bytes(environ, "PATH_INFO") or b"/"
    return Asked(
        method=environ["REQUEST_METHOD"],
        targets=_middleware.targets(path, _bytes(environ, "QUERY_STRING"), raw_target, prefix),
        context=context and context(environ),
        now=clock and clock(),
    )


def _variable(header: str) -> str:
    return "HTTP_" + header.upper().replace("-", "_")


def _header(environ: WSGIEnvironment, *names: str) -> list[bytes]:
    """What the server gives of it under each of its names."""
    return [_bytes(environ, variable) for variable in map(_variable, names) if variable in environ]


def _strip(environ: WSGIEnvironment, route: Route) -> None:
    environ.pop(_variable(forward.TRAFFIC_HEADER), None)
    environ["QUERY_STRING"] = forward.query(_bytes(environ, "QUERY_STRING")).decode("latin-1")
    for name in _RAW_TARGETS:
        if name in environ:
            environ[name] = _middleware.forwarded_target(_bytes(environ, name)).decode("latin-1")
    _strip_host(environ, route)
    if "HTTP_COOKIE" in environ:
        environ["HTTP_COOKIE"] = _forwarded_cookies(_bytes(environ, "HTTP_COOKIE")).decode("latin-1")
        if not environ["HTTP_COOKIE"]:
            del environ["HTTP_COOKIE"]


def _strip_host(environ: WSGIEnvironment, route: Route) -> None:
    host, server = _bytes(environ, "HTTP_HOST"), _bytes(environ, "SERVER_NAME")
    environ["HTTP_HOST"] = forward.host(host, route).decode("latin-1")
    # Some servers name themselves after the request's host.
    if server.partition(b".")[0] == host.partition(b".")[0]:
        environ["SERVER_NAME"] = forward.host(server, route).decode("latin-1")


def _forwarded_cookies(line: bytes) -> bytes:
    """Where the server has joined two lines with a comma, ours may stand inside of what looks like another cookie."""
    pieces = forward.cookies(line).split(b"; ")
    return b"; ".join(piece for piece in pieces if forward.TRAFFIC_COOKIE.encode() not in piece)


def _refuse(environ: WSGIEnvironment, start_response: StartResponse, refused: Refused) -> Iterable[bytes]:
    status = f"{refused.status} {HTTPStatus(refused.status).phrase}"
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(refused.body)))]
    start_response(status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [refused.body]
