"""A middleware accepts a function that returns the current controller or edge."""

import asyncio
import sys
import threading

import pytest
from deployment import ID, V2_KEYRING

import sandgate
from sandgate import asgi, wsgi

OLD, NEW = (sandgate.v2.Keyring({kid: f"{kid} is a seed of at least 32 bytes, kept secret"}) for kid in "bc")
TOKENS = [keyring.access_token(ID) for keyring in (OLD, NEW)]
TRAFFIC = [keyring.traffic_token(ID) for keyring in (OLD, NEW)]
RESTRICTED = sandgate.SandboxState(restricted=True)
HOST = f"8080-{ID}.sandbox.test"


def root(kid):
    return sandgate.v2.traffic_root(kid, f"{kid} is a seed of at least 32 bytes, kept secret")


def edge(*kids):
    return sandgate.Edge(v2_keyring=sandgate.v2.TrafficKeyring(*map(root, kids)))


class Current:
    """The state of an app, which it replaces by one assignment."""

    def __init__(self, value):
        self.value = value
        self.calls = 0

    def __call__(self):
        self.calls += 1
        return self.value


class Wsgi:
    """Sends a request to a WSGI middleware and returns the status, 200 from the app."""

    module = wsgi

    @staticmethod
    def app(environ, start_response):
        start_response("200 OK", [])
        return []

    @staticmethod
    def ask(middleware, name, value):
        variable = "HTTP_" + name.upper().replace("-", "_")
        environ = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/a", "HTTP_HOST": HOST, variable: value}
        statuses = []
        middleware(environ, lambda status, headers: statuses.append(int(status[:3])))
        return statuses[0]


class Asgi:
    """The same for an ASGI middleware."""

    module = asgi

    @staticmethod
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200})

    @staticmethod
    async def asked(middleware, name, value):
        headers = [(b"host", HOST.encode()), (name.encode(), value.encode())]
        scope = {"type": "http", "method": "GET", "path": "/a", "query_string": b"", "headers": headers}
        sent = []

        async def send(message):
            sent.append(message)

        await middleware(scope, None, send)
        return sent[0]["status"]

    @classmethod
    def ask(cls, *request):
        return asyncio.run(cls.asked(*request))


DOORS = [pytest.param(Asgi, id="asgi"), pytest.param(Wsgi, id="wsgi")]


def controllers(door, given):
    """A middleware, and a function that sends it a token."""
    middleware = door.module.ControllerMiddleware(door.app, given)
    return lambda token: door.ask(middleware, "x-access-token", token)


def edges(door, given, lookup=lambda route: RESTRICTED):
    middleware = door.module.EdgeMiddleware(door.app, given, lookup)
    return lambda token: door.ask(middleware, "e2b-traffic-access-token", token)


@pytest.mark.parametrize("door", DOORS)
def test_the_next_request_is_decided_by_the_new_controller(door):
    current = Current(sandgate.Controller(TOKENS[0]))
    ask = controllers(door, current)
    assert [ask(token) for token in TOKENS] == [200, 401]
    current.value = sandgate.Controller(TOKENS[1])
    assert [ask(token) for token in TOKENS] == [401, 200]
    assert current.calls == 4


@pytest.mark.parametrize("door", DOORS)
def test_the_next_request_is_decided_by_the_new_edge(door):
    current = Current(edge("b"))
    ask = edges(door, current)
    assert [ask(token) for token in TRAFFIC] == [200, 403]
    current.value = edge("c")
    assert [ask(token) for token in TRAFFIC] == [403, 200]
    assert current.calls == 4


@pytest.mark.parametrize("door", DOORS)
def test_both_steps_of_an_edge_use_the_same_one(door):
    """The look-up replaces the edge: a request in progress keeps the one that found its route."""
    current = Current(edge("b"))

    def lookup(route):
        current.value = edge("c")
        return RESTRICTED

    ask = edges(door, current, lookup)
    assert ask(TRAFFIC[0]) == 200
    assert current.calls == 1
    assert ask(TRAFFIC[0]) == 403


