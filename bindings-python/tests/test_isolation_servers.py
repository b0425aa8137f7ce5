"""No request sees the verified values of another, on real servers: one connection, concurrent and sequential
requests."""

import asyncio

import httpx
import pytest
from deployment import TOKENS
from frameworks import slow_controller
from servers import served_by_hypercorn, served_by_older_hypercorn, served_by_uvicorn

import sandgate

KEY = sandgate.v1.FileUrlKey(TOKENS["v1"])
PREFLIGHT = {"Origin": "https://a.test", "Access-Control-Request-Method": "PUT"}

SERVERS = {
    "uvicorn": lambda: served_by_uvicorn(slow_controller("v1")),
    "hypercorn": lambda: served_by_hypercorn(slow_controller("v1")),
    "hypercorn 0.17": lambda: served_by_older_hypercorn("slow_controller('v1')"),
}


#: Those that speak HTTP/2.
WITH_HTTP2 = ["hypercorn", "hypercorn 0.17"]


@pytest.fixture(scope="module", params=SERVERS)
def server(request):
    with SERVERS[request.param]() as server:
        yield server


@pytest.fixture(scope="module", params=WITH_HTTP2)
def http2_server(request):
    with SERVERS[request.param]() as server:
        yield server


def client(server, version):
    """Sends requests on one connection."""
    versions = {"http1": version == 1, "http2": version == 2}
    limits = httpx.Limits(max_connections=1)
    url = f"http://127.0.0.1:{server.port}"
    return httpx.AsyncClient(base_url=url, limits=limits, trust_env=False, timeout=120, **versions)


def signed(path):
    return KEY.url("http://a.test", path).removeprefix("http://a.test")


def told(path):
    return {"path": path, "database": "kept", "length": 0}


def test_no_request_sees_the_grant_of_another(server):
    tell_apart(server, 1)


def test_no_request_sees_the_grant_of_another_in_http2(http2_server):
    tell_apart(http2_server, 2)


def tell_apart(server, version):
    paths = [f"/{number}" for number in range(8)]

    async def ask():
        async with client(server, version) as asked:
            answers = await asyncio.gather(*(asked.get(signed(path)) for path in paths))
            assert [answer.json() for answer in answers] == [told(path) for path in paths]
            # Also later on the same connection.
            assert (await asked.options("/x", headers=PREFLIGHT)).json() == told(None)
            assert (await asked.get(signed("/again"))).json() == told("/again")

    asyncio.run(ask())


def test_no_http2_body_arrives_unchecked(http2_server):
    async def pieces():
        yield b"{}"

    async def ask():
        async with client(http2_server, 2) as asked:
            answer = await asked.request("OPTIONS", "/x", headers=PREFLIGHT, content=pieces())
            assert (answer.http_version, answer.json()) == ("HTTP/2", told(None))
            # Here one does.
            assert (await asked.request("OPTIONS", "/x", headers=PREFLIGHT, content=b"{}")).status_code == 401

    asyncio.run(ask())
