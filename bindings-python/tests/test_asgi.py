"""The ASGI middleware without a server: differences between servers, and values that must not change."""

import asyncio
import json

import pytest
from deployment import ID, TOKENS, V2_KEYRING

import sandgate
from sandgate.asgi import ControllerMiddleware, EdgeMiddleware

TOKEN = TOKENS["v1"]
HOST = (b"host", f"8080-{ID}.sandbox.test".encode())
END = 1_800_000_000


async def untouched():
    raise AssertionError("the body is read")


class App:
    """Keeps its arguments."""

    def __init__(self):
        self.called = []

    async def __call__(self, scope, receive, send):
        self.called.append((scope, receive, send))


def call(middleware, scope, receive=untouched):
    """Returns the messages sent, if the app is not called."""
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(middleware(scope, receive, send))
    return sent


def http(path="/metrics", raw_path=None, query=b"", headers=(), **more):
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": list(headers), **more}
    return scope if raw_path is None else {**scope, "raw_path": raw_path}


def controller(**options):
    app = App()
    return app, ControllerMiddleware(app, sandgate.Controller(TOKEN), **options)


def edge(state=sandgate.SandboxState(restricted=True), **options):
    app = App()
    guard = sandgate.Edge(v2_keyring=V2_KEYRING.traffic())
    return app, EdgeMiddleware(app, guard, lambda route: state, **options)


def status(sent):
    return sent[0]["status"] if sent else None


def test_a_refusal_reads_nothing_and_is_complete():
    app, middleware = controller()
    start, body = call(middleware, http())
    assert (start["type"], start["status"]) == ("http.response.start", 401)
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()
    assert body["type"] == "http.response.body" and not body.get("more_body")
    assert app.called == []


def test_allowed_request_keeps_its_channels():
    app, middleware = controller()
    sent = []

    async def send(message):
        sent.append(message)

    scope = http(headers=[(b"x-access-token", TOKEN.encode())], state={"kept": 1})
    asyncio.run(middleware(scope, untouched, send))
    [(seen, receive, passed_on)] = app.called
    assert receive is untouched and passed_on is send and sent == []
    assert seen["sandgate"].basis == "token" and "sandgate" not in scope
    assert seen["state"] == {"kept": 1, "sandgate": seen["sandgate"]} and scope["state"] == {"kept": 1}
    assert {**seen, "sandgate": None, "state": None} == {**scope, "sandgate": None, "state": None}


@pytest.mark.parametrize("kind", [controller, edge])
def test_lifespan_passes_and_unknown_types_are_refused(kind):
    app, middleware = kind()
    assert call(middleware, {"type": "lifespan"}) == []
    assert [scope for scope, _, _ in app.called] == [{"type": "lifespan"}]
    with pytest.raises(ValueError, match="^scope: type must be http, websocket or lifespan$"):
        call(middleware, {**http("/health"), "type": "webtransport"})
    assert len(app.called) == 1


@pytest.mark.parametrize(
    ("path", "raw_path", "more", "expected"),
    [
        ("/health", None, {}, None),
        ("/health", b"/health", {}, None),
        # A path that contains an escape is none of our routes.
        ("/health", b"/%68ealth", {}, 401),
        # Old servers include the query here.
        ("/health", b"/health?x", {"query": b"x"}, None),
        ("/health", b"/health?x", {}, 400),
        ("/health", b"/health?x", {"query": b"y"}, 400),
        ("/health", b"/health", {"query": b"x"}, None),
        # Decoded once, not twice; and a question mark within the path.
        ("/%68ealth", None, {}, 401),
        ("/%68ealth", b"/%2568ealth", {}, 401),
        ("/health?x", None, {}, 401),
        ("/health?x", b"/health%3Fx", {}, 401),
        # One of the two is rewritten.
        ("/metrics", b"/health", {}, 400),
        ("/health", b"/metrics", {}, 400),
        ("/health", b"//health", {}, 400),
        ("/health", b"/health#x", {}, 400),
        ("/health", b"http://a.test/health", {}, 400),
        ("/%41", b"/%41", {}, 400),
        # Below a prefix, in any spelling.
        ("/a/health", b"/a/health", {"root_path": "/a"}, None),
        ("/a/health", None, {"root_path": "/a"}, None),
        ("/\u00f6/health", b"/%C3%B6/health", {"root_path": "/\u00f6"}, None),
        ("/ab/health", b"/ab/health", {"root_path": "/a"}, 401),
        ("/a/health", b"/health", {"root_path": "/a"}, None),
        ("/health", b"/a/health", {"root_path": "/a"}, None),
        ("/a/a/health", b"/a/a/health", {"root_path": "/a"}, 401),
        ("/b/health", b"/a/health", {"root_path": "/a"}, 400),
        ("/a/health", b"/%61/health", {"root_path": "/%61"}, 400),
        ("/a/metrics", b"/a/metrics", {"root_path": "/a"}, 401),
        ("/a", b"/a", {"root_path": "/a"}, 401),
        ("/health", b"/health", {"root_path": "/health"}, 401),
        ("/a/health", b"/%61/health", {"root_path": "/a"}, 401),
        # Bytes that are not UTF-8.
        ("/\ufffd", b"/%ff", {}, 401),
        ("/\ufffd\ufffd", b"/%ff", {}, 400),
        ("/%zz", b"/%zz", {}, 400),
        ("", b"", {}, 401),
    ],
)
def test_paths_of_wire_and_app_must_agree(path, raw_path, more, expected):
    app, middleware = controller()
    assert status(call(middleware, http(path, raw_path, **more))) == expected
    assert len(app.called) == (expected is None)


