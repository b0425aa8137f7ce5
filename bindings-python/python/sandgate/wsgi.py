"""Middleware for WSGI apps: Flask and whatever else speaks it.

In a sandbox, the controller's rule before the app:

    app = Flask(__name__)
    app.wsgi_app = ControllerMiddleware(app.wsgi_app, sandgate.Controller(access_token))

and a view acts on what was verified, without reading the query again:

    def read_file():
        allowed: sandgate.Allowed = flask.request.environ["sandgate.allowed"]
        if allowed.grant is None:  # no file route: HEAD, which Flask sends to the view of GET
            flask.abort(404)
        return flask.send_file(allowed.grant.path)  # .operation, .user, .max_bytes, ...

In front of the sandboxes, the edge's rule before an app that forwards:

    edge = sandgate.Edge(v2_keyring=traffic_keyring)
    app = EdgeMiddleware(proxy, edge, lookup=lambda route: states.get(route.sandbox_id))

What is the same for both:

- In place of the controller or the edge, give a function that returns the current one: `controller=lambda: current.controller`.
  The middleware calls it once for each request. To replace a token, assign a new controller; a request under way keeps its own.
  Where the function raises or returns anything else, that is the app's own error and a 500, and never lets a request through.
  Each worker process of a server (`gunicorn --workers`) has its own: tell all of them, or let the function read a shared source.
- `on_refusal` is called with the environ and the refusal (a `SandgateError` with `gate`, `code` and `status`), for logs and
  counters. It is called before the answer goes to the server, so keep it short. WSGI awaits nothing: a coroutine that it returns
  is closed and counts as an exception. An exception that it raises
  is logged by `logging.getLogger("sandgate")`, and changes nothing of the answer; so does whatever it returns. The environ holds
  the request as received, credentials included: do not log it as a whole. For an unknown sandbox it is not called: `lookup` knows.
- A refusal is answered with the status and the JSON body of the spec, and the app does not see the request. The body of a
  request (`wsgi.input`) is never read here; a server that then closes the connection on a client that is still sending, as
  most do, may cut the answer off.
- The app is called with an environ of its own, a copy of the server's: what was verified is told to one request only.
- The path is that of `REQUEST_URI` or `RAW_URI`, below `SCRIPT_NAME`, as received: with an escape in it, it is none of the
  controller's routes. Where it does not name the same path as `PATH_INFO`, or the query there is another one than
  `QUERY_STRING`, the request is refused with 400: middleware that rewrites paths belongs inside. (Waitress merges the slashes
  in front of a path, so that `//a` is refused.) Where a server gives neither, `PATH_INFO` counts, which the app routes by.
- WSGI has one value for each header: a server joins those of a header given twice with a comma. A comma in a header that
  decides counts as a repetition, which is refused as such, so a token with a comma in it cannot be presented here.
- Middleware that reads another method out of a header or a body (`X-HTTP-Method-Override`) belongs outside. So does CORS
  middleware, whose headers a refusal needs too, for a browser to show it to a script.
- `clock` returns the time (an int or an aware datetime) in place of the system's; `context` returns for an environ what v2
  credentials were signed for. Servers log the request line on their own, with the signature that is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Optional

from . import _middleware, _sandgate, forward
from ._middleware import Clock, Context, Provider, Refused
from ._sandgate import Controller, Edge, Head, Passed, Route, SandboxState
from .errors import DeniedError, SandgateError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["ControllerMiddleware", "EdgeMiddleware"]

Lookup = Callable[[Route], Optional[SandboxState]]
OnRefusal = Callable[["WSGIEnvironment", SandgateError], object]


def _variable(header: str) -> str:
    return "HTTP_" + header.upper().replace("-", "_")


#: By their variables, which a server sets where the header is given.
_DECIDING = [(_variable(name), name) for name in _sandgate.DECIDING_HEADERS]
_CLEANED = [(_variable(name), name) for name in forward.HEADERS]
#: The target as received.
_RAW_TARGETS = ("REQUEST_URI", "RAW_URI")
#: Where some servers repeat the host or a part of the target.
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
    """The controller's rule before the app.

    The `sandgate.Allowed` is at `environ["sandgate.allowed"]`. A CORS preflight goes to the app unchecked, without one, and
    without a body.
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
        self.clock = clock
        self.context = context
        self.on_refusal: OnRefusal | None = _middleware.hook(on_refusal, awaited=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        head = _head(environ, _targets(environ), self.context)
        controller = _middleware.current(self.controller, Controller, "controller")
        now = self.clock and self.clock()
        try:
            allowed = controller.guard(head, now=now)
        except DeniedError as error:
            return _refuse(environ, start_response, _middleware.refused(error), self.on_refusal)
        # The environ may be another request's too.
        environ = {**environ}
        if allowed is None:
            environ.pop("sandgate.allowed", None)
            # In HTTP/2 no header tells of a body.
            environ["wsgi.input"] = BytesIO()
        else:
            environ["sandgate.allowed"] = allowed
        return self.app(environ, start_response)


class EdgeMiddleware:
    """The edge's rule before an app that forwards.

    `lookup` is given the `sandgate.Route` of a request and returns the `sandgate.SandboxState`, or None for a sandbox that is
    not there (answered as E2B's proxy does, with 502).

    What let the request pass is taken out before the app sees it, from the query, from the host and from every header that
    `sandgate.forward.HEADERS` names. The app forwards `REQUEST_URI` or `RAW_URI`, where there is one, and the headers as they
    are in its environ. The route and the `sandgate.Passed` are at `environ["sandgate.route"]` and `environ["sandgate.passed"]`.
    A connection that outlives its request may be cut at `passed.expires`.
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
        self.clock = clock
        self.context = context
        self.on_refusal: OnRefusal | None = _middleware.hook(on_refusal, awaited=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._guard(environ)
        if isinstance(answer, Refused):
            return _refuse(environ, start_response, answer, self.on_refusal)
        forwarded = _forwarded(environ)
        forwarded["sandgate.route"], forwarded["sandgate.passed"] = answer
        return self.app(forwarded, start_response)

    def _guard(self, environ: WSGIEnvironment) -> tuple[Route, Passed] | Refused:
        targets = _targets(environ)
        head = _head(environ, targets, self.context)
        # One for both steps: it may be replaced while the look-up waits.
        edge = _middleware.current(self.edge, Edge, "edge")
        route = _middleware.routed(edge, head, environ["REQUEST_METHOD"], targets)
        if isinstance(route, Refused):
            return route
        state = self.lookup(route)
        if state is None:
            return _middleware.unknown_sandbox(route)
        passed = _middleware.passed(edge, route, state, head, self.clock and self.clock(), targets)
        return passed if isinstance(passed, Refused) else (route, passed)


def _bytes(environ: WSGIEnvironment, name: str) -> bytes:
    """WSGI writes bytes as the characters of the same numbers."""
    value: str = environ.get(name, "")
    return value.encode("latin-1")


def _targets(environ: WSGIEnvironment) -> _middleware.Targets:
    raws = [_bytes(environ, name) for name in _RAW_TARGETS if name in environ]
    if len(raws) == 2 and raws[0] != raws[1]:
        return _middleware.Targets(raws[0], other=raws[1])
    raw_path, raw_query = raws[0] if raws else None, None
    # Werkzeug's test client shows no query there.
    if raw_path is not None and b"?" in raw_path:
        raw_path, _, raw_query = raw_path.partition(b"?")
    path, prefix = _bytes(environ, "PATH_INFO"), _bytes(environ, "SCRIPT_NAME")
    return _middleware.targets(raw_path, raw_query, path, _bytes(environ, "QUERY_STRING"), prefix, prefix + path)


def _head(
    environ: WSGIEnvironment, targets: _middleware.Targets, context: Callable[[WSGIEnvironment], Context] | None
) -> Head:
    method = environ["REQUEST_METHOD"]
    lines = [(name, _bytes(environ, variable)) for variable, name in _DECIDING if variable in environ]
    if environ.get("CONTENT_LENGTH"):
        lines.append(("content-length", _bytes(environ, "CONTENT_LENGTH")))
    beside = None if targets.other is None else Head(method, targets.other, lines, joined=True)
    return Head(method, targets.received, lines, joined=True, beside=beside, context=context and context(environ))


def _forwarded(environ: WSGIEnvironment) -> WSGIEnvironment:
    """A new environ without what let the request pass: the server's own may be another request's too."""
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
        # The answer is made: whatever this raises or does to the environ changes nothing of it.
        try:
            _middleware.refuse_suspended(on_refusal(environ, refused.refusal))
        except Exception:
            _middleware.log_failed_hook()
    return answer
