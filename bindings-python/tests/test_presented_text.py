"""Text that a client presents is never wrong use, whatever its characters: it is allowed or refused."""

import json

import pytest
from calls import CONTROLLER, ID, PRESENTED, ROUTE, V1_KEY, V1_RING, V1_TOKEN, V2_RING, V2_TOKEN
from hypothesis import given, settings
from hypothesis import strategies as st
from sandgate import DeniedError, InvalidError, SandgateError, equal, fingerprint, forward

each = pytest.mark.parametrize(("right", "call"), [case[2:] for case in PRESENTED], ids=[case[0] for case in PRESENTED])

#: Text with at least one lone surrogate in it.
LONE = st.integers(0xD800, 0xDFFF).map(chr)
SURROGATES = st.tuples(st.text(max_size=9), st.text(LONE, min_size=1, max_size=9), st.text(max_size=9)).map("".join)


def said(call, value):
    """Returns the answer or the refusal in a form that can be compared. Any other exception propagates."""
    try:
        return repr(call(value))
    except SandgateError as refused:
        return type(refused), str(refused)


@each
@settings(max_examples=30)
@given(SURROGATES, st.booleans())
def test_any_text_is_allowed_or_refused(right, call, text, beside):
    said(call, right + text if beside else text)


@each
@settings(max_examples=30)
@given(st.binary(max_size=40))
def test_an_escaped_byte_is_read_as_the_byte(right, call, raw):
    for value in raw, right.encode() + raw, raw + right.encode():
        assert said(call, value.decode("utf-8", "surrogateescape")) == said(call, value)


@each
@pytest.mark.parametrize("other", ["\ud800", "\udbff", "\udc00", "\udc7f", "\udd00", "\udfff"], ids=ascii)
def test_any_other_surrogate_is_a_replacement_character(right, call, other):
    assert said(call, f"{right}{other}\udc80é") == said(call, right.encode() + "\ufffd".encode() + b"\x80" + "é".encode())


def test_a_surrogate_pair_is_two_characters():
    # `json.loads` never leaves such pairs, and "surrogatepass" decodes them.
    assert forward.query("\ud83d\ude80") == "\ufffd\ufffd".encode() == forward.query(b"\xef\xbf\xbd" * 2)


def test_all_escaped_bytes_are_read_as_bytes():
    every = bytes(range(128, 256))
    assert forward.query(every.decode("utf-8", "surrogateescape")) == every
    assert forward.query("".join(f"{chr(0xDC00 + byte)}a" for byte in every)) == b"".join(b"%ca" % byte for byte in every)


@pytest.mark.parametrize("more", ["\udcff", "\ud800", json.loads('"\\ud800"')], ids=ascii)
def test_a_right_secret_with_extra_characters_is_refused(more):
    for ring, token in (V1_RING, V1_TOKEN), (V2_RING, V2_TOKEN):
        assert ring.is_valid_access_token(ID, token) and not ring.is_valid_access_token(ID, token + more)
    assert not V1_KEY.is_valid(V1_KEY.sign("/a") + more, "/a")
    assert not V1_KEY.is_valid(V1_KEY.sign("/a"), "/a" + more)
    assert not equal(V1_TOKEN, V1_TOKEN + more) and not equal(V1_TOKEN + more, V1_TOKEN)
    for token in V1_TOKEN + more, [V1_TOKEN + more], (more,):
        with pytest.raises(InvalidError):
            CONTROLLER.check("GET", "/metrics", access_token=token)
    with pytest.raises(DeniedError):
        CONTROLLER.check("GET", "/files" + more)


def test_the_path_of_a_grant_verifies_again():
    signature = V1_KEY.sign(b"/\xff", user=b"\xfe")
    query = V1_KEY.url("https://a", b"/\xff", user=b"\xfe").partition("?")[2]
    grant = V1_KEY.verify_query(query)
    assert (grant.path, grant.user) == ("/\udcff", "\udcfe")
    V1_KEY.verify(signature, grant.path, user=grant.user)
    assert not V1_KEY.is_valid(signature, "/\ufffd", user=grant.user)


def test_forwarded_bytes_equal_the_presented_ones():
    assert forward.query("a=\udcff&sandgate_traffic=x") == b"a=\xff"
    assert forward.cookies("a=\udcff; __Host-sandgate-traffic=x") == b"a=\xff"
    assert forward.host("localhost\udcff", ROUTE) == b"localhost\xff"


def test_a_subclass_of_str_cannot_change_its_text():
    class Liar(str):
        def encode(self, *_):
            return b"other"

    assert fingerprint(Liar("mine\udcff")) == fingerprint(b"mine\xff")
