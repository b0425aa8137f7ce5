"""The WSGI middleware without a server: differences between servers, and values that must not change."""

import json
from urllib.parse import quote, unquote

import pytest
from deployment import ID, TOKENS, V2_KEYRING

import sandgate
from sandgate.wsgi import ControllerMiddleware, EdgeMiddleware

TOKEN = TOKENS["v1"]
HOST = f"8080-{ID}.sandbox.test"
END = 1_800_000_000


class Untouched:
    def __getattr__(self, name):
        raise AssertionError("the body is read")


class App:
    def __init__(self):
        self.called = []

    def __call__(self, environ, start_response):
        self.called.append((environ, start_response))
        return self


def call(middleware, environ):
    started = []

    def start_response(*arguments):
        started.append(arguments)

    body = middleware(environ, start_response)
    return (started[0], body) if started else (None, body)


def http(path="/metrics", **more):
    return {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "wsgi.input": Untouched(), **more}


def controller(**options):
    app = App()
    return app, ControllerMiddleware(app, sandgate.Controller(TOKEN), **options)


def edge(state=sandgate.SandboxState(restricted=True), **options):
    app = App()
    policy = sandgate.Policy(carriers=("header", "host", "query", "cookie"))
    guard = sandgate.Edge(policy=policy, v2_keyring=V2_KEYRING.traffic())
    return app, EdgeMiddleware(app, guard, lambda route: state, **options)


def status(answer):
    return int(answer[0][0].split()[0]) if answer[0] else None


def test_a_refusal_reads_nothing_and_is_complete():
    app, middleware = controller()
    (line, headers), body = call(middleware, http())
    assert line == "401 Unauthorized"
    assert headers == [("Content-Type", "application/json"), ("Content-Length", str(len(body[0])))]
    assert app.called == []


def test_allowed_request_keeps_its_input_and_the_apps_answer():
    app, middleware = controller()
    environ = http(HTTP_X_ACCESS_TOKEN=TOKEN)
    body = environ["wsgi.input"]

    def start_response(*_):
        raise AssertionError

    assert middleware(environ, start_response) is app
    [(seen, passed_on)] = app.called
    assert passed_on is start_response and seen["wsgi.input"] is body
    assert seen.pop("sandgate.allowed").basis == "token"
    assert seen == environ and seen is not environ


@pytest.mark.parametrize(
    ("path", "more", "expected"),
    [
        ("/health", {}, None),
        # A path that contains an escape is none of our routes.
        ("/health", {"RAW_URI": "/%68ealth?x", "QUERY_STRING": "x"}, 401),
        ("/health", {"REQUEST_URI": "/%68ealth"}, 401),
        ("/health", {"REQUEST_URI": "/health?x", "QUERY_STRING": "x"}, None),
        ("/health", {"REQUEST_URI": "/health?x"}, 400),
        ("/health", {"REQUEST_URI": "/health?y", "QUERY_STRING": "x"}, 400),
        ("/health", {"REQUEST_URI": "/health?", "QUERY_STRING": "x"}, 400),
        # Werkzeug's test client omits the query here.
        ("/health", {"REQUEST_URI": "/health", "QUERY_STRING": "x"}, None),
        ("/health", {"REQUEST_URI": "/health", "RAW_URI": "/health"}, None),
        ("/health", {"REQUEST_URI": "/metrics", "RAW_URI": "/health"}, 400),
        ("/health", {"REQUEST_URI": "/health", "RAW_URI": "/metrics"}, 400),
        ("/%68ealth", {}, 401),
        ("/%68ealth", {"RAW_URI": "/%2568ealth"}, 401),
        ("/health?x", {}, 401),
        # One of the two is rewritten.
        ("/metrics", {"RAW_URI": "/health"}, 400),
        ("/health", {"RAW_URI": "/metrics"}, 400),
        ("/health", {"RAW_URI": "//health"}, 400),
        ("/health", {"RAW_URI": "/health#x"}, 400),
        ("/health", {"RAW_URI": "http://a.test/health"}, 400),
        # Below a prefix, in any spelling.
        ("/health", {"SCRIPT_NAME": "/a", "RAW_URI": "/a/health"}, None),
        ("/health", {"SCRIPT_NAME": "/a", "RAW_URI": "/health"}, None),
        ("/health", {"SCRIPT_NAME": "/\u00c3\u00b6", "RAW_URI": "/%C3%B6/health"}, None),
        ("/health", {"SCRIPT_NAME": "/a", "RAW_URI": "/b/health"}, 400),
        ("/a/health", {"SCRIPT_NAME": "/a", "RAW_URI": "/a/a/health"}, 401),
        ("", {"SCRIPT_NAME": "/health", "RAW_URI": "/health"}, 401),
        # Gunicorn splits the path where a trusted client's `SCRIPT_NAME` header says.
        ("th", {"SCRIPT_NAME": "/heal", "RAW_URI": "/health"}, 400),
        ("health", {"SCRIPT_NAME": "/", "RAW_URI": "/health"}, 400),
        ("/\u00ff", {"RAW_URI": "/%ff"}, 401),
        ("/%zz", {"RAW_URI": "/%zz"}, 400),
    ],
)
def test_paths_of_wire_and_app_must_agree(path, more, expected):
    app, middleware = controller()
    assert status(call(middleware, http(path, **more))) == expected
    assert len(app.called) == (expected is None)


