"""The endpoints of the page and the examples, with allowed requests that are not for a file."""

import io
import runpy
from hashlib import sha512

import pytest
from starlette.testclient import TestClient
from test_pages import PACKAGE, PAGES, blocks

import sandgate

#: The same in the page and in the example.
TOKEN = sandgate.v1.Keyring("a secret of at least 16 bytes").access_token("i94gcaqbpvohfr764s5l")
BASE = "https://49983-i94gcaqbpvohfr764s5l.e2b.app"


@pytest.fixture(scope="module")
def page():
    scope = {"__name__": "page"}
    for block in blocks(PAGES["README.md"]):
        exec(compile(block, "README.md", "exec"), scope)
    return scope


@pytest.fixture(scope="module", params=["starlette", "flask", "fastapi"])
def endpoint(request, page):
    """A function that sends it a request."""
    if request.param == "flask":
        client = page["flask_app"].test_client()
        return lambda method, target, **more: client.open(target, method=method, **more)
    found = page if request.param == "starlette" else runpy.run_path(str(PACKAGE / "examples/guard_fastapi.py"))
    return TestClient(found["app"], raise_server_exceptions=False, follow_redirects=False).request


def test_a_signed_file_is_read(endpoint):
    target = sandgate.v1.FileUrlKey(TOKEN).url(BASE, "/a.txt", user="user", expires_in=60).removeprefix(BASE)
    answer = endpoint("GET", target)
    assert answer.status_code == 200 and "/a.txt" in answer.text
    assert endpoint("GET", target.replace("a.txt", "b.txt")).status_code == 401


def test_flasks_test_client_can_pass_a_query(page):
    query = {"path": "/a ö.txt", "signature": sandgate.v1.FileUrlKey(TOKEN).sign("/a ö.txt")}
    answer = page["flask_app"].test_client().get("/files", query_string=query)
    assert (answer.status_code, answer.text) == (200, "/a ö.txt as None")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("HEAD", "/files"),
        ("HEAD", "/files?path=/a.txt"),
        ("GET", "/files/"),
        ("GET", "/files/?path=/a.txt"),
        ("GET", "/FILES"),
        ("GET", "//files"),
        ("POST", "/files?path=/a.txt"),
        ("OPTIONS", "/files"),
        ("GET", "/f%69les?path=/a.txt"),
    ],
)
def test_an_allowed_request_without_a_file_is_not_a_server_error(endpoint, method, path):
    answer = endpoint(method, path, headers={"X-Access-Token": TOKEN})
    allowed = {200} if method == "OPTIONS" else set()
    assert answer.status_code in {307, 400, 404, 405} | allowed
    assert endpoint(method, path).status_code == 401
    preflight = {"Origin": "https://a.test", "Access-Control-Request-Method": "PUT"}
    assert endpoint("OPTIONS", path, headers=preflight).status_code < 500


@pytest.fixture(params=["starlette", "flask"])
def restarted(request):
    """The scope of a page whose controller waits, and a function that sends its app a request."""
    scope = {"__name__": "page"}
    for block in blocks(PAGES["README.md"]):
        exec(compile(block, "README.md", "exec"), scope)
    assert scope["restarted"].is_waiting
    if request.param == "flask":
        client = scope["restarted_flask"].test_client()

        def ask(method, target, body=b"", **more):
            # A list is sent without a length.
            data = {"data": body} if isinstance(body, bytes) else {"input_stream": io.BytesIO(b"".join(body))}
            if not isinstance(body, bytes):
                more["environ_overrides"] = {"wsgi.input_terminated": True}
            return client.open(target, method=method, **data, **more)
    else:
        client = TestClient(scope["restarted_app"], raise_server_exceptions=False)

        def ask(method, target, body=b"", **more):
            return client.request(method, target, content=body if isinstance(body, bytes) else iter(body), **more)

    return scope, ask


def test_init_gives_the_token_and_replaces_it_only_with_the_host(restarted):
    scope, ask = restarted
    target = "/files?path=/a.txt"
    assert ask("GET", target, headers={"X-Access-Token": "first"}).status_code == 401
    assert ask("POST", "/init", b'{"accessToken":"first"}').status_code == 204
    assert ask("GET", target, headers={"X-Access-Token": "first"}).status_code in (200, 404)
    refused = ask("POST", "/init", b'{"accessToken":"second"}')
    body = '{"code":401,"message":"access token validation failed"}'
    assert (refused.status_code, refused.text, refused.headers["content-type"]) == (401, body, "application/json")
    assert ask("POST", "/init", b"[]").status_code == 400
    scope["published_hash"] = lambda: sha512(b"second").hexdigest()
    assert ask("POST", "/init", b'{"accessToken":"second"}').status_code == 204
    for token, statuses in ("first", (401,)), ("second", (200, 404)):
        assert ask("GET", target, headers={"X-Access-Token": token}).status_code in statuses


def test_init_limits_the_body_and_changes_nothing_if_the_hash_cannot_be_read(restarted):
    scope, ask = restarted
    body = b'{"accessToken":"first"}'
    for long in body.ljust(65_537), [body, b" " * 70_000]:
        assert ask("POST", "/init", long).status_code == 413
    scope["published_hash"] = None
    assert ask("POST", "/init", body).status_code == 500
    assert scope["restarted"].is_waiting
    scope["published_hash"] = bytes
    assert ask("POST", "/init", [body.ljust(65_536)]).status_code == 204
