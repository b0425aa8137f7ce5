"""What the classes of `sandgate` are made of. Not to be imported."""

from datetime import datetime, timedelta
from typing import Literal, TypeAlias, final

from . import v1 as v1, v2 as v2
from .e2b import Operation, Signature

__all__ = [
    "Allowed",
    "Controller",
    "Edge",
    "Explanation",
    "Grant",
    "Passed",
    "Policy",
    "Route",
    "SandboxState",
    "decide",
    "edge_refusal_body",
    "equal",
    "explain",
    "fingerprint",
    "forward_cookies",
    "forward_query",
    "get_signature",
    "refusal_body",
    "refusal_message",
    "refusal_status",
    "v1",
    "v2",
]

#: Text travels as UTF-8, whichever it is.
_Text: TypeAlias = str | bytes
_Time: TypeAlias = int | datetime
_Lifetime: TypeAlias = int | timedelta
#: None, the value, or all the values that were given.
_Header: TypeAlias = _Text | list[str] | list[bytes] | list[_Text] | tuple[_Text, ...] | None
_Carrier: TypeAlias = Literal["header", "host", "query", "cookie"]
_Version: TypeAlias = Literal["v1", "v2"]

def equal(a: _Text, b: _Text, /) -> bool: ...
def fingerprint(token: _Text, /) -> str: ...
@final
class Grant:
    @property
    def operation(self) -> Operation: ...
    @property
    def path(self) -> str: ...
    @property
    def path_bytes(self) -> bytes: ...
    @property
    def user(self) -> str | None: ...
    @property
    def expires(self) -> int | None: ...
    @property
    def directory(self) -> str | None: ...
    @property
    def max_bytes(self) -> int | None: ...
    @property
    def content_sha256(self) -> bytes | None: ...

@final
class Policy:
    E2B_SDKS: Policy
    V2_ALONE: Policy
    def __new__(
        cls,
        *,
        base: Policy | None = None,
        leeway: int | None = None,
        max_lifetime: int | None = None,
        signed_host_max_lifetime: int | None = None,
        carriers: tuple[_Carrier, ...] | None = None,
        versions: tuple[_Version, ...] | None = None,
        v1_expiry_required: bool | None = None,
    ) -> Policy: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Allowed:
    @property
    def basis(self) -> Literal["open", "exempt", "token", "signature"]: ...
    @property
    def grant(self) -> Grant | None: ...

@final
class Controller:
    def __new__(cls, *access_tokens: _Text, policy: Policy | None = None) -> Controller: ...
    @staticmethod
    def open() -> Controller: ...
    @property
    def is_open(self) -> bool: ...
    def check(
        self,
        method: _Text,
        target: _Text,
        *,
        access_token: _Header = None,
        context: _Text | None = None,
        now: _Time | None = None,
    ) -> Allowed: ...

@final
class Route:
    def __new__(cls, sandbox_id: _Text, port: int, /) -> Route: ...
    @staticmethod
    def parse(host: _Header, *, sandbox_id: _Header = None, port: _Header = None) -> Route: ...
    @property
    def sandbox_id(self) -> str: ...
    @property
    def port(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class SandboxState:
    def __new__(
        cls, *, restricted: bool, generation: int | None = None, traffic_token: _Text | None = None
    ) -> SandboxState: ...
    @property
    def restricted(self) -> bool: ...
    @property
    def generation(self) -> int: ...

@final
class Passed:
    @property
    def basis(self) -> Literal["public", "controller_port", "token", "pass", "signed_host"]: ...
    @property
    def carrier(self) -> _Carrier | None: ...
    @property
    def expires(self) -> int | None: ...

@final
class Edge:
    def __new__(
        cls,
        *,
        policy: Policy | None = None,
        v1_keyring: v1.Keyring | None = None,
        v2_keyring: v2.TrafficKeyring | None = None,
        controller_port: int | None = None,
    ) -> Edge: ...
    def screen(self, route: Route, method: _Text, target: _Text, /) -> None: ...
    def check(
        self,
        route: Route,
        state: SandboxState,
        method: _Text,
        target: _Text,
        /,
        *,
        traffic_token: _Header = None,
        cookies: _Header = None,
        context: _Text | None = None,
        now: _Time | None = None,
    ) -> Passed: ...

@final
class Explanation:
    @property
    def code(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def message(self) -> str: ...
    @property
    def field(self) -> str | None: ...
    @property
    def value(self) -> str | None: ...
    @property
    def expires(self) -> int | None: ...

def explain(
    query: _Text,
    /,
    *access_tokens: _Text,
    operation: Operation | None = None,
    context: _Text | None = None,
    now: _Time | None = None,
) -> Explanation | None: ...
def get_signature(
    path: _Text,
    operation: Operation,
    user: _Text | None,
    envd_access_token: _Text | None,
    expiration_in_seconds: int | None = None,
) -> Signature: ...
def decide(
    secure: bool | None, allow_public_traffic: bool | None, envd_version: _Text | None
) -> tuple[bool, bool]: ...
def forward_query(query: _Text, /) -> bytes: ...
def forward_cookies(line: _Text, /) -> bytes: ...
def refusal_status(gate: str, code: str) -> int: ...
def refusal_message(gate: str, code: str) -> str: ...
def refusal_body(gate: str, code: str) -> str: ...
def edge_refusal_body(gate: str, code: str, sandbox_id: _Text | None, target: _Text) -> str: ...