def test_the_query_of_the_app_decides():
    signed = sandgate.v1.FileUrlKey(TOKEN).url("http://a.test", "/ä").partition("?")[2]
    app, middleware = controller()
    assert status(call(middleware, http("/files", QUERY_STRING=signed, RAW_URI="/files?" + signed))) is None
    assert app.called[0][0]["sandgate.allowed"].grant.path == "/ä"
    assert status(call(middleware, http("/files", QUERY_STRING="path=%2Fb", RAW_URI="/files?" + signed))) == 400
    # Bytes beyond ASCII, as WSGI stores them.
    raw = signed.replace("%C3%A4", "\u00c3\u00a4")
    assert raw != signed
    assert status(call(middleware, http("/files", QUERY_STRING=raw))) is None


def test_a_comma_is_a_repeated_header():
    app, middleware = controller()
    for joined in (f"{TOKEN},{TOKEN}", f"{TOKEN}, {TOKEN}", f"{TOKEN},", f",{TOKEN}"):
        assert status(call(middleware, http(HTTP_X_ACCESS_TOKEN=joined))) == 400
    with_comma = ControllerMiddleware(app, sandgate.Controller("a,b"))
    assert status(call(with_comma, http(HTTP_X_ACCESS_TOKEN="a,b"))) == 400
    assert app.called == []
    assert status(call(middleware, http(HTTP_X_ACCESS_TOKEN=TOKEN, HTTP_ACCEPT="a, b", HTTP_COOKIE="a=1,b=2"))) is None


def test_clock_and_context_are_called():
    key = sandgate.v2.FileUrlKey(TOKENS["v2"])
    query = key.url("http://a.test", "/a", expires=END, context="1.2.3.4").partition("?")[2]
    for now, client, expected in [(END, "1.2.3.4", None), (END + 1, "1.2.3.4", 401), (END, "4.3.2.1", 401)]:
        app = App()
        guard = sandgate.Controller(TOKENS["v2"])
        middleware = ControllerMiddleware(
            app, guard, clock=lambda now=now: now, context=lambda environ: environ["REMOTE_ADDR"]
        )
        assert status(call(middleware, http("/files", QUERY_STRING=query, REMOTE_ADDR=client))) == expected
        assert len(app.called) == (expected is None)
    issued = sandgate.v2.TrafficKey(V2_KEYRING.traffic_token(ID)).issue_pass(8080, expires=END, context="c")
    for now, context, expected in [(END, "c", None), (END + 1, "c", 403), (END, "d", 403), (END, None, 403)]:
        app, middleware = edge(clock=lambda now=now: now, context=lambda environ, context=context: context)
        environ = http(HTTP_HOST=HOST, HTTP_E2B_TRAFFIC_ACCESS_TOKEN=issued)
        assert status(call(middleware, environ)) == expected
        if expected is None:
            assert app.called[0][0]["sandgate.passed"].expires == END


def test_the_edge_cleans_every_variable_that_repeats_the_target():
    key = sandgate.v2.TrafficKey(V2_KEYRING.traffic_token(ID))
    host = key.issue_signed_host(ID, 8080, expires_in=60) + ".sandbox.test"
    issued = key.issue_pass(8080, expires_in=60)
    app, middleware = edge()
    environ = http(
        "/p",
        QUERY_STRING=f"a&sandgate_traffic={issued}",
        REQUEST_URI=f"/%70?a&sandgate_traffic={issued}",
        RAW_URI=f"/%70?a&sandgate_traffic={issued}",
        HTTP_HOST=host + ":443",
        SERVER_NAME=host,
        SCRIPT_URI=f"https://{host}/p",
        SSL_TLS_SNI=host,
        REDIRECT_SSL_TLS_SNI=host,
        REDIRECT_SCRIPT_URI=f"https://{host}/p",
        REDIRECT_QUERY_STRING=f"a&sandgate_traffic={issued}",
        HTTP_X_FORWARDED_HOST=host,
        HTTP_FORWARDED=f"host={host};proto=https",
        HTTP_REFERER=f"https://{host}/?sandgate_traffic={issued}&a",
        HTTP_ACCEPT=host,
        HTTP_COOKIE=f"a=1,__Host-sandgate-traffic={issued}; b=2",
        HTTP_E2B_TRAFFIC_ACCESS_TOKEN="",
    )
    kept = environ["wsgi.input"]
    assert status(call(middleware, environ)) is None
    seen = app.called[0][0]
    assert "sandgate.passed" not in environ and environ["HTTP_HOST"] == host + ":443"
    assert seen.pop("sandgate.passed").basis == "signed_host"
    assert str(seen.pop("sandgate.route")) == f"8080-{ID}"
    assert seen == {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/p",
        "QUERY_STRING": "a",
        "REQUEST_URI": "/%70?a",
        "RAW_URI": "/%70?a",
        "HTTP_HOST": HOST + ":443",
        "SERVER_NAME": HOST,
        "SCRIPT_URI": f"https://{HOST}/p",
        "SSL_TLS_SNI": HOST,
        "REDIRECT_SSL_TLS_SNI": HOST,
        "REDIRECT_SCRIPT_URI": f"https://{HOST}/p",
        "REDIRECT_QUERY_STRING": "a&sandgate_traffic=",
        "HTTP_X_FORWARDED_HOST": HOST,
        "HTTP_FORWARDED": f"host={HOST};proto=https",
        "HTTP_REFERER": f"https://{HOST}/?a",
        "HTTP_ACCEPT": host,
        "HTTP_COOKIE": "a=1; b=2",
        "wsgi.input": kept,
    }


