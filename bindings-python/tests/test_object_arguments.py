"""An argument that must be an object of a class refuses any other object by name, and any value that is merely truthy."""

import pytest
from calls import CONTROLLER, EDGE, END, NOW, ROUTE, STATE, V2_KEY, V2_RING, V2_TOKEN
from sandgate import Controller, Edge, Policy, SandboxState, creation, v2, wake

CASES = [
    ("Policy", "base", "sandgate.Policy", lambda x: Policy(base=x)),
    ("Policy", "v1_expiry_required", "bool", lambda x: Policy(v1_expiry_required=x)),
    ("Controller", "policy", "sandgate.Policy", lambda x: Controller(V2_TOKEN, policy=x)),
    ("Controller.waiting", "policy", "sandgate.Policy", lambda x: Controller.waiting(policy=x)),
    ("wake.check", "edge", "sandgate.Edge", lambda x: wake.check(x, CONTROLLER, ROUTE, STATE, "GET", "/")),
    ("wake.check", "controller", "sandgate.Controller", lambda x: wake.check(EDGE, x, ROUTE, STATE, "GET", "/")),
    ("wake.check", "route", "sandgate.Route", lambda x: wake.check(EDGE, CONTROLLER, x, STATE, "GET", "/")),
    ("wake.check", "state", "sandgate.SandboxState", lambda x: wake.check(EDGE, CONTROLLER, ROUTE, x, "GET", "/")),
    ("creation.decide", "restricted_by_default", "bool", lambda x: creation.decide(restricted_by_default=x)),
    ("Edge", "policy", "sandgate.Policy", lambda x: Edge(policy=x)),
    ("Edge", "v1_keyring", "sandgate.v1.Keyring", lambda x: Edge(v1_keyring=x)),
    ("Edge", "v2_keyring", "sandgate.v2.TrafficKeyring", lambda x: Edge(v2_keyring=x)),
    ("SandboxState", "restricted", "bool", lambda x: SandboxState(restricted=x)),
    ("Edge.screen", "route", "sandgate.Route", lambda x: EDGE.screen(x, "GET", "/")),
    ("Edge.check", "route", "sandgate.Route", lambda x: EDGE.check(x, STATE, "GET", "/")),
    ("Edge.check", "state", "sandgate.SandboxState", lambda x: EDGE.check(ROUTE, x, "GET", "/")),
    ("v2.Keyring", "seeds", "a mapping of key ids to seeds", v2.Keyring),
]


@pytest.mark.parametrize(
    ("name", "expected", "call"), [case[1:] for case in CASES], ids=[f"{case[0]} {case[1]}" for case in CASES]
)
@pytest.mark.parametrize("value", [1, "yes", b"", [], object(), V2_RING], ids=lambda value: type(value).__name__)
def test_another_class_is_refused_by_name(name, expected, call, value):
    with pytest.raises(TypeError, match=rf"^{name}: must be {expected}, not {type(value).__name__}$"):
        call(value)


DIGESTED = [
    ("sign", lambda x: V2_KEY.sign("/a", "write", expires=END, content_sha256=x)),
    ("signed", lambda x: V2_KEY.signed("/a", "write", expires=END, content_sha256=x)),
    ("url", lambda x: V2_KEY.url("https://a", "/a", "write", expires=END, content_sha256=x)),
    ("verify", lambda x: V2_KEY.verify("v2.x", "/a", "write", expires=END, content_sha256=x, now=NOW)),
    ("is_valid", lambda x: V2_KEY.is_valid("v2.x", "/a", "write", expires=END, content_sha256=x, now=NOW)),
]


@pytest.mark.parametrize("call", [case[1] for case in DIGESTED], ids=[case[0] for case in DIGESTED])
def test_a_digest_must_be_bytes(call):
    for value in "5891b5b522d5df086d0ff0b110fbd9d2", "00" * 32, "", "\ud800", bytearray(32), [bytes(32)]:
        with pytest.raises(TypeError, match=rf"^content_sha256: must be bytes, not {type(value).__name__}$"):
            call(value)
    for value in b"", bytes(31), b"00" * 32:
        with pytest.raises(ValueError, match=r"^content_sha256: must be 32 bytes$"):
            call(value)
