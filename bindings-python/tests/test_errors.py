"""The texts and the classes of refusals."""

import json
import pickle
import re

import pytest
import sandgate
from calls import CONTROLLER, EDGE, ID, NOW, ROUTE, STATE, V1_KEY, V1_RING, V2_KEY, VERIFIER
from sandgate import _sandgate, errors

CLASSES = {
    "missing": errors.MissingError,
    "malformed": errors.MalformedError,
    "invalid": errors.InvalidError,
    "expired": errors.ExpiredError,
    "lifetime_too_long": errors.LifetimeTooLongError,
    "out_of_scope": errors.OutOfScopeError,
    "not_initialized": errors.NotInitializedError,
}
GATES = {gate for gate, _ in _sandgate.refusals()} - {"creation"}


def test_exceptions_have_common_base_classes():
    for code, kind in CLASSES.items():
        assert kind.__mro__[1:4] == (errors.DeniedError, errors.SandgateError, Exception)
        assert kind.code == code
    assert errors.CreationRefusedError.__mro__[1:3] == (errors.SandgateError, Exception)
    for wrong_use in TypeError, ValueError:
        assert not issubclass(errors.SandgateError, wrong_use)


def test_there_is_a_class_for_each_code_of_core_and_the_gates_are_named():
    said = _sandgate.refusals()
    assert {code for gate, code in said if gate != "creation"} == set(CLASSES)
    assert {kind.code: kind for kind in errors.DeniedError.__subclasses__()} == CLASSES
    named = {kind: set(re.findall('"([a-z_]+)"', kind.__doc__)) for kind in (errors.DeniedError, errors.CreationRefusedError)}
    assert named[errors.DeniedError] == GATES | set(CLASSES)
    assert named[errors.CreationRefusedError] == {"creation", *(code for gate, code in said if gate == "creation")}


def test_the_base_of_all_classes_is_not_raised_itself():
    with pytest.raises(TypeError, match="^DeniedError: must be one of its subclasses, "):
        errors.DeniedError("route")


def test_every_exception_is_a_public_name():
    for name in errors.__all__:
        assert getattr(sandgate, name) is getattr(errors, name) and name in sandgate.__all__


SIGNED = V2_KEY.sign("/in/a", directory="/in/", expires=NOW)
IN = f"signature={SIGNED}&signature_expiration={NOW}&signature_directory=/in/"

