"""An argument that takes several values accepts any iterable of them, and a single text is one value."""

from collections import UserDict
from types import MappingProxyType

import pytest
from calls import CONTROLLER, EDGE, ID, ROUTE, STATE, V2_TOKEN

import sandgate

KINDS = [list, tuple, iter, lambda values: (value for value in values), dict.fromkeys]

#: Each takes all the values of one header. Two are a repetition, which is refused.
HEADERS = [
    ("access_token", lambda x: CONTROLLER.check("GET", "/metrics", access_token=x)),
    ("traffic_token", lambda x: EDGE.check(ROUTE, STATE, "GET", "/", traffic_token=x)),
    ("host", sandgate.Route.parse),
    ("sandbox_id", lambda x: sandgate.Route.parse("localhost", sandbox_id=x, port="1")),
    ("port", lambda x: sandgate.Route.parse("localhost", sandbox_id=ID, port=x)),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize(("name", "call"), HEADERS, ids=[name for name, _ in HEADERS])
def test_header_values_may_be_any_iterable(name, call, kind):
    with pytest.raises(sandgate.MalformedError):
        call(kind(["a", b"b"]))
    with pytest.raises(TypeError, match=f"^{name}: must be str or bytes, not int$"):
        call(kind([1]))


@pytest.mark.parametrize("value", [bytearray(b"a"), memoryview(b"a")], ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(("name", "call"), HEADERS, ids=[name for name, _ in HEADERS])
def test_a_buffer_is_not_an_iterable_of_values(name, call, value):
    with pytest.raises(TypeError, match=f"^{name}: must be str or bytes, not {type(value).__name__}$"):
        call(value)


def test_one_value_in_an_iterable_is_that_value():
    assert sandgate.Controller(V2_TOKEN).check("GET", "/metrics", access_token=iter([V2_TOKEN])).basis == "token"


def test_an_error_of_the_iterable_propagates():
    class Broken:
        def __iter__(self):
            raise KeyError("mine")

    for _, call in HEADERS:
        with pytest.raises(KeyError, match="mine"):
            call(Broken())
    with pytest.raises(KeyError, match="mine"):
        sandgate.Policy(versions=Broken())


def test_an_error_in_the_midst_of_an_iterable_is_raised():
    def breaks_after(*values):
        yield from values
        raise KeyError("mine")

    calls = [lambda values, call=call: call(values) for _, call in HEADERS]
    # What came before would have been enough.
    for first, call in [
        *[("1", call) for call in calls],
        (V2_TOKEN, lambda values: CONTROLLER.check("GET", "/metrics", access_token=values)),
        (("x-access-token", V2_TOKEN), lambda values: sandgate.Head("GET", "/metrics", values)),
        ("v1", lambda values: sandgate.Policy(versions=values)),
        ("header", lambda values: sandgate.Policy(carriers=values)),
    ]:
        for values in (), (first,):
            with pytest.raises(KeyError, match="mine"):
                call(breaks_after(*values))


@pytest.mark.parametrize("kind", [dict, UserDict, MappingProxyType])
def test_seeds_may_be_any_mapping(kind):
    seeds = {"a": "a seed of at least 32 bytes, kept secret", b"b": b"b seed of at least 32 bytes, kept secret"}
    keyring = sandgate.v2.Keyring(kind(seeds))
    assert keyring.access_token(ID) == sandgate.v2.Keyring(seeds).access_token(ID)


@pytest.mark.parametrize("headers", ["ab", b"ab", bytearray(b"ab")], ids=repr)
def test_a_text_is_not_an_iterable_of_headers(headers):
    with pytest.raises(TypeError, match=f"^headers: must be an iterable of pairs, .*, not {type(headers).__name__}$"):
        sandgate.Head("GET", "/", headers)


def test_a_grant_has_bytes_and_text():
    key = sandgate.v1.FileUrlKey("token")
    query = key.url("x", b"/\xff", user=b"\xfe").partition("?")[2]
    grant = key.verify_query(query)
    assert (grant.path_bytes, grant.user_bytes) == (b"/\xff", b"\xfe")
    assert (grant.path, grant.user) == ("/\udcff", "\udcfe")
    assert sandgate.v1.FileUrlKey("token").verify_query(key.url("x", "/a").partition("?")[2]).user_bytes is None