def test_an_escaped_credential_goes_on_in_no_header_either():
    key = sandgate.v2.TrafficKey(V2_KEYRING.traffic_token(ID))
    issued = key.issue_pass(8080, expires_in=60)
    query = "sandgate_traffic=" + issued.replace(".", "%2E")
    host = (key.issue_signed_host(ID, 8080, expires_in=60) + ".sandbox.test").replace("-", "%2D")
    app, middleware = edge()
    referer = "https://login.x/?rd=" + quote(f"https://{host}/a?{query}", safe="")
    assert status(call(middleware, http(HTTP_HOST=HOST, QUERY_STRING=query, HTTP_REFERER=referer))) is None
    seen = app.called[0][0]
    assert (seen["sandgate.passed"].carrier, seen["QUERY_STRING"]) == ("query", "")
    assert unquote(unquote(seen["HTTP_REFERER"])) == f"https://login.x/?rd=https://{HOST}/a?sandgate_traffic="


def test_the_edges_own_name_stays():
    app, middleware = edge(sandgate.SandboxState(restricted=False))
    environ = http(HTTP_HOST=HOST, SERVER_NAME="edge-1.test")
    assert status(call(middleware, environ)) is None
    assert app.called[0][0]["SERVER_NAME"] == "edge-1.test"


@pytest.mark.parametrize(
    ("path", "more", "expected"),
    [
        ("/init", {}, 404),
        ("/init", {"RAW_URI": "/%69nit"}, 404),
        ("/init", {"RAW_URI": "/other"}, 400),
        ("/other", {"RAW_URI": "/init"}, 400),
        ("/init", {"RAW_URI": "//init"}, 400),
        ("//init", {"RAW_URI": "//init"}, 400),
        ("/init", {"RAW_URI": "/init#x"}, 400),
        # A mounted app may forward the path with the prefix.
        ("/", {"SCRIPT_NAME": "/init", "RAW_URI": "/init/"}, 404),
        # Or the decoded path below a prefix that the client has escaped.
        ("/init", {"SCRIPT_NAME": "/a", "RAW_URI": "/%61/init"}, 404),
        ("/init", {"SCRIPT_NAME": "/a", "RAW_URI": "/a%2Finit"}, 404),
        ("/b", {"SCRIPT_NAME": "/a", "RAW_URI": "/%61/b"}, None),
        ("/other", {"RAW_URI": "/other"}, None),
        ("", {"SCRIPT_NAME": "/a", "RAW_URI": "/a"}, None),
        ("/init", {"SCRIPT_NAME": "/a", "RAW_URI": "/a/init?x", "QUERY_STRING": "x"}, 404),
        ("/init", {"SCRIPT_NAME": "/a"}, 404),
        ("/other", {"RAW_URI": "http://a.test/other"}, 400),
        ("*", {}, 400),
    ],
)
def test_the_edge_screens_the_paths_of_wire_and_app(path, more, expected):
    app, middleware = edge()
    assert status(call(middleware, http(path, HTTP_HOST=f"49983-{ID}.sandbox.test", **more))) == expected
    assert len(app.called) == (expected is None)


def test_the_answer_names_the_internal_route_with_the_mount_or_below_it():
    _, middleware = edge()
    for path, prefix in [("", "/init"), ("/", "/init"), ("/init", "/a"), ("/../init", "/a")]:
        environ = http(path, HTTP_HOST=f"49983-{ID}.sandbox.test", SCRIPT_NAME=prefix, QUERY_STRING="x")
        _, body = call(middleware, environ)
        assert json.loads(b"".join(body)) == {"message": "not found", "path": "/init", "code": 404}
