"""Why a request is refused. Wrong use is a `TypeError` or a `ValueError` instead, which names the argument."""

from __future__ import annotations

from . import _sandgate

__all__ = [
    "CreationRefusedError",
    "DeniedError",
    "ExpiredError",
    "InvalidError",
    "LifetimeTooLongError",
    "MalformedError",
    "MissingError",
    "NotInitializedError",
    "OutOfScopeError",
    "SandgateError",
]


class SandgateError(Exception):
    """The base class of all refusals: `DeniedError` and `CreationRefusedError`."""

    #: Where.
    gate: str
    #: Why: a stable word.
    code: str

    @property
    def status(self) -> int:
        """The HTTP status to answer with."""
        return _sandgate.refusal_status(self.gate, self.code)

    @property
    def message(self) -> str:
        """The message to answer with, the same for every caller."""
        return _sandgate.refusal_message(self.gate, self.code)

    @property
    def body(self) -> str:
        """The JSON body of the controller, `{"code":401,"message":"…"}`."""
        return _sandgate.refusal_body(self.gate, self.code)

    def edge_body(self, sandbox_id: str | None, target: str | bytes) -> str:
        """The JSON body of the edge. It names the sandbox, or the internal path that does not exist there."""
        return _sandgate.edge_refusal_body(self.gate, self.code, sandbox_id, target)

    def __str__(self) -> str:
        return self.message


class DeniedError(SandgateError):
    """A request is refused. It carries nothing of what was presented.

    `gate` says where ("route", "file_token", "file_signature", "traffic", "host", "internal_route", "init", "wake",
    "webhook"), `code` why ("missing", "malformed", "invalid", "expired", "lifetime_too_long",
    "out_of_scope", "not_initialized"), `status` is the HTTP status to answer with.
    """

    def __init__(self, gate: str) -> None:
        if type(self) is DeniedError:
            raise TypeError("DeniedError: must be one of its subclasses, of which each has a code")
        super().__init__(gate)
        self.gate = gate


class MissingError(DeniedError):
    """Nothing was presented."""

    code = "missing"


class MalformedError(DeniedError):
    """The credential cannot be parsed unambiguously."""

    code = "malformed"


class InvalidError(DeniedError):
    """The token or the signature is wrong."""

    code = "invalid"


class ExpiredError(DeniedError):
    """The signature is right, but it has expired."""

    code = "expired"


class LifetimeTooLongError(DeniedError):
    """The signature is right, but lasts longer than the verifier accepts."""

    code = "lifetime_too_long"


class OutOfScopeError(DeniedError):
    """The credential is right, but does not cover this request."""

    code = "out_of_scope"


class NotInitializedError(DeniedError):
    """The controller waits for its token. Nobody can present it yet."""

    code = "not_initialized"


class CreationRefusedError(SandgateError):
    """A sandbox is not created.

    `gate` is "creation", `code` says why ("template_too_old", "template_version_unknown", "restricted_needs_secure"), and so
    does `reason`; `edge_body` is the same as `body`.
    """

    gate = "creation"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code: str = code
        self.reason: str = code


# The extension raises these classes. If this module is imported a second time, it gets the classes of the first import, so
# that old and new `except` clauses name the same ones.
globals().update(_sandgate.keep_classes({name: globals()[name] for name in __all__}))
