"""The types of the package. This file is type-checked, not run."""

from datetime import datetime, timedelta, timezone

from typing_extensions import Literal, assert_type

from sandgate import (
    DECIDING_HEADERS,
    UNKNOWN_SANDBOX_STATUS,
    Allowed,
    Controller,
    CreationRefusedError,
    DeniedError,
    Edge,
    Explanation,
    Grant,
    Head,
    Passed,
    Policy,
    Route,
    SandboxState,
    SandgateError,
    asgi,
    equal,
    explain,
    fingerprint,
    forward,
    shorten_sandbox_id,
    unknown_sandbox_body,
    v1,
    v2,
    wake,
    webhook,
    wsgi,
)
from sandgate.creation import Credentials, decide
from sandgate.e2b import Signature, get_signature

keyring = v1.Keyring("seed", b"seed")
assert_type(keyring.access_token(b"id"), str)
assert_type(keyring.verify_access_token("id", "token"), None)
assert_type(keyring.is_valid_access_token("id", b"token"), bool)
keyring.access_token(1)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
keyring.access_token(bytearray())  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
v1.Keyring()  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]

key = v2.FileUrlKey("token", leeway=1)
assert_type(key, v2.FileUrlKey)
assert_type(key.sign("/a", "write", expires=datetime.now(timezone.utc), max_bytes=1), str)
assert_type(key.signed("/a", "write", expires_in=60), v2.Signed)
assert_type(v1.FileUrlKey("token").signed("/a").expires, int | None)
key.sign("/a", "write", expires=1, content_sha256="00")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
assert_type(key.url(b"https://a", b"/a", expires_in=timedelta(1)), str)
assert_type(key.verify_query("a=1", "read", now=0), Grant)
key.sign("/a", "delete")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
key.sign("/a", expires=1.0)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
key.sign("/a", "read", None, 1, 60)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]

assert_type(v2.Keyring({"a": "seed"}).traffic(), v2.TrafficKeyring)
assert_type(v2.TrafficKeyring("root", b"root").is_valid_traffic_token("id", "token", generation=1), bool)
v2.TrafficKeyring()  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
assert_type(v2.traffic_root("a", b"seed"), str)
assert_type(v2.is_access_token(b"token"), bool)
assert_type(key.signed("/a", expires=1).expires, int | None)
assert_type(v1.FileUrlKey("token").signed("/a"), v1.Signed)
assert_type(v2.Keyring({"a": b"seed"}).traffic_token("id", generation=1), str)
assert_type(v2.TrafficKey("token").verify_pass("pass", 80, now=0), int)
assert_type(v2.TrafficKey("token").issue_signed_host("id", 80, expires_in=60), str)

allowed = Controller("token", b"token", policy=Policy.V2_ALONE).check("GET", b"/", access_token=[b"token"])
assert_type(allowed, Allowed)
assert_type(allowed.grant, Grant | None)
assert_type(allowed.basis, Literal["open", "exempt", "token", "signature"])
print(allowed.grant.path)  # type: ignore[union-attr] # pyright: ignore[reportOptionalMemberAccess]
if allowed.grant:
    assert_type(allowed.grant.path_bytes, bytes)
    assert_type(allowed.grant.user_bytes, bytes | None)
    allowed.grant.path = ""  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue]

waiting = Controller.waiting(policy=Policy.V2_ALONE)
assert_type(waiting, Controller)
assert_type(waiting.is_waiting, bool)
assert_type(waiting.initialize(b"{}", "hash"), Literal["kept", "replaced", "cleared", "stale"])
waiting.initialize(bytearray())  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
waiting.initialize("{}", None)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
Controller.waiting("token")  # type: ignore[arg-type, call-arg] # pyright: ignore[reportCallIssue]

