"""The extension behind `sandgate`. Do not import it directly."""

from collections.abc import Callable, Iterable, MutableMapping
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias, final

from . import v1 as v1, v2 as v2, wake as wake, webhook as webhook
from .e2b import Operation, Signature
from .errors import DeniedError

__all__ = [
    "DECIDING_HEADERS",
    "FORWARD_HEADERS",
    "TRAFFIC_COOKIE",
    "TRAFFIC_HEADER",
    "TRAFFIC_PARAMETER",
    "UNKNOWN_SANDBOX_STATUS",
    "Allowed",
    "Controller",
    "Edge",
    "Explanation",
    "Grant",
    "Head",
    "Passed",
    "Policy",
    "Route",
    "SandboxState",
    "decide",
    "edge_refusal_body",
    "equal",
    "explain",
    "file_query",
    "fingerprint",
    "forward_cookies",
    "forward_header",
    "forward_host",
    "forward_query",
    "forward_target",
    "get_signature",
    "guard_environ",
    "guard_scope",
    "keep_classes",
    "read_environ",
    "read_scope",
    "refusal_body",
    "refusal_message",
    "refusal_status",
    "refusals",
    "shorten_sandbox_id",
    "unknown_sandbox_body",
    "v1",
    "v2",
    "wake",
    "webhook",
]

#: A `str` is encoded as UTF-8.
_Text: TypeAlias = str | bytes
_Time: TypeAlias = int | datetime
_Lifetime: TypeAlias = int | timedelta
#: None, the value, or an iterable of all the values.
_Header: TypeAlias = _Text | Iterable[_Text] | None
_Carrier: TypeAlias = Literal["header", "host", "query", "cookie"]
_Version: TypeAlias = Literal["v1", "v2"]

DECIDING_HEADERS: list[str]
FORWARD_HEADERS: list[str]
TRAFFIC_COOKIE: str
TRAFFIC_HEADER: str
TRAFFIC_PARAMETER: str
UNKNOWN_SANDBOX_STATUS: int

def equal(a: _Text, b: _Text, /) -> bool:
    """Returns whether two secrets are equal. The time depends only on their lengths.

    >>> sandgate.equal("right", b"right"), sandgate.equal("right", "wrong")
    (True, False)
    """
def fingerprint(token: _Text, /) -> str:
    """Returns 8 hex digits of a token's SHA-256, which a log may show.

    >>> sandgate.fingerprint("abc")
    'ba7816bf'
    """
def shorten_sandbox_id(sandbox_id: _Text, /) -> str:
    """Returns the id of a sandbox that an old client calls `{sandboxID}-{clientID}`: the part before the first `-`. An id without
    a `-` is returned unchanged. Shorten an id before you derive from it: the long form has other tokens.

    >>> sandgate.shorten_sandbox_id("i94gcaqbpvohfr764s5l-2f7b3ac1")
    'i94gcaqbpvohfr764s5l'
    """
@final
class Grant:
    """One operation on one path, as one user. The server acts on it and does not parse the request again."""
    @property
    def operation(self) -> Operation:
        """The operation, "read" or "write"."""
    @property
    def path(self) -> str:
        """The path. Bytes that are not UTF-8, which v1 allows, become lone surrogates as in `os.fsdecode`, so that `open` opens
        the file that was signed.
        """
    @property
    def path_bytes(self) -> bytes:
        """The path as it was signed."""
    @property
    def user(self) -> str | None:
        """The user. None or empty: the server's default applies. Bytes that are not UTF-8, which v1 allows, become lone
        surrogates as in `os.fsdecode`.
        """
    @property
    def user_bytes(self) -> bytes | None:
        """The user as it was signed, or None."""
    @property
    def expires(self) -> int | None:
        """The last second at which the signature is valid. None: it never expires, or no signature decided."""
    @property
    def directory(self) -> str | None:
        """The directory that was signed instead of the path; the path is inside it."""
    @property
    def max_bytes(self) -> int | None:
        """The total number of bytes that may be written, after content decoding."""
    @property
    def content_sha256(self) -> bytes | None:
        """The SHA-256 that the written content must have, 32 bytes."""

