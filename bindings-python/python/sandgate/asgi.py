"""Middleware for ASGI apps: Starlette, FastAPI and whatever else speaks it.

In a sandbox, the controller's rule before the app:

    app = Starlette(routes=[...])  # or FastAPI()
    app.add_middleware(ControllerMiddleware, controller=sandgate.Controller(access_token))

and an endpoint acts on what was verified, without reading the query again:

    async def read_file(request):
        allowed: sandgate.Allowed = request.state.sandgate
        if allowed.grant is None:  # no file route: HEAD, which frameworks send to the endpoint of GET
            raise HTTPException(404)
        return FileResponse(allowed.grant.path)  # .operation, .user, .max_bytes, ...

In front of the sandboxes, the edge's rule before an app that forwards:

    edge = sandgate.Edge(v2_keyring=traffic_keyring)
    app = EdgeMiddleware(proxy, edge, lookup=lambda route: states.get(route.sandbox_id))

What is the same for both:

- In place of the controller or the edge, give a function that returns the current one: `controller=lambda: current.controller`.
  The middleware calls it once for each request. To replace a token, assign a new controller; a request under way keeps its own.
  Where the function raises or returns anything else, that is the app's own error and a 500, and never lets a request through.
  Each worker process of a server (`uvicorn --workers`) has its own: tell all of them, or let the function read a shared source.
- `on_refusal` is called with the scope and the refusal (a `SandgateError` with `gate`, `code` and `status`), for logs and
  counters. It may be a coroutine function. It runs after the answer was sent, and also where the client has gone, so that it
  never delays an answer. If the server cancels the request meanwhile, it is cancelled. An exception that it raises
  is logged by `logging.getLogger("sandgate")`, and changes nothing of the answer; so does whatever it returns. The scope holds
  the request as received, credentials included: do not log it as a whole. For an unknown sandbox it is not called: `lookup` knows.
- A refusal is answered with the status and the JSON body of the spec, and the app does not see the request. A WebSocket is
  refused before it is accepted, with the same answer where the server can give one (`websocket.http.response`) and else by
  closing it (which is a 403). At a controller it needs the token, whatever its path. The body of a request is never read here,
  so that a server has to put up with an answer that comes before it (hypercorn 0.18 keeps such a connection when the body is
  large: limit bodies in front of it). Lifespan events go through.
- The app is called with a scope of its own, and with a `state` of its own, a copy of the server's: what was verified is told
  to one request only.
- The path is `raw_path`, below `root_path`, as received: with an escape in it, it is none of the controller's routes. Where
  `raw_path` and `path` do not name the same path, the request is refused with 400: middleware that rewrites paths belongs
  inside, or rewrites both. Where a server gives no `raw_path`, `path` counts, which the app routes by.
- Every value of a header counts, so that a header given twice is seen as such.
- A target with a host of its own (`GET http://…`) or a fragment (`/a#b`) is refused at the edge. A server that takes such a
  target apart (uvicorn with httptools) shows its path and query alone: then they count, here and for the app.
- Middleware that reads another method out of a header or a body (`X-HTTP-Method-Override`) belongs outside. So does CORS
  middleware, whose headers a refusal needs too, for a browser to show it to a script.
- `clock` returns the time (an int or an aware datetime) in place of the system's; `context` returns for a scope what v2
  credentials were signed for. Servers log the request line on their own, with the signature that is in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from inspect import isawaitable
from typing import Any, Union

from . import _middleware, forward
from ._middleware import Clock, Context, Provider, Refused
from ._sandgate import Controller, Edge, Head, Passed, Route, SandboxState
from .errors import DeniedError, SandgateError

__all__ = ["ControllerMiddleware", "EdgeMiddleware"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Lookup = Callable[[Route], Union[SandboxState, None, Awaitable[Union[SandboxState, None]]]]
OnRefusal = Callable[[Scope, SandgateError], object]


class ControllerMiddleware:
    """The controller's rule before the app.

    The `sandgate.Allowed` is at `scope["sandgate"]` and, as Starlette has it, at `request.state.sandgate`. A CORS preflight
    goes to the app unchecked, without one, and without a body.
    """

    def __init__(
        self,
        app: ASGIApp,
        controller: Provider[Controller],
        *,
        clock: Clock | None = None,
        context: Callable[[Scope], Context] | None = None,
        on_refusal: OnRefusal | None = None,
    ) -> None:
        self.app = app
        self.controller: Provider[Controller] = _middleware.provider(controller, Controller, "controller")
        self.clock = clock
        self.context = context
        self.on_refusal: OnRefusal | None = _middleware.hook(on_refusal)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_request(scope):
            return await self.app(scope, receive, send)
        # A WebSocket is none of the controller's routes. HTTP/2 asks for one by CONNECT (RFC 8441).
        method = "CONNECT" if scope["type"] == "websocket" else scope["method"]
        head = _head(scope, method, _targets(scope), self.context)
        controller = _middleware.current(self.controller, Controller, "controller")
        now = self.clock and self.clock()
        try:
            allowed = controller.guard(head, now=now)
        except DeniedError as error:
            return await _refuse(scope, send, _middleware.refused(error), self.on_refusal)
        if allowed is None:
            return await self.app(_without(scope, "sandgate"), _without_body(receive), send)
        await self.app(_with(scope, sandgate=allowed), receive, send)


class EdgeMiddleware:
    """The edge's rule before an app that forwards.

    `lookup` is given the `sandgate.Route` of a request and returns, at once or as an awaitable, the `sandgate.SandboxState`,
    or None for a sandbox that is not there (answered as E2B's proxy does, with 502).

    What let the request pass is taken out before the app sees it, from the query, from the host and from every header that
    `sandgate.forward.HEADERS` names. The app forwards `raw_path`, `query_string` and `headers` as they are in its scope. The
    route and the `sandgate.Passed` are at `scope["sandgate.route"]` and `scope["sandgate.passed"]`, and at
    `request.state.sandgate_route` and `request.state.sandgate_passed`. A connection that outlives its request may be cut at
    `passed.expires`.
    """

    def __init__(
        self,
        app: ASGIApp,
        edge: Provider[Edge],
        lookup: Lookup,
        *,
        clock: Clock | None = None,
        context: Callable[[Scope], Context] | None = None,
        on_refusal: OnRefusal | None = None,
    ) -> None:
        self.app = app
        self.edge: Provider[Edge] = _middleware.provider(edge, Edge, "edge")
        self.lookup = lookup
        self.clock = clock
        self.context = context
        self.on_refusal: OnRefusal | None = _middleware.hook(on_refusal)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_request(scope):
            return await self.app(scope, receive, send)
        answer = await self._guard(scope)
        if isinstance(answer, Refused):
            return await _refuse(scope, send, answer, self.on_refusal)
        route, passed = answer
        forwarded = _with(scope, **{"sandgate.route": route, "sandgate.passed": passed})
        await self.app(_forwarded(forwarded), receive, send)

    async def _guard(self, scope: Scope) -> tuple[Route, Passed] | Refused:
        targets = _targets(scope)
        head = _head(scope, _method(scope), targets, self.context)
        # One for both steps: it may be replaced while the look-up waits.
        edge = _middleware.current(self.edge, Edge, "edge")
        route = _middleware.routed(edge, head, _method(scope), targets)
        if isinstance(route, Refused):
            return route
        found = self.lookup(route)
        state = await found if isawaitable(found) else found
        if state is None:
            return _middleware.unknown_sandbox(route)
        passed = _middleware.passed(edge, route, state, head, self.clock and self.clock(), targets)
        return passed if isinstance(passed, Refused) else (route, passed)


def _is_request(scope: Scope) -> bool:
    if scope["type"] not in ("http", "websocket", "lifespan"):
        # Whatever it is, it would reach the app unchecked.
        raise ValueError("scope: type must be http, websocket or lifespan")
    return bool(scope["type"] != "lifespan")


def _method(scope: Scope) -> str:
    """A WebSocket begins as a GET."""
    method: str = scope.get("method", "GET")
    return method


def _targets(scope: Scope) -> _middleware.Targets:
    raw_path: bytes | None = scope.get("raw_path")
    raw_query = None
    if raw_path is not None and b"?" in raw_path:
        # Old servers leave the query there.
        raw_path, _, raw_query = raw_path.partition(b"?")
    whole = scope["path"].encode("utf-8", "surrogatepass")
    prefix = (scope.get("root_path") or "").encode("utf-8", "surrogatepass")
    query = scope.get("query_string") or b""
    return _middleware.targets(raw_path, raw_query, _middleware.below(prefix, whole), query, prefix, whole)


def _head(
    scope: Scope, method: str, targets: _middleware.Targets, context: Callable[[Scope], Context] | None
) -> Head:
    headers = scope["headers"]
    beside = None if targets.other is None else Head(method, targets.other, headers)
    return Head(method, targets.received, headers, beside=beside, context=context and context(scope))


def _with(scope: Scope, **given: object) -> Scope:
    """A new scope, with what was verified: the server's own, and its state, may be another request's too."""
    state = {**(scope.get("state") or {}), **{name.replace(".", "_"): value for name, value in given.items()}}
    return {**scope, **given, "state": state}


def _without(scope: Scope, name: str) -> Scope:
    """The same, without what another request may have left there."""
    scope = _with(scope)
    scope.pop(name, None)
    scope["state"].pop(name, None)
    return scope


def _without_body(receive: Receive) -> Receive:
    """The end of the body, and then what comes after it. In HTTP/2 no header tells of a body."""
    is_told = False

    async def rest() -> Message:
        nonlocal is_told
        if not is_told:
            is_told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        message = await receive()
        while message["type"] == "http.request":
            message = await receive()
        return message

    return rest


def _forwarded(scope: Scope) -> Scope:
    """The scope, which is ours, without what let the request pass."""
    scope["query_string"] = forward.query(scope.get("query_string") or b"")
    if scope.get("raw_path") is not None:
        scope["raw_path"] = forward.target(scope["raw_path"])
    scope["headers"] = list(_forwarded_headers(scope))
    server = scope.get("server")
    if server and isinstance(server[0], str):
        # Adapters of serverless platforms name the server after the request's host.
        scope["server"] = (_middleware.forwarded_name(server[0]), *server[1:])
    return scope


def _forwarded_headers(scope: Scope) -> Iterator[tuple[bytes, bytes]]:
    for name, value in scope["headers"]:
        goes_on = forward.header(name, value)
        if goes_on is not None:
            yield name, goes_on


async def _refuse(scope: Scope, send: Send, refused: Refused, on_refusal: OnRefusal | None) -> None:
    try:
        await _answer(scope, send, refused)
    finally:
        # Also where the client has gone: a counter counts refusals, not answers.
        if on_refusal is not None and refused.refusal is not None:
            await _tell(on_refusal, scope, refused.refusal)


async def _tell(on_refusal: OnRefusal, scope: Scope, refusal: SandgateError) -> None:
    try:
        returned = on_refusal(scope, refusal)
        if isawaitable(returned):
            await returned
        else:
            _middleware.refuse_suspended(returned)
    except Exception:
        _middleware.log_failed_hook()


async def _answer(scope: Scope, send: Send, refused: Refused) -> None:
    kind = "http.response"
    if scope["type"] == "websocket":
        kind = "websocket.http.response"
        if kind not in (scope.get("extensions") or {}):
            return await send({"type": "websocket.close", "code": 1008, "reason": ""})
    length = str(len(refused.body)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    body = b"" if scope.get("method") == "HEAD" else refused.body
    await send({"type": f"{kind}.start", "status": refused.status, "headers": headers})
    await send({"type": f"{kind}.body", "body": body})
