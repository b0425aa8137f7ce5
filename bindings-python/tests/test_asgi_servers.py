"""The ASGI middleware under Starlette and FastAPI, served by uvicorn and hypercorn."""

import socket

import pytest

pytest.register_assert_rewrite("controller_contract", "edge_contract", "sdk_contract")

import frameworks  # noqa: E402
import websockets.sync.client  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.routing import Mount  # noqa: E402
from controller_contract import TOKEN_HEADER, ControllerContract, v1_target  # noqa: E402
from edge_contract import HOST, V2_TOKEN, EdgeContract, a_pass, signed_host  # noqa: E402
from sdk_contract import SdkContract, control_api  # noqa: E402, F401
from servers import served_by_hypercorn, served_by_uvicorn  # noqa: E402
from websockets.exceptions import InvalidStatus  # noqa: E402

CONTROLLERS = {"starlette": frameworks.starlette_controller, "fastapi": frameworks.fastapi_controller}


@pytest.fixture(scope="module", params=[served_by_uvicorn, served_by_hypercorn])
def serve(request):
    return request.param


@pytest.fixture(scope="module", params=CONTROLLERS)
def v1(serve, request):
    with serve(CONTROLLERS[request.param]("v1")) as server:
        yield server


@pytest.fixture(scope="module", params=CONTROLLERS)
def v2(serve, request):
    with serve(CONTROLLERS[request.param]("v2")) as server:
        yield server


@pytest.fixture(scope="module", params=[frameworks.lookup, frameworks.awaited_lookup])
def edge(serve, request):
    with serve(frameworks.starlette_edge(request.param)) as server:
        yield server


class TestController(ControllerContract):
    def test_a_prefix_is_not_part_of_the_route(self, serve):
        with serve(frameworks.starlette_controller("v1"), root_path="/prefix") as server:
            assert server.ask("GET", "/health").status == 204
            assert server.ask("GET", "/metrics").status == 401

    def test_a_mounted_app_is_guarded(self, serve):
        app = Starlette(routes=[Mount("/in/{name}", app=frameworks.starlette_controller("v1"))])
        with serve(app) as server:
            for path in ("/in/a", "/in/%C3%B6"):
                assert server.ask("GET", f"{path}/health").status == 204
                assert server.ask("GET", f"{path}/metrics").status == 401
                assert server.ask("GET", f"{path}/metrics", TOKEN_HEADER).json["basis"] == "token"
                assert server.ask("GET", f"{path}/%68ealth").status == 401
                assert server.ask("GET", v1_target("/a", route=f"{path}/files")).status == 404
            # The prefix is escaped, so the path as received is none of the routes.
            assert server.ask("GET", "/i%6E/a/health").status == 401

    def test_a_doubled_slash_is_another_path(self, v1):
        assert v1.ask("GET", v1_target("/a", route="//files")).status == 401
        assert v1.ask("GET", "//a", TOKEN_HEADER).json["path"] == "//a"

    def test_a_websocket_with_a_token_is_accepted(self, v1):
        url = v1.url.replace("http", "ws") + "/socket"
        with websockets.sync.client.connect(url, additional_headers=TOKEN_HEADER) as connection:
            assert connection.recv() == "token"
            connection.send("echo")
            assert connection.recv() == "echo"

    def test_a_websocket_without_a_token_is_refused(self, v1):
        with pytest.raises(InvalidStatus) as refusal:
            websockets.sync.client.connect(v1.url.replace("http", "ws") + "/socket")
        response = refusal.value.response
        assert (response.status_code, response.headers["content-type"]) == (401, "application/json")
        assert b'"code":401' in response.body


class TestEdge(EdgeContract):
    def test_websockets_follow_the_edges_rule(self, edge):
        def connect(host, target="/", **headers):
            return websockets.sync.client.connect(
                f"ws://{host}:{edge.port}{target}",
                additional_headers=headers,
                sock=socket.create_connection(("127.0.0.1", edge.port)),
            )

        host, token = signed_host(), a_pass()
        for secret, connection in [
            (host.partition(".")[0], connect(host)),
            (token, connect(HOST, f"/?sandgate_traffic={token}")),
            (V2_TOKEN, connect(HOST, **{"e2b-traffic-access-token": V2_TOKEN})),
        ]:
            with connection:
                seen = connection.recv()
                assert HOST in seen
                assert secret not in seen
        with pytest.raises(InvalidStatus) as refusal:
            connect(HOST)
        assert refusal.value.response.status_code == 403
        assert b"is missing" in refusal.value.response.body


class TestSdk(SdkContract):
    pass
