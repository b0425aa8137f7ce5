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


def test_the_id_of_an_old_client_is_shortened_to_the_part_before_the_first_hyphen():
    for given in "i94gcaqbpvohfr764s5l-2f7b3ac1", b"i94gcaqbpvohfr764s5l-a-b", "i94gcaqbpvohfr764s5l-", "i94gcaqbpvohfr764s5l":
        assert sandgate.shorten_sandbox_id(given) == "i94gcaqbpvohfr764s5l"
    keyring = sandgate.v1.Keyring("a seed of 16 bytes or more")
    assert keyring.access_token("abc-client") != keyring.access_token(sandgate.shorten_sandbox_id("abc-client"))


@pytest.mark.parametrize("given", ["", "-", "-client", "ABC-client", "a_b-client", "a b", "é-client", "a\0-client", "a" * 64])
def test_an_id_that_cannot_be_shortened_is_refused(given):
    with pytest.raises(ValueError, match="^sandbox_id: ") as refused:
        sandgate.shorten_sandbox_id(given)
    assert len(given) < 2 or given not in str(refused.value)
