"""The head of a request, the input of the guards."""

import copy
import pickle

import pytest

import sandgate
from sandgate import Controller, Edge, Head, SandboxState, forward

TOKEN = "the token"
CONTROLLER = Controller(TOKEN)
EDGE = Edge()
HOST = ("Host", "8080-abc.e2b.app")
PUBLIC, RESTRICTED = SandboxState(restricted=False), SandboxState(restricted=True)
PREFLIGHT = [("Origin", "https://a.test"), ("Access-Control-Request-Method", "PUT")]


def refusal(call, *arguments, **more):
    with pytest.raises(sandgate.DeniedError) as refused:
        call(*arguments, **more)
    return refused.value.gate, refused.value.code


def guard(method="GET", target="/metrics", headers=(("X-Access-Token", TOKEN),), **more):
    return CONTROLLER.guard(Head(method, target, headers, **more))


@pytest.mark.parametrize("name", ["X-Access-Token", "x-access-token", b"X-ACCESS-TOKEN"])
@pytest.mark.parametrize("value", [TOKEN, TOKEN.encode()])
@pytest.mark.parametrize("pair", [tuple, list])
@pytest.mark.parametrize("lines", [tuple, list, iter])
def test_headers_are_pairs_of_any_kind(name, value, pair, lines):
    assert guard(headers=lines([pair((b"accept", "*/*")), pair((name, value))])).basis == "token"


def test_every_line_of_a_header_counts():
    twice = [("X-Access-Token", TOKEN), ("x-access-token", TOKEN)]
    assert refusal(guard, headers=twice) == ("route", "malformed")
    assert refusal(guard, headers=[]) == ("route", "missing")


def test_a_comma_in_a_joined_header_is_a_repetition():
    joined = [("X-Access-Token", f"{TOKEN}, {TOKEN}")]
    assert refusal(guard, headers=joined) == ("route", "invalid")
    assert refusal(guard, headers=joined, joined=True) == ("route", "malformed")
    assert guard(joined=True).basis == "token"


def test_a_preflight_has_no_body():
    assert guard("OPTIONS", headers=PREFLIGHT) is None
    for more in (("Content-Length", "1"), ("Transfer-Encoding", "chunked"), ("Upgrade", "x")):
        assert refusal(guard, "OPTIONS", headers=[*PREFLIGHT, more]) == ("route", "missing")
    assert refusal(guard, "OPTIONS", headers=PREFLIGHT, with_body=True) == ("route", "missing")


def test_views_that_differ_are_refused():
    head = ("GET", "/metrics", [("X-Access-Token", TOKEN)])
    assert guard(*head, beside=Head(*head)).basis == "token"
    for other in [("POST", *head[1:]), (head[0], "/metrics?", head[2]), (*head[:2], []), (*head[:2], [*head[2], *head[2]])]:
        assert refusal(guard, *head, beside=Head(*other)) == ("route", "malformed")
    with pytest.raises(ValueError, match=r"^beside: must not have a view beside it"):
        Head(*head, beside=Head(*head, beside=Head(*head)))


def test_an_edge_refuses_views_that_differ():
    for other in [("POST", "/", [HOST]), ("GET", "/?", [HOST]), ("GET", "/", []), ("GET", "/", [("Host", "81-abc.e2b.app")])]:
        assert refusal(EDGE.route, Head("GET", "/", [HOST], beside=Head(*other))) == ("host", "malformed")
    assert str(EDGE.route(Head("GET", "/", [HOST], beside=Head("GET", "/", [HOST, ("accept", "a")])))) == "8080-abc"


def test_an_edge_finds_the_route_and_then_decides():
    head = Head("GET", "/", [HOST])
    route = EDGE.route(head)
    assert str(route) == "8080-abc"
    assert EDGE.guard(route, PUBLIC, head).basis == "public"
    assert refusal(EDGE.guard, route, RESTRICTED, head) == ("traffic", "missing")
    assert refusal(EDGE.route, Head("GET", "/", [HOST, HOST])) == ("host", "malformed")
    assert refusal(EDGE.route, Head("GET", "/#x", [HOST])) == ("internal_route", "malformed")
    assert refusal(EDGE.route, Head("POST", "/init", [("host", "49983-abc.e2b.app")])) == ("internal_route", "out_of_scope")


