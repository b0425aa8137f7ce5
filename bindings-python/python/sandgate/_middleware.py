"""Shared by both middlewares: the targets that a server provides for one request, and the answer to a refusal."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import suppress
from datetime import datetime
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import NamedTuple, TypeVar, Union
from urllib.parse import quote_from_bytes, unquote_to_bytes

from . import forward
from ._sandgate import UNKNOWN_SANDBOX_STATUS, Edge, Head, Passed, Route, SandboxState, unknown_sandbox_body
from .errors import DeniedError

Clock = Callable[[], Union[int, datetime]]
Context = Union[str, bytes, None]
T = TypeVar("T")
Hook = TypeVar("Hook", bound=Callable[..., object])
Provider = Union[T, Callable[[], T]]


class Targets(NamedTuple):
    """The targets that a server provides: path and query."""

    #: As received, without the prefix at which the app is mounted.
    received: bytes
    #: A second one, if the server's values do not agree.
    other: bytes | None = None
    #: The target that a mounted app may forward instead: with the prefix, or the decoded path below an escaped prefix.
    whole: bytes | None = None


class Refused(NamedTuple):
    """The answer to a refused request."""

    status: int
    body: bytes
    #: The argument for `on_refusal`. None for an unknown sandbox.
    refusal: DeniedError | None = None


def provider(given: Provider[T], kind: type[T], name: str) -> Provider[T]:
    """Returns the argument of a middleware if it is a `kind` or a function; otherwise raises."""
    # A class is callable too, and would make an object without secrets.
    if isinstance(given, kind) or (callable(given) and not isinstance(given, type)):
        return given
    raise TypeError(f"{name}: must be {_full_name(kind)} or a function that returns one, not {_found(given)}")


def current(given: Provider[T], kind: type[T], name: str) -> T:
    """Returns the controller or the edge for one request. Call it once: another call may return another object."""
    if isinstance(given, kind):
        return given
    # The attribute may have been assigned after construction.
    returned = provider(given, kind, name)()  # type: ignore[operator]
    if isinstance(returned, kind):
        return returned
    raise TypeError(f"{name}: must return {_full_name(kind)}, not {_found(returned)}")


def hook(given: Hook | None, *, awaited: bool = True) -> Hook | None:
    """The `on_refusal` of a middleware, if it is a function."""
    if not awaited and _is_async(given):
        raise TypeError("on_refusal: must be a function that is not a coroutine function: WSGI awaits nothing")
    if given is None or callable(given):
        return given
    raise TypeError(f"on_refusal: must be a function or None, not {_found(given)}")


def _is_async(given: object) -> bool:
    """Whether a call only makes a coroutine: that of a function, or of an object's `__call__`."""
    functions = given, getattr(given, "__call__", None)  # noqa: B004
    return any(iscoroutinefunction(function) or isasyncgenfunction(function) for function in functions)


def refuse_suspended(returned: object) -> None:
    """Raises where `on_refusal` has returned what nothing runs, so that it has done nothing."""
    if isinstance(returned, (Coroutine, Generator)):
        # Otherwise Python warns of it some time later.
        returned.close()
    if isinstance(returned, (Coroutine, Generator, AsyncGenerator)):
        raise TypeError(f"on_refusal: must not return a {_found(returned)}, which nothing runs")


def log_failed_hook() -> None:
    """Logs what `on_refusal` raised. It changes nothing of the answer, nor does a log that fails."""
    with suppress(Exception):
        logging.getLogger("sandgate").exception("on_refusal raised an exception")


def _full_name(kind: type) -> str:
    return f"sandgate.{kind.__name__}"


def _found(value: object) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__


def targets(
    raw: bytes | None, raw_query: bytes | None, path: bytes, query: bytes, prefix: bytes, whole: bytes
) -> Targets:
    """Returns the target on the wire (`raw` and, if the server includes it there, `raw_query`), and the app's if it
    differs.

    `path` is the decoded path and `query` the query that the app uses. The app is mounted at `prefix`, and `whole` is
    the decoded path with it. If the server provides no raw path, the decoded one is encoded again: the app routes only
    by that.
    """
    if raw is None:
        return Targets(_target(_quoted(path), query), whole=_target(_quoted(whole), query) if whole != path else None)
    received = below(prefix, raw)
    if received is raw:
        received = below(_quoted(prefix), raw)
    # A prefix that the client has escaped is not removed: a path that contains an escape is none of our routes. A
    # prefix that ends within a segment is not a prefix: the app's path differs.
    is_below = path == whole or path[:1] in (b"", b"/")
    same = _names(received, path) or (received is raw and is_below and _names(raw, whole))
    if not same or (raw_query is not None and raw_query != query):
        return Targets(_target(received, query if raw_query is None else raw_query), other=_target(_quoted(path), query))
    if received is not raw:
        return Targets(_target(received, query), whole=_target(raw, query))
    return Targets(_target(received, query), whole=_target(_quoted(path), query) if whole != path else None)


def _names(raw: bytes, path: bytes) -> bool:
    """Whether a path on the wire decodes to this one. ASGI servers replace bytes that are not UTF-8."""
    if raw == path and b"%" not in raw:
        return True
    decoded = unquote_to_bytes(raw)
    return path in (decoded, decoded.decode("utf-8", "replace").encode())


def below(prefix: bytes, path: bytes) -> bytes:
    """Returns the path below the prefix, as frameworks do: unchanged if it is not below it."""
    if not prefix or not path.startswith(prefix) or path[len(prefix) : len(prefix) + 1] not in (b"", b"/"):
        return path
    return path[len(prefix) :]


def _quoted(path: bytes) -> bytes:
    return quote_from_bytes(path).encode() if path else path


def _target(path: bytes, query: bytes) -> bytes:
    path = path or b"/"
    return path + b"?" + query if query else path


def refused(error: DeniedError) -> Refused:
    return Refused(error.status, error.body.encode(), error)


def routed(edge: Edge, head: Head, method: str, targets: Targets) -> Route | Refused:
    """The first step of an edge: nothing of the app's runs here, so that each `DeniedError` is a refusal of this request."""
    try:
        route = edge.route(head)
    except DeniedError as error:
        return _refused_by_edge(error, None, targets.received)
    if targets.whole is not None:
        # What the app may forward, where it is mounted.
        try:
            edge.screen(route, method, targets.whole)
        except DeniedError as error:
            return _refused_by_edge(error, route, targets.whole)
    return route


def passed(
    edge: Edge, route: Route, state: SandboxState, head: Head, now: int | datetime | None, targets: Targets
) -> Passed | Refused:
    """The second step, likewise."""
    try:
        return edge.guard(route, state, head, now=now)
    except DeniedError as error:
        return _refused_by_edge(error, route, targets.received)


def _refused_by_edge(error: DeniedError, route: Route | None, target: bytes) -> Refused:
    return Refused(error.status, error.edge_body(route.sandbox_id if route else None, target).encode(), error)


def unknown_sandbox(route: Route) -> Refused:
    return Refused(UNKNOWN_SANDBOX_STATUS, unknown_sandbox_body(route.sandbox_id).encode())


def forwarded_name(text: str) -> str:
    """Removes the credential from a value outside the headers in which a server repeats the host or the target."""
    cleaned = forward.header("x-original-url", text)
    return text if cleaned is None else cleaned.decode("utf-8", "surrogateescape")
