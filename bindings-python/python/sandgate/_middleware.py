"""Shared by both middlewares: their arguments, the two steps of an edge, and the answer to a refusal."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import suppress
from datetime import datetime
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import NamedTuple, TypeVar, Union

from . import forward
from ._sandgate import UNKNOWN_SANDBOX_STATUS, Edge, Head, Passed, Route, SandboxState, unknown_sandbox_body
from .errors import DeniedError

Clock = Callable[[], Union[int, datetime]]
Context = Union[str, bytes, None]
T = TypeVar("T")
Hook = TypeVar("Hook", bound=Callable[..., object])
Provider = Union[T, Callable[[], T]]


class Request(NamedTuple):
    """A request at an edge, as the server provides it."""

    head: Head
    method: str
    #: The target as received, without the prefix at which the app is mounted.
    received: bytes
    #: The target that a mounted app may forward instead: with the prefix, or the decoded path below an escaped prefix.
    whole: bytes | None


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
    return function(given, "on_refusal")


def function(given: Hook | None, name: str) -> Hook | None:
    """Returns an optional argument of a middleware if it is a function; otherwise raises."""
    if given is None or callable(given):
        return given
    raise TypeError(f"{name}: must be a function or None, not {_found(given)}")


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


def routed(edge: Edge, request: Request) -> Route | Refused:
    """The first step of an edge: nothing of the app's runs here, so that each `DeniedError` is a refusal of this request."""
    try:
        route = edge.route(request.head)
    except DeniedError as error:
        return _refused_by_edge(error, None, request.received)
    if request.whole is not None:
        # What the app may forward, where it is mounted.
        try:
            edge.screen(route, request.method, request.whole)
        except DeniedError as error:
            return _refused_by_edge(error, route, request.whole)
    return route


def passed(
    edge: Edge, route: Route, state: SandboxState, request: Request, now: int | datetime | None
) -> Passed | Refused:
    """The second step, likewise."""
    try:
        return edge.guard(route, state, request.head, now=now)
    except DeniedError as error:
        return _refused_by_edge(error, route, request.received)


def _refused_by_edge(error: DeniedError, route: Route | None, target: bytes) -> Refused:
    return Refused(error.status, error.edge_body(route.sandbox_id if route else None, target).encode(), error)


def unknown_sandbox(route: Route) -> Refused:
    return Refused(UNKNOWN_SANDBOX_STATUS, unknown_sandbox_body(route.sandbox_id).encode())


def forwarded_name(text: str) -> str:
    """Removes the credential from a value outside the headers in which a server repeats the host or the target."""
    cleaned = forward.header("x-original-url", text)
    return text if cleaned is None else cleaned.decode("utf-8", "surrogateescape")