def test_context_and_now_reach_the_rule():
    keyring = sandgate.v2.Keyring({"a": "a seed of at least 32 bytes, kept secret"})
    issued = sandgate.v2.TrafficKey(keyring.traffic_token("abc")).issue_pass(8080, expires=100, context="c")
    edge = Edge(v2_keyring=keyring.traffic())
    headers = [HOST, ("e2b-traffic-access-token", issued)]
    head = Head("GET", "/", headers, context=b"c")
    route = edge.route(head)
    assert edge.guard(route, RESTRICTED, head, now=100).expires == 100
    assert refusal(edge.guard, route, RESTRICTED, head, now=101) == ("traffic", "expired")
    assert refusal(edge.guard, route, RESTRICTED, Head("GET", "/", headers), now=100)[0] == "traffic"
    assert refusal(edge.guard, route, RESTRICTED, Head("GET", "/", headers, context="d"), now=100)[0] == "traffic"


@pytest.mark.parametrize("text", ["\ud800", "a\udcff", b"\xff\x00", "ö", ""], ids=repr)
def test_any_presented_text_is_answered(text):
    for method, target, headers in [
        (text, "/metrics", []),
        ("GET", text, []),
        ("GET", "/metrics", [("X-Access-Token", text)]),
        ("GET", "/metrics", [(text, TOKEN)]),
    ]:
        assert refusal(guard, method, target, headers) in [("route", "missing"), ("route", "invalid")]
        with pytest.raises(sandgate.DeniedError):
            EDGE.route(Head(method, target, [*headers, ("Host", text)]))
        forward.target(target), forward.header(method, target)


@pytest.mark.parametrize(
    ("arguments", "more", "message"),
    [
        ((1, "/", []), {}, "method: must be str or bytes, not int"),
        (("GET", None, []), {}, "target: must be str or bytes, not NoneType"),
        (("GET", "/", 1), {}, "headers: must be an iterable of pairs"),
        (("GET", "/", ["ab"]), {}, "headers: must be an iterable of pairs"),
        (("GET", "/", {"ab": "c"}), {}, "headers: must be an iterable of pairs"),
        (("GET", "/", [("a", "b", "c")]), {}, "headers: must be an iterable of pairs"),
        (("GET", "/", [(1, "b")]), {}, "a header's name: must be str or bytes, not int"),
        (("GET", "/", [("Host", 1)]), {}, "a header's value: must be str or bytes, not int"),
        (("GET", "/", []), {"joined": 1}, "joined: must be bool, not int"),
        (("GET", "/", []), {"with_body": 1}, "with_body: must be bool, not int"),
        (("GET", "/", []), {"beside": 1}, "beside: must be sandgate.Head, not int"),
        (("GET", "/", []), {"context": 1}, "context: must be str or bytes, not int"),
    ],
)
def test_wrong_use_names_the_argument(arguments, more, message):
    with pytest.raises(TypeError, match="^" + message.replace(".", r"\.")):
        Head(*arguments, **more)


def test_wrong_use_of_the_guards_names_the_argument():
    head = Head("GET", "/", [HOST])
    for call in (CONTROLLER.guard, EDGE.route, lambda x: EDGE.guard(EDGE.route(head), PUBLIC, x)):
        with pytest.raises(TypeError, match=r"^head: must be sandgate\.Head, not str$"):
            call("GET")
    with pytest.raises(ValueError, match="^context: "):
        Head("GET", "/", [], context="")


def test_presented_values_are_not_shown():
    head = Head("GET", "/?signature=secret", [("X-Access-Token", "secret")])
    assert repr(head) == "<sandgate.Head GET>"
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"cannot pickle a sandgate\.Head"):
            attempt(head)


def test_every_forwarded_header_is_clean():
    assert {"host", "cookie", "x-forwarded-host", "forwarded", "referer", forward.TRAFFIC_HEADER} <= set(forward.HEADERS)
    assert all(name == name.lower() for name in forward.HEADERS)
    assert forward.header(forward.TRAFFIC_HEADER.upper(), b"x") is None
    assert forward.header("Cookie", f"{forward.TRAFFIC_COOKIE}=x") is None
    assert forward.header(b"cookie", f"a=1; {forward.TRAFFIC_COOKIE}=x") == b"a=1"
    assert forward.header("X-Forwarded-Uri", "/a?b&sandgate_traffic=x") == b"/a?b"
    assert forward.header("Accept", b"\xff") == b"\xff"
    assert forward.target("/a?sandgate_traffic=x") == b"/a"
    for call in (lambda: forward.header("a", None), lambda: forward.target(None)):
        with pytest.raises(TypeError, match="must be str or bytes, not NoneType$"):
            call()