def test_header_names_match_in_any_case():
    app, middleware = controller()
    assert call(middleware, http(headers=[(b"X-Access-Token", TOKEN.encode())])) == []
    both = [(b"X-Access-Token", TOKEN.encode()), (b"x-access-token", TOKEN.encode())]
    assert status(call(middleware, http(headers=both))) == 400
    assert len(app.called) == 1


def test_clock_and_context_are_called():
    key = sandgate.v2.FileUrlKey(TOKENS["v2"])
    query = key.url("http://a.test", "/a", expires=END, context="1.2.3.4").partition("?")[2].encode()
    for now, client, expected in [(END, "1.2.3.4", None), (END + 1, "1.2.3.4", 401), (END, "4.3.2.1", 401)]:
        app = App()
        guard = sandgate.Controller(TOKENS["v2"])
        middleware = ControllerMiddleware(
            app, guard, clock=lambda now=now: now, context=lambda scope: scope["client"][0]
        )
        assert status(call(middleware, http("/files", query=query, client=(client, 1)))) == expected
        assert len(app.called) == (expected is None)
    issued = sandgate.v2.TrafficKey(V2_KEYRING.traffic_token(ID)).issue_pass(8080, expires=END, context="c")
    for now, context, expected in [(END, "c", None), (END + 1, "c", 403), (END, "d", 403), (END, None, 403)]:
        app, middleware = edge(clock=lambda now=now: now, context=lambda scope, context=context: context)
        headers = [HOST, (b"e2b-traffic-access-token", issued.encode())]
        assert status(call(middleware, http(headers=headers))) == expected
        if expected is None:
            assert app.called[0][0]["sandgate.passed"].expires == END


def test_a_refused_websocket_is_closed_if_the_server_cannot_answer():
    scope = {"type": "websocket", "path": "/metrics", "raw_path": b"/metrics", "query_string": b"", "headers": [HOST]}
    for kind in (controller, edge):
        app, middleware = kind()
        assert [message["type"] for message in call(middleware, scope)] == ["websocket.close"]
        answered = {**scope, "extensions": {"websocket.http.response": {}}}
        messages = call(middleware, answered)
        assert [message["type"] for message in messages] == ["websocket.http.response.start", "websocket.http.response.body"]
        assert app.called == []


def test_a_websocket_needs_the_token_on_every_path():
    query = sandgate.v1.FileUrlKey(TOKEN).url("http://a.test", "/a").partition("?")[2].encode()
    for path, query in [("/health", b""), ("/files", query), ("/metrics", b"")]:
        for headers, expected in [([], 401), ([(b"x-access-token", TOKEN.encode())], None)]:
            app, middleware = controller()
            scope = {**http(path, query=query, headers=headers), "type": "websocket", "extensions": {"websocket.http.response": {}}}
            del scope["method"]
            assert status(call(middleware, scope)) == expected, path
            assert len(app.called) == (expected is None)


def test_the_edge_forwards_a_cleaned_copy_of_the_scope():
    app, middleware = edge(sandgate.SandboxState(restricted=False))
    headers = [HOST, (b"Cookie", b"__Host-sandgate-traffic=x"), (b"E2B-Traffic-Access-Token", b"x"), (b"a", b"b"), (b"a", b"c")]
    scope = http("/p", b"/%70", b"sandgate_traffic=x&a", headers)
    before = {**scope, "headers": list(scope["headers"])}
    assert call(middleware, scope) == []
    assert scope == before
    [(seen, receive, _)] = app.called
    assert receive is untouched
    assert seen["headers"] == [HOST, (b"a", b"b"), (b"a", b"c")]
    assert (seen["raw_path"], seen["query_string"]) == (b"/%70", b"a")
    assert str(seen["sandgate.route"]) == f"8080-{ID}" and seen["sandgate.passed"].basis == "public"
    assert seen["state"] == {"sandgate_route": seen["sandgate.route"], "sandgate_passed": seen["sandgate.passed"]}