WRONG = {
    "None": None,
    "a token": TOKENS[0],
    "the other kind": "other",
    "the class": "class",
    "a function": "coroutine",
}


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ["controller", "edge"])
def test_a_function_that_returns_anything_else_is_an_error_of_the_app(door, what, name):
    kinds = {"controller": (sandgate.Controller, sandgate.Controller(TOKENS[0])), "edge": (sandgate.Edge, edge("b"))}
    kind, right = kinds[name]
    other = kinds["edge" if name == "controller" else "controller"][1]

    async def provider():
        return right

    value = {"other": other, "class": kind, "coroutine": provider}.get(WRONG[what], WRONG[what])
    ask, token = (controllers, TOKENS[0]) if name == "controller" else (edges, TRAFFIC[0])
    with pytest.raises(TypeError, match=f"^{name}: must return sandgate.{kind.__name__}, not ") as raised:
        ask(door, lambda: value)(token)
    assert TOKENS[0] not in str(raised.value)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("error", [LookupError("gone"), sandgate.errors.DeniedError])
def test_an_exception_of_the_function_reaches_the_server(door, error):
    """Even a refusal of ours: it is not about this request."""
    if error is sandgate.errors.DeniedError:
        with pytest.raises(error) as raised:
            sandgate.Controller(TOKENS[0]).check("GET", "/a")
        error = raised.value

    def fails():
        raise error

    for ask, token in (controllers(door, fails), TOKENS[0]), (edges(door, fails), TRAFFIC[0]):
        with pytest.raises(type(error)):
            ask(token)


@pytest.mark.parametrize("door", DOORS)
def test_a_wrong_argument_is_refused_on_construction(door):
    for given in None, TOKENS[0], sandgate.Controller, edge("b"):
        with pytest.raises(TypeError, match=r"^controller: must be sandgate.Controller or a function that returns one, not "):
            controllers(door, given)
    for given in None, sandgate.Edge, sandgate.Controller(TOKENS[0]):
        with pytest.raises(TypeError, match=r"^edge: must be sandgate.Edge or a function that returns one, not "):
            edges(door, given)


@pytest.mark.parametrize("door", DOORS)
def test_attributes_can_be_assigned_and_are_read_again(door):
    middleware = door.module.ControllerMiddleware(door.app, sandgate.Controller(TOKENS[0]))
    middleware.controller = sandgate.Controller(TOKENS[1])
    assert door.ask(middleware, "x-access-token", TOKENS[1]) == 200
    middleware.controller = None
    with pytest.raises(TypeError, match=r"^controller: must be "):
        door.ask(middleware, "x-access-token", TOKENS[1])


def test_replacement_under_load_is_atomic():
    """All controllers accept both tokens: no right token is refused, no wrong one accepted."""
    current = Current(sandgate.Controller(*TOKENS))
    ask, wrong = controllers(Wsgi, current), V2_KEYRING.access_token(ID)
    seen, end = [], threading.Event()

    def client():
        while not end.is_set():
            seen.append([ask(token) for token in (*TOKENS, wrong)])

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    clients = [threading.Thread(target=client) for _ in range(4)]
    try:
        for thread in clients:
            thread.start()
        while len(seen) < 2000:
            current.value = sandgate.Controller(*TOKENS)
            current.value = sandgate.Controller(*reversed(TOKENS))
    finally:
        end.set()
        for thread in clients:
            thread.join()
        sys.setswitchinterval(interval)
    assert seen == [[200, 200, 401]] * len(seen)


def test_an_edge_is_replaced_while_look_ups_wait():
    """The edge that found a request's route decides it, however often the edge is replaced meanwhile."""
    edges_of = {"b": edge("b"), "c": edge("c")}
    current = Current(edges_of["b"])

    async def lookup(route):
        await asyncio.sleep(0.001)
        return RESTRICTED

    middleware = asgi.EdgeMiddleware(Asgi.app, current, lookup)

    async def request(number):
        kid = "bc"[number % 2]
        current.value = edges_of[kid]
        # The token of the current edge when the request starts, and the other one.
        token = TRAFFIC[number // 2 % 2]
        status = await Asgi.asked(middleware, "e2b-traffic-access-token", token)
        return status == (200 if token == TRAFFIC["bc".index(kid)] else 403)

    async def requests():
        return await asyncio.gather(*map(request, range(1000)))

    assert all(asyncio.run(requests()))
    assert current.calls == 1000