@final
class Policy:
    """What a `Controller` and an `Edge` accept.

    Without arguments: both wire formats ("v1", "v2"); at the edge the carriers "header" and "host"; no leeway, lifetimes of
    at most 7 days, for signed hosts of one day; v1 URLs without an expiry. `base` is another policy to start with.
    Leeway and lifetimes are for v2 only: a v1 URL expires exactly at its time.

    >>> strict = sandgate.Policy(base=sandgate.Policy.V2_ALONE, leeway=30, carriers=("header", "cookie"))
    >>> strict == sandgate.Policy.V2_ALONE
    False
    """
    E2B_SDKS: Policy
    V2_ALONE: Policy
    def __new__(
        cls,
        *,
        base: Policy | None = None,
        leeway: _Lifetime | None = None,
        max_lifetime: _Lifetime | None = None,
        signed_host_max_lifetime: _Lifetime | None = None,
        carriers: Iterable[_Carrier] | None = None,
        versions: Iterable[_Version] | None = None,
        v1_expiry_required: bool | None = None,
    ) -> Policy: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Allowed:
    """Why a request is allowed and, on the file routes, what it may do."""
    @property
    def basis(self) -> Literal["open", "exempt", "token", "signature"]:
        """The reason: "open", "exempt", "token" or "signature"."""
    @property
    def grant(self) -> Grant | None:
        """What the request may do on a file route."""

@final
class Head:
    """The request line and the header lines as received, not decoded and not filtered: the input of `Controller.guard`,
    `Edge.route` and `Edge.guard`.

    `target` is the path and query of the request line, still percent-encoded. `headers` are pairs of a name, in upper or
    lower case, and a value; a repeated header is several pairs. Set `joined` if the server joins repeated headers with
    commas, as WSGI does, and `with_body` if there is a body that no header announces. `beside` is a second view of the same
    request: a request whose views differ is refused. `context` is the context for which v2 credentials were signed.

    >>> head = sandgate.Head("GET", "/metrics", [("X-Access-Token", "the token")])
    >>> sandgate.Controller("the token").guard(head)
    <sandgate.Allowed token>
    """
    def __new__(
        cls,
        method: _Text,
        target: _Text,
        headers: Iterable[tuple[_Text, _Text]],
        *,
        joined: bool | None = None,
        with_body: bool | None = None,
        beside: Head | None = None,
        context: _Text | None = None,
    ) -> Head: ...

