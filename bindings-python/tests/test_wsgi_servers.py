"""The WSGI middleware under Flask, served by werkzeug, waitress and gunicorn."""

import pytest

pytest.register_assert_rewrite("controller_contract", "edge_contract", "sdk_contract")

import frameworks  # noqa: E402
from controller_contract import TOKEN_HEADER, ControllerContract, v1_target  # noqa: E402
from edge_contract import EdgeContract  # noqa: E402
from sdk_contract import SdkContract, control_api  # noqa: E402, F401
from servers import served_by_gunicorn, served_by_waitress, served_by_werkzeug  # noqa: E402

PROCESSES = {"waitress": served_by_waitress, "gunicorn": served_by_gunicorn}
SERVERS = ["werkzeug", *PROCESSES]


def serve(server, name, *arguments):
    if server in PROCESSES:
        return PROCESSES[server](f"{name}({', '.join(map(repr, arguments))})")
    return served_by_werkzeug(getattr(frameworks, name)(*arguments))


@pytest.fixture(scope="module", params=SERVERS)
def v1(request):
    with serve(request.param, "flask_controller", "v1") as server:
        yield server


@pytest.fixture(scope="module", params=SERVERS)
def v2(request):
    with serve(request.param, "flask_controller", "v2") as server:
        yield server


@pytest.fixture(scope="module", params=SERVERS)
def edge(request):
    with serve(request.param, "flask_edge") as server:
        yield server


class TestController(ControllerContract):
    @pytest.mark.parametrize("server", SERVERS)
    def test_a_mounted_app_is_guarded(self, server):
        with serve(server, "mounted_flask_controller", "v1") as running:
            assert running.ask("GET", "/in/a/health").status == 204
            assert running.ask("GET", "/in/a/metrics").status == 401
            assert running.ask("GET", "/in/a/metrics", TOKEN_HEADER).json["basis"] == "token"
            assert running.ask("GET", "/in/a/%68ealth").status == 401
            assert running.ask("GET", v1_target("/a", route="/in/a/files")).status == 404
            assert running.ask("GET", "/i%6E/a/health").status == 401
            assert running.ask("GET", "/health").status == 404


class TestEdge(EdgeContract):
    LINES = False


class TestSdk(SdkContract):
    pass
