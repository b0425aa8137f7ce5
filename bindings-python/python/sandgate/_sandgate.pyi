"""What the classes of `sandgate` are made of. Do not import it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, final

from . import v1 as v1, v2 as v2
from .e2b import Operation, Signature

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
    "keep_classes",
    "refusal_body",
    "refusal_message",
    "refusal_status",
    "refusals",
    "unknown_sandbox_body",
    "v1",
    "v2",
]

#: A `str` is read as its UTF-8.
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
    """Returns whether two secrets are equal, in constant time: it depends on their lengths alone.

    >>> sandgate.equal("right", b"right"), sandgate.equal("right", "wrong")
    (True, False)
    """
def fingerprint(token: _Text, /) -> str:
    """Returns 8 hex digits of a token's SHA-256, which a log may show.

    >>> sandgate.fingerprint("abc")
    'ba7816bf'
    """
@final
class Grant:
    """One operation on one path, as one user. The server acts on it and does not read the request again."""
    @property
    def operation(self) -> Operation:
        """What may be done, "read" or "write"."""
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
        """The directory that was signed instead of the path. The path lies in it."""
    @property
    def max_bytes(self) -> int | None:
        """How many bytes may be written in all, after content decoding."""
    @property
    def content_sha256(self) -> bytes | None:
        """The required SHA-256 of what is written, 32 bytes."""

@final
class Policy:
    """What a `Controller` and an `Edge` accept.

    Without arguments: both wire formats ("v1", "v2"); at the edge the carriers "header" and "host"; no leeway, lifetimes of
    at most 7 days, for signed hosts of one day; v1 URLs without an expiry. `base` is another policy to start with.

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
    """Why a request is allowed, and for the file routes what it may do."""
    @property
    def basis(self) -> Literal["open", "exempt", "token", "signature"]:
        """What decided: "open", "exempt", "token" or "signature"."""
    @property
    def grant(self) -> Grant | None:
        """What the request may do on a file route."""

@final
class Head:
    """The head of a request as a server hands it over, nothing decoded and nothing chosen: what `Controller.guard`,
    `Edge.route` and `Edge.guard` decide about.

    `target` is the path and query of the request line, still percent-encoded. `headers` are pairs of a name, in upper
    or lower case, and a value; a repeated header is a pair each time. Set `joined` where the server joins repeated
    headers by commas, as WSGI does, and `with_body` where it knows of a body that no header tells. `beside` is a second
    view of the same request: one whose views differ is refused. `context` is what v2 credentials were signed for.

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
    @property
    def is_open(self) -> bool:
        """Whether it allows everything."""
    def check(
        self,
        method: _Text,
        target: _Text,
        *,
        access_token: _Header = None,
        context: _Text | None = None,
        now: _Time | None = None,
    ) -> Allowed:
        """Decides. `target` is the path and query of the request line, still percent-encoded; `access_token` the value of
        `X-Access-Token`, or an iterable of all of them.
        """
    def guard(self, head: Head, *, now: _Time | None = None) -> Allowed | None:
        """Decides about a request as a server hands it over. A middleware needs nothing else. None is a CORS preflight,
        which goes to the application unchecked, and without a grant.
        """

@final
class Route:
    """The sandbox and the port that a request is for. Its `str` is the label of the host that leads there.

    >>> route = sandgate.Route.parse("8080-i94gcaqbpvohfr764s5l.e2b.app")
    >>> route.sandbox_id, route.port, str(route)
    ('i94gcaqbpvohfr764s5l', 8080, '8080-i94gcaqbpvohfr764s5l')
    """
    def __new__(cls, sandbox_id: _Text, port: int, /) -> Route: ...
    @staticmethod
    def parse(host: _Header, *, sandbox_id: _Header = None, port: _Header = None) -> Route:
        """Reads `{port}-{sandbox_id}[-…].{domain}`, or the routing headers where the host names no sandbox. Each header is None,
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
    """What the edge knows of a sandbox: whether public traffic is restricted, the current generation of its traffic
    credentials, and its traffic token where the edge has no keyring.
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
        """What decided: "public", "controller_port", "token", "pass" or "signed_host"."""
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
        """Raises for a request that is refused before the sandbox is looked up: routes that only the platform itself may call."""
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
        """Decides, screening included. `traffic_token` is the value of `e2b-traffic-access-token`, `cookies` the Cookie lines;
        either may be an iterable of all of them.
        """
    def route(self, head: Head) -> Route:
        """Finds the sandbox and the port of a request, by its host and its routing headers, and refuses what `screen` refuses.
        A middleware calls this, then looks up the sandbox, then calls `guard`.
        """
    def guard(self, route: Route, state: SandboxState, head: Head, *, now: _Time | None = None) -> Passed:
        """Decides about a request whose route is known and whose sandbox was looked up."""
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
        """Where the request carries the credential that decides, for the log of a refusal: "header", "host", "query", "cookie", or
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
        """The HTTP status that a controller answers with."""
    @property
    def message(self) -> str:
        """The message that a controller answers with."""
    @property
    def field(self) -> str | None:
        """The field that should have another value."""
    @property
    def value(self) -> str | None:
        """The value that field should have; None: absent. Bytes that are not UTF-8 are percent-encoded, and `str()` says so."""
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
    """Explains why a controller with these access tokens refuses a file URL, given by its raw query. None: it is granted.

    >>> key = sandgate.v1.FileUrlKey("token")
    >>> query = key.url("x", "/a", "write").partition("?")[2]
    >>> print(sandgate.explain(query, "token", operation="read"))
    the signature is not that of this URL under this token; the signature is right for another operation: "write"
    """
