"""`on_refusal` is called for each refusal, and does not change the answer."""

import asyncio
import gc
import logging

import pytest
from deployment import ID, TOKENS, V2_KEYRING

import sandgate
from sandgate import asgi, wsgi

HOST = f"8080-{ID}.sandbox.test"
RESTRICTED = sandgate.SandboxState(restricted=True)


class Wsgi:
    module = wsgi

    @staticmethod
    def request(method="GET", **headers):
        return {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": "/metrics", "HTTP_HOST": HOST, **headers}

    @staticmethod
    def app(environ, start_response):
        start_response("200 OK", [])
        return [b"the app"]

    @staticmethod
    def answer(middleware, environ):
        started = []
        body = b"".join(middleware(environ, lambda *given: started.append(given)))
        return int(started[0][0][:3]), started[0][1], body


class Asgi:
    module = asgi

    @staticmethod
    def request(method="GET", **headers):
        names = [(b"host", HOST.encode()), *((b"x-access-token", value.encode()) for value in headers.values())]
        return {"type": "http", "method": method, "path": "/metrics", "query_string": b"", "headers": names}

    @staticmethod
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"the app"})

    @staticmethod
    def answer(middleware, scope):
        sent = []

        async def send(message):
            sent.append(message)

        asyncio.run(middleware(scope, None, send))
        return sent[0]["status"], sent[0]["headers"], sent[1]["body"]


both = pytest.mark.parametrize("door", [Wsgi, Asgi], ids=["wsgi", "asgi"])


def controller(door, **options):
    return door.module.ControllerMiddleware(door.app, sandgate.Controller(TOKENS["v1"]), **options)


def edge(door, state=RESTRICTED, **options):
    guard = sandgate.Edge(v2_keyring=V2_KEYRING.traffic())
    return door.module.EdgeMiddleware(door.app, guard, lambda route: state, **options)


@both
def test_it_is_called_once_with_the_request_and_the_refusal(door):
    told = []
    request = door.request()
    assert door.answer(controller(door, on_refusal=lambda *given: told.append(given)), request)[0] == 401
    assert door.answer(edge(door, on_refusal=lambda *given: told.append(given)), request)[0] == 403
    [(first, denied), (second, traffic)] = told
    assert first is request and second is request
    assert (denied.gate, denied.code, denied.status) == ("route", "missing", 401)
    assert (traffic.gate, traffic.code, traffic.status) == ("traffic", "missing", 403)
    assert isinstance(denied, sandgate.SandgateError)


@both
def test_it_is_not_called_for_allowed_requests_or_unknown_sandboxes(door):
    told = []
    request = door.request(HTTP_X_ACCESS_TOKEN=TOKENS["v1"])
    assert door.answer(controller(door, on_refusal=lambda *given: told.append(given)), request)[2] == b"the app"
    assert door.answer(edge(door, None, on_refusal=lambda *given: told.append(given)), door.request())[0] == 502
    assert told == []


def fails(request, refusal):
    raise ValueError("mine")


def meddles(request, refusal):
    """Modifies all its arguments, and returns something."""
    refusal.gate = "traffic"
    request.clear()
    return [b"another answer"]


@both
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("on_refusal", [fails, meddles])
@pytest.mark.parametrize("kind", [controller, edge])
def test_it_cannot_change_the_answer(door, kind, on_refusal, method, caplog):
    expected = door.answer(kind(door), door.request(method))
    with caplog.at_level(logging.CRITICAL, "sandgate"):
        assert door.answer(kind(door, on_refusal=on_refusal), door.request(method)) == expected


@both
def test_an_exception_is_logged(door, caplog):
    door.answer(controller(door, on_refusal=fails), door.request(HTTP_X_ACCESS_TOKEN="hunter2"))
    [record] = caplog.records
    assert (record.name, record.levelname, record.getMessage()) == ("sandgate", "ERROR", "on_refusal raised an exception")
    assert isinstance(record.exc_info[1], ValueError)
    assert "hunter2" not in caplog.text


@both
def test_a_wrong_argument_is_refused_on_construction(door):
    for kind in controller, edge:
        with pytest.raises(TypeError, match="^on_refusal: must be a function or None, not int$"):
            kind(door, on_refusal=1)