@final
class Controller:
    """The controller of one sandbox: its access token, or several of one wire format while one is replaced.

    >>> controller = sandgate.Controller("the sandbox's access token")
    >>> controller.check("GET", "/metrics", access_token="the sandbox's access token")
    <sandgate.Allowed token>
    >>> controller.check("GET", "/metrics")
    Traceback (most recent call last):
    ...
    sandgate.errors.MissingError: unauthorized access, please provide a valid access token or method signing if supported
    """
    def __new__(cls, *access_tokens: _Text, policy: Policy | None = None) -> Controller: ...
    @staticmethod
    def open() -> Controller:
        """Returns a controller that allows everything, for a sandbox created with `secure: false`."""
    @staticmethod
    def waiting(*, policy: Policy | None = None) -> Controller:
        """Returns a controller that was restarted and has not been told its token yet. It refuses everything but `GET /health`
        and `POST /init` until `initialize` ends its wait.
        """
    @property
    def is_open(self) -> bool:
        """Whether it allows everything."""
    @property
    def is_waiting(self) -> bool:
        """Whether it has not been told its token yet."""
    def check(
        self,
        method: _Text,
        target: _Text,
        *,
        access_token: _Header = None,
        context: _Text | None = None,
        now: _Time | None = None,
    ) -> Allowed:
        """Decides about a request. `target` is the path and query of the request line, still percent-encoded. `access_token`
        is the value of `X-Access-Token`, or an iterable of all its values.
        """
    def initialize(
        self, body: _Text, expected_hash: _Text = b""
    ) -> Literal["kept", "replaced", "cleared", "stale"]:
        """Decides about the body of `POST /init` and applies it. Answer 204 to what it accepts. Returns what it did:

        - "kept": the controller requires what it required before;
        - "replaced": it requires the presented token, and no other;
        - "cleared": it requires no token, and is open;
        - "stale": the request is not newer than the last one that was applied, and nothing changed.

        `body` is JSON with two optional members, `accessToken` and `timestamp` (RFC 3339). `expected_hash` is what
        the host publishes: the SHA-512 of the token in lower-case hexadecimal; that of the empty text, if the token may be
        cleared; or empty, if it publishes nothing. Then only a controller that waits or is open takes another token.

        Other threads see the old controller or the new one. On a refusal, which has the gate "init", nothing changes. Limit
        the length of the body before you read it: 64 KiB suffices.

        >>> controller = sandgate.Controller.waiting()
        >>> controller.initialize('{"accessToken": "first"}')
        'replaced'
        >>> controller.initialize('{"accessToken": "second"}')
        Traceback (most recent call last):
        ...
        sandgate.errors.InvalidError: access token validation failed
        """
    def guard(self, head: Head, *, now: _Time | None = None) -> Allowed | None:
        """Decides about a request as the server received it. A middleware needs no other call. Returns None for a CORS
        preflight, which goes to the application unchecked and without a grant. A controller that waits refuses it too.
        """

@final
class Route:
    """The sandbox and the port that a request is for. Its `str` is the host's label for this route.

    >>> route = sandgate.Route.parse("8080-i94gcaqbpvohfr764s5l.e2b.app")
    >>> route.sandbox_id, route.port, str(route)
    ('i94gcaqbpvohfr764s5l', 8080, '8080-i94gcaqbpvohfr764s5l')
    """
    def __new__(cls, sandbox_id: _Text, port: int, /) -> Route: ...
    @staticmethod
    def parse(host: _Header, *, sandbox_id: _Header = None, port: _Header = None) -> Route:
        """Parses `{port}-{sandbox_id}[-…].{domain}`, or the routing headers if the host names no sandbox. Each header is None,
        its value, or an iterable of all its values. Raises a refusal that an edge answers with 400.
        """
    @property
    def sandbox_id(self) -> str:
        """The id of the sandbox."""
    @property
    def port(self) -> int:
        """The port in the sandbox."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class SandboxState:
    """The state of a sandbox: whether public traffic is restricted, the current generation of its traffic credentials, and its
    traffic token if the edge has no keyring.
    """
    def __new__(
        cls, *, restricted: bool, generation: int | None = None, traffic_token: _Text | None = None
    ) -> SandboxState: ...
    @property
    def restricted(self) -> bool:
        """Whether traffic needs a credential."""
    @property
    def generation(self) -> int:
        """The current generation of the traffic credentials."""

@final
class Passed:
    """Why a request passes."""
    @property
    def basis(self) -> Literal["public", "controller_port", "token", "pass", "signed_host"]:
        """The reason: "public", "controller_port", "token", "pass" or "signed_host"."""
    @property
    def carrier(self) -> _Carrier | None:
        """Where the request carried the credential that decided: "header", "host", "query" or "cookie"."""
    @property
    def expires(self) -> int | None:
        """The last second at which the presented credential is valid."""

@final
class Edge:
    """An edge proxy, in front of all sandboxes. Without keyrings it takes each sandbox's traffic token from its `SandboxState`.

    >>> keyring = sandgate.v2.Keyring({"a": "a seed of at least 32 bytes, kept secret"})
    >>> edge = sandgate.Edge(v2_keyring=keyring.traffic())
    >>> route = sandgate.Route.parse("8080-abc.e2b.app")
    >>> state = sandgate.SandboxState(restricted=True)
    >>> edge.check(route, state, "GET", "/", traffic_token=keyring.traffic_token("abc"))
    <sandgate.Passed token>
    """
    def __new__(
        cls,
        *,
        policy: Policy | None = None,
        v1_keyring: v1.Keyring | None = None,
        v2_keyring: v2.TrafficKeyring | None = None,
        controller_port: int | None = None,
    ) -> Edge: ...
    def screen(self, route: Route, method: _Text, target: _Text, /) -> None:
        """Raises for a request that must not be forwarded, before the look-up: routes that only the platform may call, and
        ambiguous targets.
        """
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
    ) -> Passed:
        """Decides about a request, and screens it too. `traffic_token` is the value of `e2b-traffic-access-token`, `cookies`
        the Cookie lines; either may be an iterable of all of them.
        """
    def route(self, head: Head) -> Route:
        """Finds the sandbox and the port of a request from its host and its routing headers, and screens the request.
        A middleware calls this, then looks up the sandbox, then calls `guard`.
        """
    def guard(self, route: Route, state: SandboxState, head: Head, *, now: _Time | None = None) -> Passed:
        """Decides about a request after its sandbox was looked up."""
    def carrier(
        self,
        route: Route,
        state: SandboxState,
        method: _Text,
        target: _Text,
        /,
        *,
        traffic_token: _Header = None,
        cookies: _Header = None,
    ) -> _Carrier | None:
        """Returns the carrier of the credential that decides, for the log of a refusal: "header", "host", "query", "cookie" or
        None.
        """

@final
class Explanation:
    """Why a file URL is refused, and the single change of a field that makes its signature right, where there is one."""
    @property
    def code(self) -> str:
        """The refusal's code: "invalid", "expired", …"""
    @property
    def status(self) -> int:
        """The HTTP status that a controller would send."""
    @property
    def message(self) -> str:
        """The message that a controller would send."""
    @property
    def field(self) -> str | None:
        """The field that should have another value."""
    @property
    def value(self) -> str | None:
        """The value that the field should have, or None if it should be absent. Bytes that are not UTF-8 are percent-encoded,
        and `str()` says so.
        """
    @property
    def expires(self) -> int | None:
        """The expiry that the URL states."""

