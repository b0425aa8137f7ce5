"""Middleware for ASGI apps: Starlette, FastAPI and whatever else speaks it.

In a sandbox, the controller's rule before the app:

    app = Starlette(routes=[...])  # or FastAPI()
    app.add_middleware(ControllerMiddleware, controller=sandgate.Controller(access_token))

and an endpoint acts on what was verified, without reading the query again:

    async def read_file(request):
        grant = request.state.sandgate.grant  # .operation, .path, .user, .max_bytes, ...

In front of the sandboxes, the edge's rule before an app that forwards:

    app = EdgeMiddleware(proxy, edge=sandgate.Edge(v2_keyring=traffic_keyring), lookup=lambda route: states.get(route.sandbox_id))

What is the same for both:

- A refusal is answered with the status and the JSON body of the spec, and the app does not see the request. A WebSocket is
  refused before it is accepted, with the same answer where the server can give one (`websocket.http.response`) and else by
  closing it (which is a 403). The body of a request is never read here, so that a server has to put up with an answer that
  comes before it (hypercorn 0.18 keeps such a connection when the body is large: limit bodies in front of it). Lifespan events
  go through.
- The path is `raw_path`, below `root_path`. Where a server gives none it is spelled anew from the decoded `path`, which tells
  the rules no less. Where the two do not name the same path, both have to be let through: middleware that rewrites paths
  belongs inside, or rewrites both.
- Every value of a header counts, so that a header given twice is seen as such.
- A target with a host of its own (`GET http://…`) is refused at the edge. A server that takes it apart (uvicorn with httptools)
  shows its path alone: then the Host header counts, here and for the app.
- Middleware that reads another method out of a header or a body (`X-HTTP-Method-Override`) belongs outside. So does CORS
  middleware, whose headers a refusal needs too, for a browser to show it to a script.
- `clock` returns the time (an int or an aware datetime) in place of the system's; `context` returns for a scope what v2
  credentials were signed for. Servers log the request line on their own, with the signature that is in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from inspect import isawaitable
from typing import Any, Union

from . import _middleware, _sandgate, forward
from ._middleware import Asked, Clock, Context, Refused
from ._sandgate import Controller, Edge, Passed, Route, SandboxState

__all__ = ["ControllerMiddleware", "EdgeMiddleware"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Lookup = Callable[[Route], Union[SandboxState, None, Awaitable[Union[SandboxState, None]]]]


class ControllerMiddleware:
    """The controller's rule before the app.

    The `sandgate.Allowed` is at `scope["sandgate"]` and, as Starlette has it, at `request.state.sandgate`. A CORS preflight
    goes to the app unchecked, without one.
    """

    def __init__(
        self,
        app: ASGIApp,
        controller: Controller,
        *,
        clock: Clock | None = None,
        context: Callable[[Scope], Context] | None = None,
    ) -> None:
        self.app = app
        self.controller = controller
        self.clock = clock
        self.context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_request(scope):
            return await self.app(scope, receive, send)
        asked = _asked(scope, self.clock, self.context)
        origin, requested = _header(scope, "origin"), _header(scope, "access-control-request-method")
        # A browser asks what it may send, and sends no credentials with it; the app's CORS rule answers.
        if _sandgate.is_preflight(asked.method, origin, requested, _header(scope, "upgrade")):
            return await self.app(scope, receive, send)
        allowed = _middleware.check_controller(self.controller, asked, _header(scope, _sandgate.ACCESS_TOKEN_HEADER))
        if isinstance(allowed, Refused):
            return await _refuse(scope, send, allowed)
        await self.app(_with(scope, sandgate=allowed), receive, send)


class EdgeMiddleware:
    """The edge's rule before an app that forwards.

    `lookup` is given the `sandgate.Route` of a request and returns, at once or as an awaitable, the `sandgate.SandboxState`,
    or None for a sandbox that is not there (answered as E2B's proxy does, with 502).

    What let the request pass is taken out before the app sees it: header, query parameter and cookie, and the host's label
    becomes `{port}-{sandbox_id}`. The route and the `sandgate.Passed` are at `scope["sandgate.route"]` and
    `scope["sandgate.passed"]`, and at `request.state.sandgate_route` and `request.state.sandgate_passed`. A connection that
    outlives its request may be cut at `passed.expires`.
    """

    def __init__(
        self,
        app: ASGIApp,
        edge: Edge,
        lookup: Lookup,
        *,
        clock: Clock | None = None,
        context: Callable[[Scope], Context] | None = None,
    ) -> None:
        self.app = app
        self.edge = edge
        self.lookup = lookup
        self.clock = clock
        self.context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_request(scope):
            return await self.app(scope, receive, send)
        asked = _asked(scope, self.clock, self.context)
        answer = await self._check(scope, asked)
        if isinstance(answer, Refused):
            return await _refuse(scope, send, answer)
        route, passed = answer
        forwarded = _with(scope, **{"sandgate.route": route, "sandgate.passed": passed})
        forwarded["query_string"] = forward.query(_query(scope))
        if scope.get("raw_path") is not None:
            forwarded["raw_path"] = _middleware.forwarded_target(scope["raw_path"])
        forwarded["headers"] = list(_forwarded_headers(scope, route))
        await self.app(forwarded, receive, send)

    async def _check(self, scope: Scope, asked: Asked) -> tuple[Route, Passed] | Refused:
        sandbox_id, port = _header(scope, *_sandgate.SANDBOX_ID_HEADERS), _header(scope, *_sandgate.SANDBOX_PORT_HEADERS)
        route = _middleware.find_route(_header(scope, "host"), sandbox_id, port, asked)
        if isinstance(route, Refused):
            return route
        # Before the look-up, so that it does not tell which sandboxes there are.
        refused = _middleware.screen(self.edge, route, asked)
        if refused is not None:
            return refused
        found = self.lookup(route)
        state = await found if isawaitable(found) else found
        traffic_token, cookies = _header(scope, forward.TRAFFIC_HEADER), _header(scope, "cookie")
        passed = _middleware.check_edge(self.edge, route, state, asked, traffic_token, cookies)
        return passed if isinstance(passed, Refused) else (route, passed)


def _is_request(scope: Scope) -> bool:
    if scope["type"] not in ("http", "websocket", "lifespan"):
        # Whatever it is, it would reach the app unchecked.
        raise ValueError("the type of the scope is not known")
    return bool(scope["type"] != "lifespan")


def _asked(scope: Scope, clock: Clock | None, context: Callable[[Scope], Context] | None) -> Asked:
    prefix = (scope.get("root_path") or "").encode("utf-8", "surrogatepass")
    path = _middleware.below(prefix, scope["path"].encode("utf-8", "surrogatepass")) or b"/"
    return Asked(
        # A WebSocket begins as a GET.
        method=scope.get("method", "GET"),
        targets=_middleware.targets(path, _query(scope), scope.get("raw_path"), prefix),
        context=context and context(scope),
        now=clock and clock(),
    )


def _query(scope: Scope) -> bytes:
    query: bytes | None = scope.get("query_string")
    return query or b""


def _header(scope: Scope, *names: str) -> list[bytes]:
    """All its values under all its names."""
    wanted = [name.encode() for name in names]
    return [bytes(value) for name, value in scope["headers"] if bytes(name).lower() in wanted]


def _forwarded_headers(scope: Scope, route: Route) -> Iterator[tuple[bytes, bytes]]:
    for name, value in scope["headers"]:
        lower = bytes(name).lower()
        if lower == forward.TRAFFIC_HEADER.encode():
            continue
        if lower == b"host":
            value = forward.host(bytes(value), route)
        elif lower == b"cookie":
            value = forward.cookies(bytes(value))
            if not value:
                continue
        yield name, value


def _with(scope: Scope, **given: object) -> Scope:
    """The scope, which is the server's, with what was verified."""
    scope = {**scope, **given}
    scope.setdefault("state", {}).update({name.replace(".", "_"): value for name, value in given.items()})
    return scope


async def _refuse(scope: Scope, send: Send, refused: Refused) -> None:
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
