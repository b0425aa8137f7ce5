"""The public names that a server or a middleware of another framework needs."""

import json

import pytest

import sandgate


def test_the_deciding_headers_are_a_tuple_of_names_in_lower_case():
    assert isinstance(sandgate.DECIDING_HEADERS, tuple)
    assert {"host", "x-access-token", "e2b-traffic-access-token", "cookie"} <= set(sandgate.DECIDING_HEADERS)
    assert all(name == name.lower() for name in sandgate.DECIDING_HEADERS)


def test_the_answer_for_an_unknown_sandbox():
    body = json.loads(sandgate.unknown_sandbox_body("abc"))
    assert body == {"sandboxId": "abc", "message": "The sandbox was not found", "code": sandgate.UNKNOWN_SANDBOX_STATUS}
    assert sandgate.unknown_sandbox_body(b"abc") == sandgate.unknown_sandbox_body("abc")
    with pytest.raises(ValueError, match="^sandbox_id: "):
        sandgate.unknown_sandbox_body("a b")
    with pytest.raises(TypeError, match="^sandbox_id: must be str or bytes, not Route$"):
        sandgate.unknown_sandbox_body(sandgate.Route("abc", 80))