def explain(
    query: _Text,
    /,
    *access_tokens: _Text,
    operation: Operation | None = None,
    context: _Text | None = None,
    now: _Time | None = None,
) -> Explanation | None:
    """Explains why a controller with these access tokens refuses a file URL, from its raw query. Returns None if it is
    granted.

    >>> key = sandgate.v1.FileUrlKey("token")
    >>> query = key.url("x", "/a", "write").partition("?")[2]
    >>> print(sandgate.explain(query, "token", operation="read"))
    the signature is not that of this URL under this token; the signature is right for another operation: "write"
    """
def file_query(url: _Text, /) -> bytes:
    """Returns the raw query of a file URL: the bytes between `?` and `#`. A text without `?` is taken as a query. The path of
    the URL must end with `/files`: on every other path, a controller requires the token and reads no signature.
    """
def get_signature(
    path: _Text,
    operation: Operation,
    user: _Text | None,
    envd_access_token: _Text | None,
    expiration_in_seconds: int | None = None,
) -> Signature:
    """Returns the signature of a file URL, as E2B's SDK does. With a v2 access token (`sg2a.…`) it is a v2 signature, which
    requires an expiration.

    >>> sandgate.e2b.get_signature("/a.txt", "read", "user", "the sandbox's access token")
    {'signature': 'v1_/Wu38pQLAVgnXLo5RUJk36JmzOgeUPL/E/7C8EDlx64', 'expiration': None}
    """
def decide(
    secure: bool | None, allow_public_traffic: bool | None, restricted_by_default: bool, envd_version: _Text | None
) -> tuple[bool, bool]:
    """Returns `(access_token, traffic_token)`: which credentials a new sandbox gets. `allow_public_traffic` is None if the
    request does not mention it.
    """