@both
def test_a_log_that_fails_changes_nothing_of_the_answer(door):
    class Broken(logging.Handler):
        emitted = 0

        def emit(self, record):
            self.emitted += 1
            raise OSError("the disk is full")

    broken = Broken()
    logging.getLogger("sandgate").addHandler(broken)
    try:
        answer = door.answer(controller(door, on_refusal=fails), door.request())
    finally:
        logging.getLogger("sandgate").removeHandler(broken)
    assert answer == door.answer(controller(door), door.request()) and broken.emitted == 1


def raises(*_):
    """What the app asks of sandgate on its own may be refused."""
    raise sandgate.MissingError("route")


async def raises_later(*_):
    raises()


@both
@pytest.mark.parametrize("option", ["clock", "context"])
@pytest.mark.parametrize("kind", [controller, edge])
def test_a_refusal_of_the_apps_own_is_an_error_of_the_app(door, kind, option):
    told = []
    with pytest.raises(sandgate.MissingError):
        door.answer(kind(door, on_refusal=lambda *given: told.append(given), **{option: raises}), door.request())
    assert told == []


@pytest.mark.parametrize(("door", "lookup"), [(Wsgi, raises), (Asgi, raises), (Asgi, raises_later)])
def test_so_is_one_of_the_look_up(door, lookup):
    told = []
    middleware = edge(door, on_refusal=lambda *given: told.append(given))
    middleware.lookup = lookup
    with pytest.raises(sandgate.MissingError):
        door.answer(middleware, door.request())
    assert told == []


@both
@pytest.mark.parametrize("kind", [controller, edge])
def test_so_is_one_of_the_function_that_returns_the_current_one(door, kind):
    middleware = kind(door)
    setattr(middleware, kind.__name__, raises)
    with pytest.raises(sandgate.MissingError):
        door.answer(middleware, door.request())


async def awaited(request, refusal):
    await asyncio.sleep(0)
    request["told"] = refusal.code


def test_in_asgi_it_may_be_a_coroutine_function():
    request = Asgi.request()
    assert Asgi.answer(controller(Asgi, on_refusal=awaited), request)[0] == 401
    assert request["told"] == "missing"


class AwaitedCall:
    async def __call__(self, request, refusal):
        await awaited(request, refusal)


async def yields_later(request, refusal):
    yield


def yields(request, refusal):
    yield


@pytest.mark.parametrize("on_refusal", [awaited, AwaitedCall(), yields_later])
def test_in_wsgi_a_coroutine_function_is_refused(on_refusal):
    for kind in controller, edge:
        with pytest.raises(TypeError, match="^on_refusal: must be a function that is not a coroutine function"):
            kind(Wsgi, on_refusal=on_refusal)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("door", "on_refusal"),
    [
        (Wsgi, lambda *given: awaited(*given)),
        (Wsgi, lambda *given: yields_later(*given)),
        (Wsgi, yields),
        (Asgi, yields_later),
        (Asgi, yields),
    ],
)
def test_what_nothing_runs_is_logged(door, on_refusal, caplog):
    assert door.answer(controller(door, on_refusal=on_refusal), door.request())[0] == 401
    gc.collect()
    [record] = caplog.records
    assert str(record.exc_info[1]).startswith("on_refusal: must not return a ")


def test_a_coroutine_that_raises_is_logged(caplog):
    async def fails_later(request, refusal):
        await asyncio.sleep(0)
        raise ValueError("mine")

    assert Asgi.answer(controller(Asgi, on_refusal=fails_later), Asgi.request())[0] == 401
    assert [record.name for record in caplog.records] == ["sandgate"]


def test_in_asgi_the_answer_is_sent_first():
    happened = []

    async def send(message):
        happened.append(message["type"])

    middleware = controller(Asgi, on_refusal=lambda *given: happened.append("told"))
    asyncio.run(middleware(Asgi.request(), None, send))
    assert happened == ["http.response.start", "http.response.body", "told"]


def test_it_is_called_if_the_client_has_disconnected():
    told = []

    async def gone(message):
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        asyncio.run(controller(Asgi, on_refusal=lambda *given: told.append(given))(Asgi.request(), None, gone))
    assert len(told) == 1


def test_a_cancelled_request_cancels_it(caplog):
    events = []

    async def waits(request, refusal):
        events.append("begun")
        try:
            await asyncio.sleep(60)
        finally:
            events.append("over")

    async def cancelled():
        async def send(message):
            events.append(message["type"])

        task = asyncio.create_task(controller(Asgi, on_refusal=waits)(Asgi.request(), None, send))
        for _ in range(100):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert events == ["http.response.start", "http.response.body", "begun", "over"] and not caplog.records
