"""What both middlewares know of HTTP: what a server tells of the request line, and which answer a refusal is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Union
from urllib.parse import quote_from_bytes, unquote_to_bytes

from . import forward
from ._sandgate import (
    UNKNOWN_SANDBOX_STATUS,
    Allowed,
    Controller,
    Edge,
    Passed,
    Route,
    SandboxState,
    unknown_sandbox_body,
)
from .errors import DeniedError, MalformedError

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
        return Refused(UNKNOWN_SANDBOX_STATUS, unknown_sandbox_body(route).encode())
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


def forwarded_target(target: bytes) -> bytes:
    """A path, and the query where a server leaves it there, without the credential in it."""
    path, _, query = target.partition(b"?")
    query = forward.query(query)
    return path + b"?" + query if query else path
