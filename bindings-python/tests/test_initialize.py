"""`Controller.initialize`: what the body of `POST /init` does to a controller."""

import json
from hashlib import sha512

import pytest
from calls import ID, V1_TOKEN, V2_TOKEN
from sandgate import Controller, DeniedError, InvalidError, MalformedError, MissingError, NotInitializedError, Policy

HELD, OTHER = "the held token", "another token"
RESET = (MissingError, 401, "access token reset not authorized")
WRONG = (InvalidError, 401, "access token validation failed")


def hashed(token=""):
    return sha512(token.encode()).hexdigest()


def body(token=None, timestamp=None):
    members = {"accessToken": token, "timestamp": timestamp}
    return json.dumps({name: value for name, value in members.items() if value is not None})


def secured():
    return Controller(HELD)


STATES = {"waiting": Controller.waiting, "secured": secured, "open": Controller.open}


def opens(controller, token=None):
    try:
        return controller.check("GET", "/metrics", access_token=token).basis
    except DeniedError as refused:
        return refused.code


def seen(controller):
    """All that requests see of a controller."""
    tokens = tuple(opens(controller, token) for token in (None, HELD, OTHER, "third"))
    return controller.is_waiting, controller.is_open, tokens


def requires(token):
    return False, False, ("missing", *("token" if token == known else "invalid" for known in (HELD, OTHER, "third")))


OPEN = (False, True, ("open",) * 4)


def test_a_waiting_controller_refuses_all_but_the_exempt_routes():
    controller = Controller.waiting()
    assert controller.is_waiting and not controller.is_open
    assert controller.check("GET", "/health").basis == controller.check("POST", "/init").basis == "exempt"
    for method, target in [("GET", "/metrics"), ("GET", "/files?path=/a"), ("POST", "/health"), ("GET", "/%zz"), ("", "")]:
        for token in None, "", HELD, [HELD, HELD]:
            with pytest.raises(NotInitializedError) as refused:
                controller.check(method, target, access_token=token)
            assert json.loads(refused.value.body) == {"code": 401, "message": "envd not initialized"}
            assert (refused.value.gate, refused.value.code, refused.value.status) == ("route", "not_initialized", 401)


def test_other_controllers_do_not_wait():
    assert not secured().is_waiting and not Controller.open().is_waiting


@pytest.mark.parametrize("expected", ["", hashed(), hashed(HELD), hashed(OTHER), "nothing"], ids=lambda text: text[:9])
def test_the_held_token_is_always_kept(expected):
    controller = secured()
    assert controller.initialize(body(HELD), expected) == "kept"
    assert seen(controller) == requires(HELD)


@pytest.mark.parametrize("state", STATES)
def test_the_token_of_the_expected_hash_replaces_every_state(state):
    controller = STATES[state]()
    assert controller.initialize(body(OTHER), hashed(OTHER)) == "replaced"
    assert seen(controller) == requires(OTHER)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("absent", ["{}", b"{}", body(), '{"accessToken":null}', ' {"other": [1]} '], ids=repr)
def test_the_hash_of_the_empty_text_clears_every_state(state, absent):
    controller = STATES[state]()
    assert controller.initialize(absent, hashed()) == "cleared"
    assert seen(controller) == OPEN


@pytest.mark.parametrize(
    ("state", "token", "outcome", "after"),
    [
        ("waiting", OTHER, "replaced", requires(OTHER)),
        ("waiting", None, "cleared", OPEN),
        ("open", OTHER, "replaced", requires(OTHER)),
        ("open", None, "kept", OPEN),
    ],
)
def test_without_a_published_hash_the_first_request_sets_it_up(state, token, outcome, after):
    controller = STATES[state]()
    assert controller.initialize(body(token)) == outcome
    assert seen(controller) == after