head = Head("GET", b"/", [("Host", b"80-id.e2b.app")], joined=True, context="c", beside=Head("GET", "/", ()))
guarded = Controller("token").guard(head, now=0)
assert_type(guarded, Allowed | None)
print(guarded.grant)  # type: ignore[union-attr] # pyright: ignore[reportOptionalMemberAccess]
Head("GET", "/", ["Host"])  # type: ignore[list-item] # pyright: ignore[reportArgumentType]
assert_type(forward.header("Host", b"a"), bytes | None)
assert_type(forward.target("/"), bytes)
assert_type(forward.HEADERS, tuple[str, ...])

route = Route.parse("80-id.e2b.app", sandbox_id=("id",), port=None)
passed = Edge().check(route, SandboxState(restricted=True), "GET", "/", cookies=["a=1"])
assert_type(passed, Passed)
assert_type(Edge().guard(Edge().route(head), SandboxState(restricted=True), head), Passed)
assert_type(passed.expires, int | None)
wake.check(Edge(), waiting, route, SandboxState(restricted=True), "GET", b"/", access_token="token", cookies=["a=1"])
wake.check(waiting, Edge(), route, SandboxState(restricted=True), "GET", "/")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
assert_type(webhook.sign("secret", b"body"), str)
assert_type(webhook.Verifier("secret", b"old").verify({"e2b-signature": "x"}, b"body"), None)
assert_type(webhook.Verifier("secret").is_valid([("e2b-signature", b"x")], b"body"), bool)
assert_type(webhook.Verifier("secret").start({}), webhook.Verification)
webhook.Verifier("secret").verify({}, "body")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
webhook.Verifier("secret").verify("e2b-signature", b"body")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
assert_type(passed.basis, Literal["public", "controller_port", "token", "pass", "signed_host"])
Edge(v2_keyring=v2.Keyring({"a": "seed"}))  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
Policy(carriers=("header", "pigeon"))  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]

assert_type(explain("a=1", "token", operation="read"), Explanation | None)
assert_type(equal("a", b"a"), bool)
assert_type(fingerprint(b"token"), str)
assert_type(shorten_sandbox_id(b"id-client"), str)
assert_type(DECIDING_HEADERS, tuple[str, ...])
assert_type(UNKNOWN_SANDBOX_STATUS, int)
assert_type(unknown_sandbox_body("id"), str)
assert_type(decide(secure=True, envd_version=b"0.6.4"), Credentials)
assert_type(decide(allow_public_traffic=None, restricted_by_default=True), Credentials)
decide(restricted_by_default=None)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
assert_type(get_signature("/a", "read", None, None, 60), Signature)

try:
    decide()
except CreationRefusedError as refused:
    assert_type((refused.gate, refused.code, refused.reason), tuple[str, str, str])
    DeniedError("route").status = 401  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue]
except SandgateError as refusal:
    assert_type((refusal.gate, refusal.code, refusal.message), tuple[str, str, str])
    assert_type(refusal.status, int)
    assert_type(refusal.body + refusal.edge_body(None, b"/"), str)


def told(scope: asgi.Scope, refusal: SandgateError) -> None:
    print(refusal.gate, refusal.status)


async def asgi_app(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None: ...


def one() -> Controller:
    return Controller("token")


async def later() -> Controller:
    return one()


asgi.ControllerMiddleware(asgi_app, one)
asgi.ControllerMiddleware(asgi_app, lambda: Controller("token"), clock=lambda: 5)
asgi.ControllerMiddleware(asgi_app, one, on_refusal=told)
asgi.ControllerMiddleware(asgi_app, one, on_refusal="told")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
asgi.ControllerMiddleware(asgi_app, later)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
asgi.ControllerMiddleware(asgi_app, "token")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
asgi.EdgeMiddleware(asgi_app, lambda: Edge(), lambda route: None)
asgi.EdgeMiddleware(asgi_app, one, lambda route: None)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
wsgi.ControllerMiddleware(lambda environ, start: [], one)
wsgi.EdgeMiddleware(lambda environ, start: [], lambda: Edge(), lambda route: None)
wsgi.EdgeMiddleware(lambda environ, start: [], one, lambda route: None)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
