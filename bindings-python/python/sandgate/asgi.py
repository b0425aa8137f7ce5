"""Middleware for ASGI apps: Starlette, FastAPI and any other.

In a sandbox, the controller's rule in front of the app:

    app = Starlette(routes=[...])  # or FastAPI()
    app.add_middleware(ControllerMiddleware, controller=sandgate.Controller(access_token))

An endpoint acts on the verified grant and does not parse the query again:

    async def read_file(request):
        allowed: sandgate.Allowed = request.state.sandgate
        if allowed.grant is None:  # not a file route: HEAD, which frameworks send to the endpoint of GET
            raise HTTPException(404)
        return FileResponse(allowed.grant.path)  # .operation, .user, .max_bytes, ...

At an edge, the edge's rule in front of an app that forwards to sandboxes:

    edge = sandgate.Edge(v2_keyring=traffic_keyring)
    app = EdgeMiddleware(proxy, edge, lookup=lambda route: states.get(route.sandbox_id))

Both middlewares have these properties:

- In place of the controller or the edge, give a function that returns the current one: `controller=lambda:
  current.controller`. The middleware calls it once per request. To replace a token, assign a new controller; a request
  in progress keeps its own. If the function raises or returns anything else, the answer is 500 and the request is never
  allowed. Each worker process of a server (`uvicorn --workers`) has its own controller: update all of them, or let the
  function read a shared source.
- `Controller.initialize` changes a controller in place, and the next request sees it. While the controller waits for its
  token, the middleware refuses everything but `GET /health` and `POST /init`, also preflights and WebSockets. The app
  handles `POST /init`: it limits the body's length and calls `initialize`.
- `on_refusal` is called with the scope and the refusal (a `SandgateError` with `gate`, `code` and `status`), for logs
  and counters. It may be a coroutine function. It runs after the answer was sent, even if the client has disconnected,
  so it never delays an answer. If the server cancels the request, it is cancelled too. `logging.getLogger("sandgate")`
  logs an exception that it raises. Neither an exception nor its result changes the answer. The scope holds the request
  as received, including credentials: do not log all of it. It is not called for an unknown sandbox: `lookup` can count
  those.
- The middleware answers a refused request with the status and the JSON body of the spec; the app does not see the
  request. A WebSocket is refused before it is accepted, with the same answer if the server supports that
  (`websocket.http.response`), otherwise by closing it (a 403). At a controller a WebSocket needs the token on every
  path. The middleware never reads the body of a request, so the answer may come before the body has arrived. (hypercorn
  0.18 keeps such a connection if the body is large: limit bodies in front of it.) Lifespan events pass through.
- The app gets its own scope and its own `state`, a copy of the server's, so that no other request sees the verified
  values.
- The path is `raw_path`, below `root_path`, as received: a path that contains an escape is none of the controller's
  routes. If `raw_path` does not decode to `path`, the request is refused with 400. So middleware that rewrites paths
  must be inside, or rewrite both. If a server provides no `raw_path`, the middleware uses `path`, by which the app
  routes.
- The middleware reads every value of a header, so it detects a repeated header.
- The edge refuses a target that contains a host (`GET http://…`) or a fragment (`/a#b`). Some servers split such a
  target and provide only its path and query (uvicorn with httptools): then the middleware and the app both use those.
- Middleware that overrides the method from a header or a body (`X-HTTP-Method-Override`) belongs outside. So does CORS
  middleware, because a browser shows a refusal to a script only with CORS headers.
- `clock` returns the time (an int or an aware datetime) instead of the system's. `context` takes the scope and returns
  the context for which v2 credentials were signed. Servers log the request line by default, including the signature in
  it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from inspect import isawaitable
from typing import Any, Union

from . import _middleware, forward
from ._middleware import Clock, Context, Provider, Refused, current
from ._sandgate import Controller, Edge, Passed, Route, SandboxState, guard_scope, read_scope
from .errors import SandgateError

__all__ = ["ControllerMiddleware", "EdgeMiddleware"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Lookup = Callable[[Route], Union[SandboxState, None, Awaitable[Union[SandboxState, None]]]]
OnRefusal = Callable[[Scope, SandgateError], object]


class ControllerMiddleware:
    """The controller's rule in front of the app.

    The `sandgate.Allowed` is at `scope["sandgate"]` and, in Starlette, at `request.state.sandgate`. A CORS preflight
    goes to the app unchecked, without an `Allowed` and without a body, unless the controller waits for its token.
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
        self.clock: Clock | None = _middleware.function(clock, "clock")
        self.context: Callable[[Scope], Context] | None = _middleware.function(context, "context")
        self.on_refusal: OnRefusal | None = _middleware.hook(on_refusal)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = _read_once(scope)
        answer = guard_scope(scope, self.controller, current, self.clock, self.context)
        if isinstance(answer, tuple):
            return await _refuse(scope, send, Refused(*answer), self.on_refusal)
        if answer is None:
            return await self.app(_without(scope, "sandgate"), _without_body(receive), send)
        await self.app(answer, receive, send)