NOT_EMPTY = [hashed(HELD), hashed(OTHER), hashed().upper(), hashed()[:-1], hashed() + "\n", "0", b"\xff"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("expected", NOT_EMPTY, ids=lambda text: repr(text[-9:]))
def test_no_token_is_refused_with_any_other_hash(state, expected):
    refused_and_unchanged(STATES[state](), body(), expected, RESET)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("expected", [hashed(), hashed(OTHER), hashed("third").upper(), "0", b"\xff"], ids=repr)
def test_another_token_is_refused_with_any_other_hash(state, expected):
    refused_and_unchanged(STATES[state](), body("third"), expected, WRONG)


def test_a_secured_controller_needs_the_host_to_lose_or_change_its_token():
    refused_and_unchanged(secured(), body(), "", RESET)
    refused_and_unchanged(secured(), body(OTHER), "", WRONG)


def refused_and_unchanged(controller, given, expected, refusal):
    kind, status, message = refusal
    before = seen(controller)
    with pytest.raises(kind) as refused:
        controller.initialize(given, expected)
    assert (refused.value.gate, refused.value.status, str(refused.value)) == ("init", status, message)
    assert json.loads(refused.value.body) == {"code": status, "message": message}
    assert seen(controller) == before


def test_all_tokens_but_the_new_one_are_dropped():
    controller = Controller(HELD, OTHER)
    assert controller.initialize(body(OTHER)) == "kept"
    assert [opens(controller, token) for token in (HELD, OTHER)] == ["token", "token"]
    assert controller.initialize(body("third"), hashed("third")) == "replaced"
    assert [opens(controller, token) for token in (HELD, OTHER, "third")] == ["invalid", "invalid", "token"]


def test_the_new_token_may_be_of_the_other_wire_format():
    controller = Controller(V1_TOKEN)
    for token, other in (V2_TOKEN, V1_TOKEN), (V1_TOKEN, V2_TOKEN):
        assert controller.initialize(body(token), hashed(token)) == "replaced"
        assert (opens(controller, token), opens(controller, other)) == ("token", "invalid")


def test_the_policy_stays_and_limits_the_wire_formats():
    controller = Controller.waiting(policy=Policy.V2_ALONE)
    refused_and_unchanged(controller, body(V1_TOKEN), "", MALFORMED)
    assert controller.initialize(body(V2_TOKEN)) == "replaced"
    refused_and_unchanged(controller, body(V1_TOKEN), hashed(V1_TOKEN), MALFORMED)
    strict = Controller.waiting(policy=Policy(v1_expiry_required=True))
    strict.initialize(body(V1_TOKEN))
    with pytest.raises(DeniedError, match="^invalid signature$"):
        strict.check("GET", "/files?path=/a&signature=v1_x")


MALFORMED = (MalformedError, 400, "malformed request")
TEXTS = {
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"accessToken":"t"}'.encode("utf-16"),
    "not UTF-8": b'{"accessToken":"\xff"}',
    "not UTF-8 elsewhere": b'{"x":"\xc3"}',
    "overlong UTF-8": b'{"x":"\xc0\xaf"}',
    "an encoded surrogate": b'{"x":"\xed\xa0\x80"}',
    "a byte as a lone surrogate": '{"x":"\udcff"}',
    "white space": b" ",
    "a NUL": b"\0",
    "a NUL after it": b"{}\0",
    "null": b"null",
    "an array": b"[]",
    "an array around it": b'[{"accessToken":"t"}]',
    "a string": b'"t"',
    "a number": b"1",
    "two objects": b"{}{}",
    "a comment": b"{}//",
    "no end": b'{"accessToken":"t"',
    "nothing": b"",
    "a comma at the end": b'{"accessToken":"t",}',
    "single quotes": b"{'accessToken':'t'}",
    "a bare name": b'{accessToken:"t"}',
    "a control character": b'{"x":"\n"}',
    "a form": b"accessToken=t",
}
MEMBERS = {
    "an empty token": '"accessToken":""',
    "a token twice": '"accessToken":"t","accessToken":"t"',
    "a token and null": '"accessToken":"t","accessToken":null',
    "null twice": '"accessToken":null,"accessToken":null',
    "twice, once escaped": r'"accessToken":"t","access\u0054oken":"t"',
    "another case": '"accesstoken":"t"',
    "another case beside it": '"accessToken":"t","ACCESSTOKEN":"u"',
    "a long s": '"acce\u017f\u017fToken":"t"',
    "a kelvin sign": '"accessTo\u212aen":"t"',
    "an escaped kelvin sign": r'"accessTo\u212aen":"t"',
    "an escape in the token": r'"accessToken":"t\u0061"',
    "a quote in the token": r'"accessToken":"t\""',
    "a solidus in the token": r'"accessToken":"t\/"',
    "an unknown escape": r'"x":"\x41"',
    "a number as token": '"accessToken":1',
    "a bool as token": '"accessToken":true',
    "an array as token": '"accessToken":["t"]',
    "an object as token": '"accessToken":{"t":1}',
    "a traffic token": '"accessToken":"sg2t.a.x"',
    "a bad v2 token": '"accessToken":"sg2a.x"',
    "a token that is too long": f'"accessToken":"{"t" * 5000}"',
    "another case of timestamp": '"timeStamp":"2026-11-30T00:00:00Z"',
    "a timestamp twice": '"timestamp":null,"timestamp":null',
    "a number as timestamp": '"timestamp":1800000000',
    "an empty timestamp": '"timestamp":""',
    "a timestamp without a zone": '"timestamp":"2026-11-30T00:00:00"',
    "a date": '"timestamp":"2026-11-30"',
    "a day that does not exist": '"timestamp":"2026-02-30T00:00:00Z"',
    "an hour that does not exist": '"timestamp":"2026-11-30T24:00:00Z"',
    "deep nesting": f'"x":{"[" * 1000}{"]" * 1000}',
    "deeper nesting": f'"x":{"[" * 1_000_000}',
    "NaN": '"x":NaN',
    "a number with a leading zero": '"x":01',
}
UNREADABLE = {**TEXTS, **{name: "{" + text + "}" for name, text in MEMBERS.items()}}


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("state", STATES)
def test_a_malformed_body_is_refused_whatever_the_host_publishes(state, name):
    # One of the hashes would accept a reading of some of them.
    for expected in "", hashed(), hashed("t"), hashed("ta"):
        refused_and_unchanged(STATES[state](), UNREADABLE[name], expected, MALFORMED)