def forward_query(query: _Text, /) -> bytes:
    """Returns the query without the parameter that only the edge reads, as bytes."""
def forward_cookies(line: _Text, /) -> bytes:
    """Returns a Cookie line without the cookie that only the edge reads, as bytes. It is empty if no cookie is left."""
def forward_header(name: _Text, value: _Text, /) -> bytes | None:
    """Returns the value to forward of a header line, as bytes, or None if the line is removed. Call it for every line.
    `HEADERS` names the headers that are removed or may be rewritten; all others are unchanged.

    >>> sandgate.forward.header("X-Original-URI", "/a?sandgate_traffic=sg2p.x&b")
    b'/a?b'
    >>> sandgate.forward.header("E2b-Traffic-Access-Token", "secret")
    """
def forward_target(target: _Text, /) -> bytes:
    """Returns the target, path and query, without the parameter that only the edge reads, as bytes.

    >>> sandgate.forward.target("/a?sandgate_traffic=sg2p.x&b=%zz")
    b'/a?b=%zz'
    """
def forward_host(host: _Text, route: Route, /) -> bytes:
    """Returns a host with the route in place of its left-most label, as bytes. A host that leaves the route to headers is
    unchanged.
    """
def guard_environ(
    environ: dict[str, Any],
    controller: Controller | Callable[[], Controller],
    current: Callable[..., Controller],
    clock: Callable[[], _Time] | None,
    context: Callable[[dict[str, Any]], _Text | None] | None,
    /,
) -> dict[str, Any] | tuple[int, bytes, DeniedError] | None:
    """Decides about a request at a controller, in one call. Returns

    - for an allowed request, the app's own environ;
    - for a CORS preflight, None;
    - for a refusal, its status, its body and the exception, which is not raised: the app's functions may raise such ones.
    """
def guard_scope(
    scope: MutableMapping[str, Any],
    controller: Controller | Callable[[], Controller],
    current: Callable[..., Controller],
    clock: Callable[[], _Time] | None,
    context: Callable[[MutableMapping[str, Any]], _Text | None] | None,
    /,
) -> MutableMapping[str, Any] | tuple[int, bytes, DeniedError] | None:
    """Decides about a request at a controller, in one call. Returns

    - for an allowed request, the app's own scope;
    - for lifespan events, the scope itself;
    - for a CORS preflight, None;
    - for a refusal, its status, its body and the exception, which is not raised: the app's functions may raise such ones.
    """
def read_environ(
    environ: dict[str, Any], context: Callable[[dict[str, Any]], _Text | None] | None, /
) -> tuple[Head, str, bytes, bytes | None]:
    """Reads a request for an edge."""
def read_scope(
    scope: MutableMapping[str, Any], context: Callable[[MutableMapping[str, Any]], _Text | None] | None, /
) -> tuple[Head, str, bytes, bytes | None] | None:
    """Reads a request for an edge. Returns None for lifespan events."""
def keep_classes(classes: dict[str, type], /) -> dict[str, type]:
    """Keeps the first class passed for each name, and returns the kept classes. A process loads the extension once, but may
    import the package again or under another name; every import then uses the classes of the first one.
    """
def refusal_status(gate: str, code: str) -> int: ...
def refusal_message(gate: str, code: str) -> str: ...
def refusal_body(gate: str, code: str) -> str: ...
def refusals() -> list[tuple[str, str]]:
    """Every gate with each of its codes, by the names of core."""
def edge_refusal_body(gate: str, code: str, sandbox_id: _Text | None, target: _Text) -> str:
    """Returns the JSON body of a refusal at the edge, for `SandgateError.edge_body`."""
def unknown_sandbox_body(sandbox_id: _Text, /) -> str:
    """Returns the JSON body to send with `UNKNOWN_SANDBOX_STATUS` for a sandbox that the look-up does not find.

    >>> sandgate.unknown_sandbox_body("abc")
    '{"sandboxId":"abc","message":"The sandbox was not found","code":502}'
    """