def file_query(url: _Text, /) -> bytes:
    """Returns the raw query of a file URL: the bytes between `?` and `#`. A text without `?` is a query already. The path of the
    URL must end with `/files`: everywhere else, a controller asks for the token and reads no signature.
    """
def get_signature(
    path: _Text,
    operation: Operation,
    user: _Text | None,
    envd_access_token: _Text | None,
    expiration_in_seconds: int | None = None,
) -> Signature:
    """The signature of a file URL, as the SDK of E2B makes it; with an access token of v2 (`sg2a.…`) it is one of v2, which
    requires an expiration.

    >>> sandgate.e2b.get_signature("/a.txt", "read", "user", "the sandbox's access token")
    {'signature': 'v1_/Wu38pQLAVgnXLo5RUJk36JmzOgeUPL/E/7C8EDlx64', 'expiration': None}
    """
def decide(
    secure: bool | None, allow_public_traffic: bool | None, envd_version: _Text | None
) -> tuple[bool, bool]:
    """`(access_token, traffic_token)`: which credentials a new sandbox gets."""
def forward_query(query: _Text, /) -> bytes:
    """The query without the parameter that only the edge reads, as bytes."""
def forward_cookies(line: _Text, /) -> bytes:
    """A Cookie line without the cookie that only the edge reads, as bytes; empty when no cookie is left."""
def forward_header(name: _Text, value: _Text, /) -> bytes | None:
    """Returns the value to forward of a header line, as bytes, or None where the line is removed. Call it for every line:
    `HEADERS` names the headers that are removed or may be rewritten; all others stay as they are.

    >>> sandgate.forward.header("X-Original-URI", "/a?sandgate_traffic=sg2p.x&b")
    b'/a?b'
    >>> sandgate.forward.header("E2b-Traffic-Access-Token", "secret")
    """
def forward_target(target: _Text, /) -> bytes:
    """The target, path and query, without the parameter that only the edge reads, as bytes.

    >>> sandgate.forward.target("/a?sandgate_traffic=sg2p.x&b=%zz")
    b'/a?b=%zz'
    """
def forward_host(host: _Text, route: Route, /) -> bytes:
    """Returns a host with the route in place of its left-most label, as bytes. A host that leaves the route to headers is
    unchanged.
    """
def keep_classes(classes: dict[str, type], /) -> dict[str, type]:
    """Keeps the first class given for each name, and returns the kept ones. A process loads this file once, but may import the
    package again or by another name; every import then has the classes of the first.
    """
def refusal_status(gate: str, code: str) -> int: ...
def refusal_message(gate: str, code: str) -> str: ...
def refusal_body(gate: str, code: str) -> str: ...
def refusals() -> list[tuple[str, str]]:
    """Every gate with each of its codes, by the names of core."""
def edge_refusal_body(gate: str, code: str, sandbox_id: _Text | None, target: _Text) -> str:
    """The JSON body of a refusal at the edge, as `SandgateError.edge_body` gives it. An edge creates no sandboxes."""
def unknown_sandbox_body(sandbox_id: _Text, /) -> str:
    """Returns the JSON body to answer with, beside `UNKNOWN_SANDBOX_STATUS`, for a sandbox that the look-up does not know.

    >>> sandgate.unknown_sandbox_body("abc")
    '{"sandboxId":"abc","message":"The sandbox was not found","code":502}'
    """
