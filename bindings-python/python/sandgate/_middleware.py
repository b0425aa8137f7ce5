"""What both middlewares know of HTTP: the names of headers, and what a server tells of the request line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Union
from urllib.parse import quote_from_bytes, unquote_to_bytes

from . import forward
from ._sandgate import Allowed, Controller, Edge, Passed, Route, SandboxState
from .errors import DeniedError, MalformedError

ACCESS_TOKEN = "x-access-token"
TRAFFIC_TOKEN = forward.TRAFFIC_HEADER
#: Each vendor's SDKs have their own name; two values that differ would leave us to choose, so both names are one header.
ROUTING_ID = ("e2b-sandbox-id", "novita-sandbox-id")
ROUTING_PORT = ("e2b-sandbox-port", "novita-sandbox-port")

Clock = Callable[[], Union[int, datetime]]
Context = Union[str, bytes, None]


class Asked(NamedTuple):
    """What a gate looks at."""

    method: str
    #: Path and query, as one or two targets; each of them has to be let through.
    targets: Sequence[bytes]
    context: Context
    now: int | datetime | None


class Refused(NamedTuple):
    """The answer to a request that is not let through."""

    status: int
    body: bytes


def targets(path: bytes, query: bytes, raw_path: bytes | None, prefix: bytes) -> list[bytes]:
    """The targets that a request may mean: the one on the wire, and the app's where it differs.

    `path` is the decoded path that the app acts on, below the `prefix` at which it is mounted. Servers and other middleware
    rewrite it (`//a` to `/a`, bytes that are no UTF-8), or give no raw path at all.
    """
    paths = [quote_from_bytes(path).encode()]
    if raw_path is not None:
        raw_path = raw_path.partition(b"?")[0]
        for spelling in (prefix, quote_from_bytes(prefix).encode()):
            raw_path = below(spelling, raw_path)
        raw_path = raw_path or b"/"
        paths = [raw_path] if unquote_to_bytes(raw_path) == path else [raw_path, *paths]
    return [path + b"?" + query if query else path for path in paths]


def below(prefix: bytes, path: bytes) -> bytes:
    """The path below the prefix, as frameworks see it: unchanged where it does not lie there."""
    rest = path[len(prefix) :]
    return rest if path.startswith(prefix) and rest[:1] in (b"", b"/") else path


def is_preflight(method: str, origin: Sequence[bytes], requested: Sequence[bytes]) -> bool:
    """Whether a browser asks what it may send. It sends no credentials with it; the app's CORS rule answers."""
    return method == "OPTIONS" and any(origin) and any(requested)


def check_controller(controller: Controller, asked: Asked, access_token: list[bytes]) -> Allowed | Refused:
    allowed = None
    try:
        for target in asked.targets:
            allowed = controller.check(
                asked.method, target, access_token=access_token, context=asked.context, now=asked.now
            )
    except DeniedError as error:
        return Refused(error.status, error.body.encode())
    if allowed is None:
        raise ValueError("a request without a target")
    return allowed


def find_route(host: list[bytes], sandbox_id: list[bytes], port: list[bytes], asked: Asked) -> Route | Refused:
    try:
        # A target with a host of its own (`GET http://…`) would leave two hosts to choose from.
        if not all(target.startswith(b"/") for target in asked.targets):
            raise MalformedError("host")
        return Route.parse(host, sandbox_id=sandbox_id, port=port)
    except DeniedError as error:
        return refused_by_edge(error, None, asked.targets[0])


def screen(edge: Edge, route: Route, asked: Asked) -> Refused | None:
    for target in asked.targets:
        try:
            edge.screen(route, asked.method, target)
        except DeniedError as error:
            return refused_by_edge(error, route, target)
    return None


def check_edge(
    edge: Edge, route: Route, state: SandboxState | None, asked: Asked, traffic_token: list[bytes], cookies: list[bytes]
) -> Passed | Refused:
    if state is None:
        return no_sandbox(route)
    # The paths are screened; the rest of the targets is the same.
    target = asked.targets[0]
    try:
        return edge.check(
            route,
            state,
            asked.method,
            target,
            traffic_token=traffic_token,
            cookies=cookies,
            context=asked.context,
            now=asked.now,
        )
    except DeniedError as error:
        return refused_by_edge(error, route, target)


def refused_by_edge(error: DeniedError, route: Route | None, target: bytes) -> Refused:
    return Refused(error.status, error.edge_body(route.sandbox_id if route else None, target).encode())


def no_sandbox(route: Route) -> Refused:
    """As E2B's proxy answers."""
    body = {"sandboxId": route.sandbox_id, "message": "The sandbox was not found", "code": 502}
    return Refused(502, json.dumps(body, separators=(",", ":")).encode())


def forwarded_host(host: bytes, route: Route) -> bytes:
    """The left-most label becomes the route's. A host that leaves the route to headers has no `-` there, and stays."""
    label, dot, domain = host.partition(b".")
    return str(route).encode() + dot + domain if dot and b"-" in label else host
