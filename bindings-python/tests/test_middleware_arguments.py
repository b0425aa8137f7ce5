"""What a middleware is given by its app and by its server, where it is not what the type says."""

import pytest
import sandgate
from sandgate import asgi, wsgi

TOKEN = "the access token of a sandbox"
EDGE = sandgate.Edge()
MIDDLEWARES = [
    lambda **options: asgi.ControllerMiddleware(None, sandgate.Controller(TOKEN), **options),
    lambda **options: wsgi.ControllerMiddleware(None, sandgate.Controller(TOKEN), **options),
    lambda **options: asgi.EdgeMiddleware(None, EDGE, lambda route: None, **options),
    lambda **options: wsgi.EdgeMiddleware(None, EDGE, lambda route: None, **options),
]


@pytest.mark.parametrize("name", ["clock", "context"])
@pytest.mark.parametrize("given", [0, 10, "", False, b"x"])
@pytest.mark.parametrize("middleware", MIDDLEWARES)
def test_optional_functions_are_functions(middleware, given, name):
    with pytest.raises(TypeError, match=f"^{name}: must be a function or None, not {type(given).__name__}$"):
        middleware(**{name: given})


def test_a_function_that_is_not_truthy_is_called():
    class Clock:
        def __len__(self):
            return 0

        def __call__(self):
            return 11

    query = sandgate.v1.FileUrlKey(TOKEN).url("http://a.test", "/a", expires=10).partition("?")[2]
    assert ask({"PATH_INFO": "/files", "QUERY_STRING": query}, clock=Clock()) == 401
    assert ask({"PATH_INFO": "/files", "QUERY_STRING": query}, clock=lambda: 10) == 200


def ask(environ, **options):
    """The status, 200 from the app."""
    statuses = []

    def app(environ, start_response):
        statuses.append(200)
        return []

    middleware = wsgi.ControllerMiddleware(app, sandgate.Controller(TOKEN), **options)
    list(middleware({"REQUEST_METHOD": "GET", **environ}, lambda status, headers: statuses.append(int(status[:3]))))
    return statuses[0]


@pytest.mark.parametrize("name", ["HTTP_X_ACCESS_TOKEN", "PATH_INFO", "QUERY_STRING", "REQUEST_URI", "CONTENT_LENGTH"])
def test_text_beyond_latin_1_is_an_error_without_the_text(name):
    with pytest.raises(ValueError, match=r"^environ: must have no character beyond U\+00FF$") as raised:
        ask({"PATH_INFO": "/", name: f"{TOKEN}\u20ac"})
    assert raised.type is ValueError and raised.value.__context__ is None


@pytest.mark.parametrize("value", [b"/health", 5, object()])
def test_what_is_no_text_is_an_error(value):
    with pytest.raises(TypeError, match="^environ: must be str, not "):
        ask({"PATH_INFO": value})


def test_a_subclass_of_str_cannot_lie():
    class Health(str):
        def encode(self, *arguments):
            return b"/health"

    assert ask({"PATH_INFO": "/health"}) == 200
    assert ask({"PATH_INFO": Health("/files")}) == 401