@pytest.mark.parametrize(
    "members",
    [
        '"accessToken":"third"',
        '\n\t"accessToken" :\r\n"third"\n',
        r'"access\u0054oken":"third"',
        '"other":{"accessToken":"x"},"accessToken":"third"',
        '"accessToken":"third","accessTokens":"x","other":[1,-2.5e3,true,false,null,{}],"other":""',
        '"accessToken":"third","timestamp":null',
        f'"padding":"{"é" * 32_000}","accessToken":"third"',
        f'"x":{"[" * 50}{"]" * 50},"accessToken":"third"',
    ],
    ids=range(8),
)
def test_other_members_and_white_space_are_ignored(members):
    controller = secured()
    assert controller.initialize("{" + members + "}", hashed("third")) == "replaced"
    assert seen(controller) == requires("third")


def test_64_kib_are_read():
    filler = {"filler": "x" * 65_000, "accessToken": "third"}
    assert Controller.waiting().initialize(json.dumps(filler)) == "replaced"


T1, T2 = "2026-11-30T12:00:00.000000001Z", "2026-11-30T12:00:00.000000002Z"


def test_a_request_that_is_not_newer_is_stale_and_changes_nothing():
    controller = Controller.waiting()
    assert controller.initialize(body(HELD, T2)) == "replaced"
    for older in T1, T2, "2026-11-30T14:00:00+02:00", "1970-01-01T00:00:00Z":
        assert controller.initialize(body(OTHER, older), hashed(OTHER)) == "stale"
        assert controller.initialize(body(None, older), hashed()) == "stale"
        assert seen(controller) == requires(HELD)
    assert controller.initialize(body(OTHER, "2026-11-30T12:00:00.1Z"), hashed(OTHER)) == "replaced"
    assert seen(controller) == requires(OTHER)


def test_a_request_without_a_timestamp_applies_and_keeps_the_last_one():
    controller = Controller.waiting()
    controller.initialize(body(HELD, T2))
    assert controller.initialize(body(OTHER), hashed(OTHER)) == "replaced"
    assert controller.initialize(body(HELD, T2), hashed(HELD)) == "stale"
    assert seen(controller) == requires(OTHER)


def test_kept_and_cleared_store_the_timestamp_and_a_refusal_does_not():
    controller = secured()
    refused_and_unchanged(controller, body(OTHER, T2), "", WRONG)
    assert controller.initialize(body(HELD, T1)) == "kept"
    assert controller.initialize(body(OTHER, T1), hashed(OTHER)) == "stale"
    assert controller.initialize(body(None, T2), hashed()) == "cleared"
    assert controller.initialize(body(OTHER, T2)) == "stale"
    assert seen(controller) == OPEN


def test_authorisation_comes_before_the_timestamp():
    controller = Controller.waiting()
    controller.initialize(body(HELD, T2))
    refused_and_unchanged(controller, body(OTHER, T1), "", WRONG)


@pytest.mark.parametrize("given", [bytearray(b"{}"), memoryview(b"{}"), None, {}, 1], ids=lambda given: type(given).__name__)
def test_body_and_hash_are_str_or_bytes(given):
    controller = Controller.waiting()
    for name, call in [
        ("body", lambda: controller.initialize(given)),
        ("expected_hash", lambda: controller.initialize("{}", given)),
        ("expected_hash", lambda: controller.initialize("{}", expected_hash=given)),
    ]:
        with pytest.raises(TypeError, match=rf"^{name}: must be str or bytes, not {type(given).__name__}$"):
            call()
    assert controller.is_waiting


def test_the_hash_may_be_bytes_and_has_no_lone_surrogate():
    controller = secured()
    with pytest.raises(ValueError, match="^expected_hash: must be valid Unicode, without lone surrogates$"):
        controller.initialize(body(OTHER), hashed(OTHER) + "\ud800")
    assert controller.initialize(body(OTHER).encode(), expected_hash=hashed(OTHER).encode()) == "replaced"


def test_wrong_arguments_of_waiting_are_refused():
    with pytest.raises(TypeError):
        Controller.waiting(ID)
    with pytest.raises(TypeError, match="^policy: must be sandgate.Policy, not str$"):
        Controller.waiting(policy="v1")
