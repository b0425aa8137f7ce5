"""No request sees the verified values of another, on servers that share objects between requests."""

import asyncio
import copy

import pytest
from deployment import ID, TOKENS, V2_KEYRING

import sandgate
from sandgate import asgi, wsgi

TOKEN = TOKENS["v1"]
KEY = sandgate.v1.FileUrlKey(TOKEN)
ORIGIN = [("origin", "https://a.test"), ("access-control-request-method", "PUT")]
EDGE = sandgate.Edge(v2_keyring=V2_KEYRING.traffic())
PATHS = ["/a", "/b", "/c"]


def query(path):
    return KEY.url("http://a.test", path).partition("?")[2]


def host(port):
    return f"{port}-{ID}.sandbox.test"


def scope(state, path="/files", query="", headers=(), method="GET", client=0):
    return {
        "type": "http",
        "http_version": "2",
        "method": method,
        "client": client,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        # A server on which two requests share one state.
        "state": state,
    }


def environ(path="/files", query="", headers=(), method="GET"):
    variables = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers}
    return {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, **variables}


class Body:
    """A request's body, from a server with further messages."""

    def __init__(self, *messages):
        self.messages = list(messages)

    async def receive(self):
        return self.messages.pop(0)


async def nothing(*_):
    raise AssertionError("this request has no answer")


def gather(guard, scopes):
    async def all_of_them():
        await asyncio.gather(*(guard(scope, Body().receive, nothing) for scope in scopes))

    asyncio.run(all_of_them())


def unstarted(*_):
    raise AssertionError("this request has no answer")


class Interleaved:
    """An app that reads its scope only after all other requests have arrived."""

    def __init__(self, requests, read):
        self.requests, self.read, self.there, self.seen = requests, read, 0, {}

    async def __call__(self, scope, receive, send):
        self.there += 1
        while self.there < self.requests:
            await asyncio.sleep(0)
        self.seen[scope["client"]] = self.read(scope)

    @property
    def in_order(self):
        return [self.seen[client] for client in sorted(self.seen)]


def test_no_request_sees_the_grant_of_another():
    state = {"database": "kept"}
    app = Interleaved(len(PATHS) + 1, lambda scope: (scope["state"].get("sandgate"), scope["state"]["database"]))
    guard = asgi.ControllerMiddleware(app, sandgate.Controller(TOKEN))
    scopes = [scope(state, query=query(path), client=client) for client, path in enumerate(PATHS)]
    scopes.append(scope(state, headers=ORIGIN, method="OPTIONS", client=len(PATHS)))
    before = copy.deepcopy(scopes)
    gather(guard, scopes)
    granted = [allowed and allowed.grant.path for allowed, _ in app.in_order]
    assert granted == [*PATHS, None]
    assert [kept for _, kept in app.in_order] == ["kept"] * 4
    assert scopes == before and state == {"database": "kept"}


def test_no_request_sees_the_route_of_another():
    state = {}
    app = Interleaved(2, lambda scope: (str(scope["state"]["sandgate_route"]), scope["state"]["sandgate_passed"].basis))
    sandbox = sandgate.SandboxState(restricted=True)
    guard = asgi.EdgeMiddleware(app, EDGE, lambda route: sandbox)
    token = ("e2b-traffic-access-token", V2_KEYRING.traffic_token(ID))
    scopes = [scope(state, headers=[("host", host(port)), token], client=port) for port in (8080, 49983)]
    before = copy.deepcopy(scopes)
    gather(guard, scopes)
    assert app.in_order == [(f"8080-{ID}", "token"), (f"49983-{ID}", "controller_port")]
    assert scopes == before and state == {}


@pytest.mark.parametrize("state", [None, {}, {"sandgate": "another request's", "kept": 1}])
def test_a_preflight_sees_no_grant_and_no_body(state):
    seen = []

    async def app(scope, receive, send):
        seen.append((scope, [await receive(), await receive()]))

    guard = asgi.ControllerMiddleware(app, sandgate.Controller(TOKEN))
    asked = {**scope(state, headers=ORIGIN, method="OPTIONS"), "sandgate": "another request's"}
    body = Body(
        {"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.request"}, {"type": "http.disconnect"}
    )
    asyncio.run(guard(asked, body.receive, nothing))
    [(told, received)] = seen
    assert "sandgate" not in told and "sandgate" not in told["state"] and told["state"] is not state
    assert told["state"].get("kept") == (state or {}).get("kept")
    assert received == [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]


class Started:
    """A WSGI app that reads its environ only when its answer is iterated."""

    def __init__(self, read):
        self.read = read

    def __call__(self, environ, start_response):
        yield self.read(environ)


def test_no_request_sees_the_environ_of_another():
    # A server with one environ for all requests of a connection.
    shared = {}
    app = Started(lambda environ: environ.get("sandgate.allowed"))
    guard = wsgi.ControllerMiddleware(app, sandgate.Controller(TOKEN))
    answers = []
    for asked in [environ(query=query(path)) for path in PATHS] + [environ(headers=ORIGIN, method="OPTIONS")]:
        shared.clear()
        shared.update(asked)
        answers.append(guard(shared, unstarted))
        assert shared == asked
    granted = [allowed and allowed.grant.path for answer in answers for allowed in answer]
    assert granted == [*PATHS, None]


def test_no_request_sees_the_environ_of_another_at_the_edge():
    shared = {}
    app = Started(lambda environ: (str(environ["sandgate.route"]), environ["sandgate.passed"].basis, environ["HTTP_HOST"]))
    sandbox = sandgate.SandboxState(restricted=True)
    guard = wsgi.EdgeMiddleware(app, EDGE, lambda route: sandbox)
    token = ("e2b-traffic-access-token", V2_KEYRING.traffic_token(ID))
    answers = []
    for port in (8080, 49983):
        asked = environ(headers=[("host", host(port)), token])
        shared.clear()
        shared.update(asked)
        answers.append(guard(shared, unstarted))
        assert shared == asked
    seen = [seen for answer in answers for seen in answer]
    assert seen == [(f"8080-{ID}", "token", host(8080)), (f"49983-{ID}", "controller_port", host(49983))]


def test_a_preflight_of_wsgi_sees_no_grant_and_no_body():
    app = Started(lambda environ: ("sandgate.allowed" in environ, environ["wsgi.input"].read()))
    guard = wsgi.ControllerMiddleware(app, sandgate.Controller(TOKEN))
    asked = {**environ(headers=ORIGIN, method="OPTIONS"), "sandgate.allowed": "another request's", "wsgi.input": None}
    assert list(guard(asked, unstarted)) == [(False, b"")]
    for length in ("", "0"):
        assert list(guard({**asked, "CONTENT_LENGTH": length}, unstarted)) == [(False, b"")]
    for body in ({"CONTENT_LENGTH": "2"}, {"HTTP_TRANSFER_ENCODING": "chunked"}, {"HTTP_UPGRADE": "websocket"}):
        started = []
        guard({**asked, **body}, lambda *answer: started.append(answer))
        assert started[0][0] == "401 Unauthorized"