def test_the_edge_removes_the_credential_from_a_raw_path_with_a_query():
    app, middleware = edge(sandgate.SandboxState(restricted=False))
    assert call(middleware, http("/p", b"/p?a&sandgate_traffic=x", b"a&sandgate_traffic=x", [HOST])) == []
    [(seen, _, _)] = app.called
    assert (seen["raw_path"], seen["query_string"]) == (b"/p?a", b"a")


def test_optional_scope_keys_may_be_absent():
    app, middleware = edge(sandgate.SandboxState(restricted=False))
    assert call(middleware, http("/p", headers=[HOST], root_path=None)) == []
    assert len(app.called) == 1


@pytest.mark.parametrize(
    ("path", "raw_path", "root_path", "expected"),
    [
        ("/init", None, "", 404),
        ("/init", b"/%69nit", "", 404),
        ("/init", b"/init/", "", 400),
        ("/init", b"/other", "", 400),
        ("/other", b"/init", "", 400),
        ("/other", b"//init", "", 400),
        ("//init", b"//init", "", 400),
        # A mounted app may forward the path with the prefix.
        ("/init/", b"/init/", "/init", 404),
        ("/init", None, "/init", 404),
        ("/a/init", b"/a/init", "/a", 404),
        # Or the decoded path below a prefix that the client has escaped.
        ("/a/init", b"/%61/init", "/a", 404),
        ("/a/init", b"/a%2Finit", "/a", 404),
        ("/a//b", b"/%61//b", "/a", 400),
        ("/a/b", b"/%61/b", "/a", None),
        ("/other", b"/other", "", None),
        ("/a", b"/a", "/a", None),
        ("/ab", b"/ab", "/a", None),
        ("*", b"*", "", 400),
        ("http://a.test/", b"http://a.test/", "", 400),
    ],
)
def test_the_edge_screens_the_paths_of_wire_and_app(path, raw_path, root_path, expected):
    app, middleware = edge()
    headers = [(b"host", f"49983-{ID}.sandbox.test".encode())]
    assert status(call(middleware, http(path, raw_path, headers=headers, root_path=root_path))) == expected
    assert len(app.called) == (expected is None)


def test_headers_of_proxies_are_cleaned():
    key = sandgate.v2.TrafficKey(V2_KEYRING.traffic_token(ID))
    label = key.issue_signed_host(ID, 8080, expires_in=60)
    host = f"{label}.sandbox.test"
    repeated = [(b"X-Forwarded-Host", host.encode()), (b"x-original-uri", b"/a?sandgate_traffic=x&b")]
    app, middleware = edge()
    assert call(middleware, http("/a", b"/a", headers=[(b"host", host.encode()), *repeated], server=(host, 443))) == []
    [(seen, _, _)] = app.called
    clean = HOST[1]
    assert seen["headers"] == [HOST, (b"X-Forwarded-Host", clean), (b"x-original-uri", b"/a?b")]
    assert seen["server"] == (clean.decode(), 443)
    for server in (None, ("/run/socket", None), ("edge-1.test", 80)):
        app, middleware = edge(sandgate.SandboxState(restricted=False))
        assert call(middleware, http("/a", b"/a", headers=[HOST], server=server)) == []
        assert app.called[0][0]["server"] == server


def test_the_answer_names_the_internal_route_with_the_mount_or_below_it():
    _, middleware = edge()
    headers = [(b"host", f"49983-{ID}.sandbox.test".encode())]
    for path, prefix in [("/init", "/init"), ("/init/", "/init"), ("/a/init", "/a"), ("/a/../init", "/a")]:
        sent = call(middleware, http(path, path.encode(), b"x", headers=headers, root_path=prefix))
        assert json.loads(sent[1]["body"]) == {"message": "not found", "path": "/init", "code": 404}


@pytest.mark.parametrize(
    "kind", [iter, lambda lines: (line for line in lines), lambda lines: map(tuple, lines), dict.fromkeys]
)
def test_app_gets_the_headers_that_were_checked(kind):
    """An iterator is empty after the guard has read it; other iterables may give other lines each time."""
    lines = [(b"x-access-token", TOKEN.encode()), (b"x-kept", b"y")]
    app, middleware = controller()
    assert not call(middleware, {**http(), "headers": kind(lines)})
    assert list(app.called[0][0]["headers"]) == lines
    app, middleware = edge(sandgate.SandboxState(restricted=False))
    assert not call(middleware, {**http("/"), "headers": kind([HOST, (b"x-kept", b"y")])})
    assert list(app.called[0][0]["headers"]) == [HOST, (b"x-kept", b"y")]
