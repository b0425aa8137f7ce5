"""What an edge removes from a request before it forwards it."""

import pytest
from sandgate import Route, forward


@pytest.mark.parametrize(
    ("query", "stays"),
    [
        ("", b""),
        ("a=1&b=%zz", b"a=1&b=%zz"),
        ("a=1&sandgate_traffic=x&b=2", b"a=1&b=2"),
        ("sandgate%5Ftraffic=x&a=%ff", b"a=%ff"),
        (b"\xff&sandgate_traffic", b"\xff"),
        ("Sandgate_traffic=x", b"Sandgate_traffic=x"),
    ],
    ids=repr,
)
def test_the_query_loses_its_pass(query, stays):
    assert forward.query(query) == stays


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("a=1; b=2", b"a=1; b=2"),
        ("a=1; __Host-sandgate-traffic=x; b=2", b"a=1; b=2"),
        ("a=b;  c=d;", b"a=b;  c=d;"),
        ("a=1, __Host-sandgate-traffic=2", b"a=1"),
        ("__Host-sandgate-traffic=x", b""),
        ("\t__Host-sandgate-traffic =x;a=\xff", b"a=\xc3\xbf"),
    ],
    ids=repr,
)
def test_the_cookies_lose_their_pass(line, stays):
    assert forward.cookies(line) == stays


def test_headers_names_every_rewritten_header():
    assert forward.query(f"{forward.TRAFFIC_PARAMETER}=x") == b""
    assert forward.cookies(f"{forward.TRAFFIC_COOKIE}=x") == b""
    assert forward.TRAFFIC_HEADER == "e2b-traffic-access-token"


def test_a_forwarded_host_has_only_the_route_as_its_label():
    route = Route("abc", 8080)
    assert forward.host("8080-abc-a00f9k3z.e2b.app:80", route) == b"8080-abc.e2b.app:80"
    assert forward.host(b"sandbox.e2b.app", route) == b"sandbox.e2b.app"


def test_wrong_use_of_a_host_names_the_argument():
    with pytest.raises(TypeError, match=r"^route: must be sandgate.Route, not str$"):
        forward.host("8080-abc.e2b.app", "8080-abc")
    with pytest.raises(TypeError, match=r"^host: must be str or bytes, not NoneType$"):
        forward.host(None, Route("abc", 8080))
