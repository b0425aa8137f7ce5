"""Tokens and pre-signed URLs that guard cloud sandboxes, decided by one core for all languages.

`sandgate.v1` is the wire format that E2B and Novita sandboxes speak, `sandgate.v2` the stronger one beside it;
`Controller` and `Edge` hold the rule for a whole request. `sandgate.e2b` has the SDK's own function.
"""

from . import creation, e2b, errors, forward, v1, v2
from ._sandgate import (
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
)
from .errors import (
    CreationRefusedError,
    DeniedError,
    ExpiredError,
    InvalidError,
    LifetimeTooLongError,
    MalformedError,
    MissingError,
    OutOfScopeError,
    SandgateError,
)

__all__ = [
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
    "v1",
    "v2",
]