class EdgeMiddleware:
    """The edge's rule in front of an app that forwards.

    `lookup` takes the `sandgate.Route` of a request and returns the `sandgate.SandboxState`, or an awaitable of it. It
    returns None for an unknown sandbox, which is answered with 502, as by E2B's proxy.

    The middleware removes the credentials from the query, the host and every header in `sandgate.forward.HEADERS`
    before the app sees the request. The app forwards `raw_path`, `query_string` and `headers` from its scope. The route
    and the `sandgate.Passed` are at `scope["sandgate.route"]` and `scope["sandgate.passed"]`, and at
    `request.state.sandgate_route` and `request.state.sandgate_passed`. A connection that outlives its request may be
    cut at `passed.expires`.
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
        self.clock: Clock | None = _middleware.function(clock, "clock")
        self.context: Callable[[Scope], Context] | None = _middleware.function(context, "context")
        self.on_refusal: OnRefusal | None = _middleware.hook(on_refusal)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = _read_once(scope)
        request = read_scope(scope, self.context)
        if request is None:
            return await self.app(scope, receive, send)
        answer = await self._guard(_middleware.Request(*request))
        if isinstance(answer, Refused):
            return await _refuse(scope, send, answer, self.on_refusal)
        route, passed = answer
        forwarded = _with(scope, **{"sandgate.route": route, "sandgate.passed": passed})
        await self.app(_forwarded(forwarded), receive, send)

    async def _guard(self, request: _middleware.Request) -> tuple[Route, Passed] | Refused:
        # The same edge for both steps: it may be replaced while the look-up waits.
        edge = current(self.edge, Edge, "edge")
        route = _middleware.routed(edge, request)
        if isinstance(route, Refused):
            return route
        found = self.lookup(route)
        state = await found if isawaitable(found) else found
        if state is None:
            return _middleware.unknown_sandbox(route)
        passed = _middleware.passed(edge, route, state, request, None if self.clock is None else self.clock())
        return passed if isinstance(passed, Refused) else (route, passed)


def _read_once(scope: Scope) -> Scope:
    """Returns a scope whose headers are a list: an iterator would be empty when the app reads it."""
    headers = scope.get("headers")
    if isinstance(headers, (list, tuple)) or not isinstance(headers, Iterable):
        return scope
    return {**scope, "headers": [*headers]}


def _with(scope: Scope, **given: object) -> Scope:
    """Returns a new scope with the verified values: the server may share its own scope and state with other
    requests."""
    state = {**(scope.get("state") or {}), **{name.replace(".", "_"): value for name, value in given.items()}}
    return {**scope, **given, "state": state}


def _without(scope: Scope, name: str) -> Scope:
    """Returns the same without a value that another request may have left there."""
    scope = _with(scope)
    scope.pop(name, None)
    scope["state"].pop(name, None)
    return scope


def _without_body(receive: Receive) -> Receive:
    """Returns a `receive` that yields an empty body and then the other messages. In HTTP/2 a body needs no header."""
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
    """Removes the credentials from the scope, which must be our copy."""
    scope["query_string"] = forward.query(scope.get("query_string") or b"")
    if scope.get("raw_path") is not None:
        scope["raw_path"] = forward.target(scope["raw_path"])
    scope["headers"] = list(_forwarded_headers(scope))
    server = scope.get("server")
    if server and isinstance(server[0], str):
        # Adapters of serverless platforms use the request's host as the server's name.
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
        # Also if the client has disconnected: a counter counts refusals, not answers.
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