#: The refusal, its gate, code, status and message, and a call that is refused so.
REFUSED = [
    (
        ("route", "missing", 401),
        "unauthorized access, please provide a valid access token or method signing if supported",
        lambda: CONTROLLER.check("GET", "/metrics"),
    ),
    (
        ("route", "invalid", 401),
        "unauthorized access, please provide a valid access token or method signing if supported",
        lambda: CONTROLLER.check("GET", "/metrics", access_token="wrong"),
    ),
    (
        ("route", "malformed", 400),
        "malformed request",
        lambda: CONTROLLER.check("GET", "/metrics", access_token=["a", "b"]),
    ),
    (
        ("file_token", "invalid", 401),
        "access token present in header but does not match",
        lambda: CONTROLLER.check("GET", "/files?path=/a", access_token="wrong"),
    ),
    (
        ("file_signature", "missing", 401),
        "missing signature query parameter",
        lambda: CONTROLLER.check("GET", "/files?path=/a"),
    ),
    (("file_signature", "invalid", 401), "invalid signature", lambda: V1_KEY.verify("v1_x", "/a")),
    (("file_signature", "malformed", 400), "malformed request", lambda: V1_KEY.verify_query("path=%zz")),
    (
        ("file_signature", "expired", 401),
        "signature is already expired",
        lambda: V1_KEY.verify(V1_KEY.sign("/a", expires=NOW), "/a", expires=NOW, now=NOW + 1),
    ),
    (
        ("file_signature", "lifetime_too_long", 401),
        "signature lifetime is too long",
        lambda: V2_KEY.verify_query(f"path=/in/a&{IN}", now=NOW - 604801),
    ),
    (
        ("file_signature", "out_of_scope", 401),
        "signature does not cover this path",
        lambda: V2_KEY.verify_query(f"path=/a&{IN}", now=NOW),
    ),
    (
        ("traffic", "missing", 403),
        "Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing",
        lambda: EDGE.check(ROUTE, STATE, "GET", "/"),
    ),
    (
        ("traffic", "malformed", 403),
        "Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid",
        lambda: EDGE.check(ROUTE, STATE, "GET", "/", traffic_token="x"),
    ),
    (
        ("host", "malformed", 400),
        "invalid host or routing headers",
        lambda: sandgate.Route.parse("x"),
    ),
    (
        ("internal_route", "out_of_scope", 404),
        "not found",
        lambda: EDGE.screen(sandgate.Route(ID, 49983), "POST", "/init"),
    ),
    (
        ("route", "not_initialized", 401),
        "envd not initialized",
        lambda: sandgate.Controller.waiting().check("GET", "/metrics"),
    ),
    (("init", "malformed", 400), "malformed request", lambda: CONTROLLER.initialize("[]")),
    (("init", "missing", 401), "access token reset not authorized", lambda: CONTROLLER.initialize("{}")),
    (
        ("init", "invalid", 401),
        "access token validation failed",
        lambda: CONTROLLER.initialize('{"accessToken":"wrong"}'),
    ),
    (
        ("wake", "missing", 403),
        "This sandbox can't be resumed with the credentials provided. Check your access token and try again.",
        lambda: sandgate.wake.check(EDGE, CONTROLLER, ROUTE, STATE, "GET", "/"),
    ),
    (("webhook", "missing", 401), "missing webhook signature", lambda: VERIFIER.start({})),
    (
        ("webhook", "malformed", 400),
        "malformed webhook signature, or a version other than v1",
        lambda: VERIFIER.start({"e2b-signature": "x"}),
    ),
    (
        ("webhook", "invalid", 401),
        "invalid webhook signature",
        lambda: VERIFIER.verify({"e2b-signature": "A" * 43}, b""),
    ),
]


@pytest.mark.parametrize(("refusal", "message", "call"), REFUSED, ids=["-".join(case[0][:2]) for case in REFUSED])
def test_refusals_have_gate_code_status_and_message(refusal, message, call):
    gate, code, status = refusal
    with pytest.raises(errors.DeniedError) as raised:
        call()
    denied = raised.value
    assert type(denied) is CLASSES[code]
    assert (denied.gate, denied.code, denied.status) == refusal
    assert denied.message == str(denied) == message
    assert json.loads(denied.body) == {"code": status, "message": message}


def test_the_body_of_the_edge_names_the_sandbox():
    with pytest.raises(errors.MissingError) as raised:
        EDGE.check(ROUTE, STATE, "GET", "/")
    body = json.loads(raised.value.edge_body(ID, "/"))
    assert body == {"sandboxId": ID, "message": raised.value.message, "code": 403}


def test_every_refusal_can_be_made_and_pickled():
    for kind in CLASSES.values():
        for gate in GATES:
            denied = kind(gate)
            assert 400 <= denied.status < 500 and denied.message and json.loads(denied.body)
            again = pickle.loads(pickle.dumps(denied))
            assert (type(again), again.gate, str(again)) == (kind, gate, str(denied))


def test_a_gate_that_does_not_exist_has_no_status():
    with pytest.raises(ValueError, match="^gate: must be the gate of a refusal$"):
        errors.InvalidError("garden").status


def test_is_valid_returns_a_bool_and_verify_raises():
    assert V1_RING.verify_access_token(ID, V1_RING.access_token(ID)) is None
    assert V1_RING.is_valid_access_token(ID, V1_RING.access_token(ID)) is True
    assert V1_RING.is_valid_access_token(ID, "") is False
