"""A controller that waits, and is initialised, behind the middlewares."""

import asyncio
import json

import pytest

import sandgate
from sandgate import asgi, wsgi

PREFLIGHT = [("Origin", "https://a.test"), ("Access-Control-Request-Method", "PUT")]
TOKEN = [("X-Access-Token", "first")]
BODY = '{"accessToken":"first"}'
REFUSAL = {"code": 401, "message": "envd not initialized"}


class Asgi:
    """Sends requests to an app that counts them. `ask` returns the refusal, or None if the app is called."""

    def __init__(self, controller):
        self.reached, self.refusals = [], []
        self.middleware = asgi.ControllerMiddleware(self.app, controller, on_refusal=self.refused)

    async def app(self, scope, receive, send):
        self.reached.append((scope, receive))

    def refused(self, scope, refusal):
        self.refusals.append((refusal.gate, refusal.code, refusal.status))

    def send(self, scope):
        sent = []

        async def receive():
            return {"type": "http.request", "body": BODY.encode(), "more_body": False}

        async def send(message):
            sent.append(message)

        asyncio.run(self.middleware(scope, receive, send))
        return sent

    def scope(self, method, target, headers, **more):
        path, _, query = target.partition("?")
        lines = [(name.lower().encode(), value.encode()) for name, value in headers]
        return {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": lines, **more}

    def ask(self, method, target, headers=()):
        sent = self.send(self.scope(method, target, headers))
        return (sent[0]["status"], json.loads(sent[1]["body"])) if sent else None


class Wsgi:
    def __init__(self, controller):
        self.reached, self.refusals = [], []
        self.middleware = wsgi.ControllerMiddleware(self.app, controller, on_refusal=self.refused)

    def app(self, environ, start_response):
        self.reached.append(environ)
        return []

    def refused(self, environ, refusal):
        self.refusals.append((refusal.gate, refusal.code, refusal.status))

    def ask(self, method, target, headers=()):
        path, _, query = target.partition("?")
        environ = {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": None}
        environ |= {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers}
        started = []
        body = self.middleware(environ, lambda *given: started.append(given))
        return (int(started[0][0].split()[0]), json.loads(b"".join(body))) if started else None


each = pytest.mark.parametrize("kind", [Asgi, Wsgi])


@each
@pytest.mark.parametrize(
    ("method", "target", "headers"),
    [
        ("GET", "/metrics", []),
        ("GET", "/metrics", TOKEN),
        ("GET", "/files?path=/a", TOKEN),
        ("POST", "/files?path=/a&path=/a", []),
        ("GET", "/metrics", TOKEN + [("x-access-token", "second")]),
        ("GET", "/init", []),
        ("POST", "/health", []),
        ("GET", "/", []),
        ("OPTIONS", "/metrics", PREFLIGHT),
        ("OPTIONS", "/health", PREFLIGHT),
        ("OPTIONS", "/init", PREFLIGHT),
    ],
)
def test_a_waiting_controller_refuses_all_but_the_exempt_routes(kind, method, target, headers):
    server = kind(sandgate.Controller.waiting())
    assert server.ask(method, target, headers) == (401, REFUSAL)
    assert server.reached == [] and server.refusals == [("route", "not_initialized", 401)]


@each
@pytest.mark.parametrize(("method", "target"), [("GET", "/health"), ("POST", "/init"), ("POST", "/init?x=1")])
def test_the_exempt_routes_reach_the_app(kind, method, target):
    server = kind(sandgate.Controller.waiting())
    assert server.ask(method, target) is None and len(server.reached) == 1


@each
def test_views_that_differ_are_refused_as_well(kind):
    server = kind(sandgate.Controller.waiting())
    if kind is Asgi:
        [start, body] = server.send(server.scope("GET", "/health", [], raw_path=b"/metrics"))
        assert (start["status"], json.loads(body["body"])) == (401, REFUSAL)
    else:
        started = []
        environ = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/health", "RAW_URI": "/metrics"}
        body = server.middleware(environ, lambda *given: started.append(given))
        assert (started[0][0], json.loads(b"".join(body))) == ("401 Unauthorized", REFUSAL)
    assert server.reached == []


@each
@pytest.mark.parametrize("by_function", [False, True])
def test_the_next_request_sees_the_initialised_controller(kind, by_function):
    controller = sandgate.Controller.waiting()
    server = kind((lambda: controller) if by_function else controller)
    assert server.ask("GET", "/metrics", TOKEN) == (401, REFUSAL)
    controller.initialize(BODY)
    assert server.ask("GET", "/metrics", TOKEN) is None
    assert server.ask("GET", "/metrics")[0] == server.ask("GET", "/metrics", [("X-Access-Token", "x")])[0] == 401
    assert server.ask("OPTIONS", "/metrics", PREFLIGHT) is None
    assert len(server.reached) == 2


@each
def test_the_app_may_initialise_during_a_request(kind):
    controller = sandgate.Controller.waiting()
    server = kind(controller)
    assert server.ask("POST", "/init") is None
    if kind is Asgi:
        [(scope, receive)] = server.reached
        assert scope["sandgate"].basis == "exempt"
        controller.initialize(asyncio.run(receive())["body"])
    else:
        [environ] = server.reached
        assert environ["sandgate.allowed"].basis == "exempt"
        controller.initialize(BODY)
    assert server.ask("GET", "/metrics", TOKEN) is None


def test_lifespan_events_pass_while_the_controller_waits():
    server = Asgi(sandgate.Controller.waiting())
    assert server.send({"type": "lifespan"}) == []
    assert [scope for scope, _ in server.reached] == [{"type": "lifespan"}]


@pytest.mark.parametrize("path", ["/socket", "/health", "/init"])
def test_a_websocket_is_refused_while_the_controller_waits(path):
    controller = sandgate.Controller.waiting()
    server = Asgi(controller)
    scope = server.scope("GET", path, TOKEN)
    del scope["method"]
    scope["type"] = "websocket"
    assert [message["type"] for message in server.send(scope)] == ["websocket.close"]
    scope["extensions"] = {"websocket.http.response": {}}
    [start, body] = server.send(scope)
    assert (start["status"], json.loads(body["body"])) == (401, REFUSAL)
    assert server.reached == [] and server.refusals == [("route", "not_initialized", 401)] * 2
    controller.initialize(BODY)
    assert server.send(scope) == [] and len(server.reached) == 1
