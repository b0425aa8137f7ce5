"""Tokens and pre-signed URLs that guard cloud sandboxes. One core makes the decisions for all languages.

`sandgate.v1` is the wire format that E2B and Novita sandboxes speak, `sandgate.v2` is a stronger one. `Controller` and `Edge`
hold the rule for a whole request. `sandgate.e2b` has the SDK's own function.
"""

from . import creation, e2b, errors, forward, v1, v2, wake, webhook
from ._sandgate import (
    DECIDING_HEADERS as _DECIDING_HEADERS,
)
from ._sandgate import (
    UNKNOWN_SANDBOX_STATUS,
    Allowed,
    Controller,
    Edge,
    Explanation,
    Grant,
    Head,
    Passed,
    Policy,
    Route,
    SandboxState,
    equal,
    explain,
    fingerprint,
    shorten_sandbox_id,
    unknown_sandbox_body,
)
from .errors import (
    CreationRefusedError,
    DeniedError,
    ExpiredError,
    InvalidError,
    LifetimeTooLongError,
    MalformedError,
    MissingError,
    NotInitializedError,
    OutOfScopeError,
    SandgateError,
)

#: The names of the deciding headers, in lower case. A server must pass at least these to a `Head`.
DECIDING_HEADERS: tuple[str, ...] = tuple(_DECIDING_HEADERS)

__all__ = [
    "DECIDING_HEADERS",
    "UNKNOWN_SANDBOX_STATUS",
    "Allowed",
    "Controller",
    "CreationRefusedError",
    "DeniedError",
    "Edge",
    "ExpiredError",
    "Explanation",
    "Grant",
    "Head",
    "InvalidError",
    "LifetimeTooLongError",
    "MalformedError",
    "MissingError",
    "NotInitializedError",
    "OutOfScopeError",
    "Passed",
    "Policy",
    "Route",
    "SandboxState",
    "SandgateError",
    "creation",
    "e2b",
    "equal",
    "errors",
    "explain",
    "fingerprint",
    "forward",
    "shorten_sandbox_id",
    "unknown_sandbox_body",
    "v1",
    "v2",
    "wake",
    "webhook",
]
