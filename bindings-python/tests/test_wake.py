"""Who may wake a paused sandbox."""

import json

import pytest
from calls import END, ID, NOW, TRAFFIC, TRAFFIC_RING, TRAFFIC_TOKEN, V1_KEY, V1_RING, V1_TOKEN, V2_KEY, V2_TOKEN
from sandgate import Controller, DeniedError, Edge, Policy, Route, SandboxState, wake

EDGE = Edge(
    v1_keyring=V1_RING, v2_keyring=TRAFFIC_RING, policy=Policy(carriers=("header", "host", "query", "cookie"))
)
CONTROLLER_PORT, OTHER_PORT = Route(ID, 49983), Route(ID, 8080)
PUBLIC, RESTRICTED = SandboxState(restricted=False), SandboxState(restricted=True)
SECURE, V2, INSECURE, WAITING = Controller(V1_TOKEN), Controller(V2_TOKEN), Controller.open(), Controller.waiting()
MESSAGE = "This sandbox can't be resumed with the credentials provided. Check your access token and try again."
PASS = TRAFFIC.issue_pass(8080, expires=END)
HOST = Route.parse(f"{TRAFFIC.issue_signed_host(ID, 8080, expires=END)}.e2b.app")


def files(key, operation="read", **options):
    return key.url("https://a", "/a", operation, **options).removeprefix("https://a")


V1_FILE, V2_FILE = files(V1_KEY, expires=END), files(V2_KEY, expires=END, context="c")

WAKES = {
    "public port": (SECURE, OTHER_PORT, PUBLIC, "GET", "/", {}),
    "public port of an insecure sandbox": (INSECURE, OTHER_PORT, PUBLIC, "GET", "/", {}),
    "public port while the controller waits": (WAITING, OTHER_PORT, PUBLIC, "GET", "/", {}),
    "restricted port, token of v1": (SECURE, OTHER_PORT, RESTRICTED, "GET", "/", {"traffic_token": V1_RING.traffic_token(ID)}),
    "restricted port, token of v2": (V2, OTHER_PORT, RESTRICTED, "GET", "/", {"traffic_token": TRAFFIC_TOKEN}),
    "restricted port, pass": (V2, OTHER_PORT, RESTRICTED, "GET", "/", {"traffic_token": [PASS]}),
    "restricted port, pass in the query": (V2, OTHER_PORT, RESTRICTED, "GET", f"/?sandgate_traffic={PASS}", {}),
    "restricted port, pass in a cookie": (V2, OTHER_PORT, RESTRICTED, "GET", "/", {"cookies": f"__Host-sandgate-traffic={PASS}"}),
    "restricted port, signed host": (V2, HOST, RESTRICTED, "GET", "/", {}),
    "insecure controller": (INSECURE, CONTROLLER_PORT, PUBLIC, "GET", "/health", {}),
    "token": (SECURE, CONTROLLER_PORT, PUBLIC, "GET", "/metrics", {"access_token": V1_TOKEN}),
    "token on an exempt route": (SECURE, CONTROLLER_PORT, RESTRICTED, "GET", "/health", {"access_token": V1_TOKEN}),
    "token on a file route": (V2, CONTROLLER_PORT, PUBLIC, "GET", "/files?path=/a", {"access_token": [V2_TOKEN]}),
    "signature of v1": (SECURE, CONTROLLER_PORT, PUBLIC, "GET", V1_FILE, {}),
    "signature of v2": (V2, CONTROLLER_PORT, RESTRICTED, "HEAD", V2_FILE, {"context": "c"}),
}


@pytest.mark.parametrize("name", WAKES)
def test_it_wakes(name):
    controller, route, state, method, target, presented = WAKES[name]
    assert wake.check(EDGE, controller, route, state, method, target, **presented, now=NOW) is None


REFUSED = {
    "restricted port": (SECURE, OTHER_PORT, RESTRICTED, "GET", "/", {}, "missing"),
    "restricted port, access token": (SECURE, OTHER_PORT, RESTRICTED, "GET", "/", {"access_token": V1_TOKEN}, "missing"),
    "restricted port, wrong token": (SECURE, OTHER_PORT, RESTRICTED, "GET", "/", {"traffic_token": V1_TOKEN}, "invalid"),
    "restricted port, repeated token": (V2, OTHER_PORT, RESTRICTED, "GET", "/", {"traffic_token": [PASS, PASS]}, "malformed"),
    "restricted port, pass of another": (V2, Route(ID, 80), RESTRICTED, "GET", "/", {"traffic_token": PASS}, "out_of_scope"),
    "restricted port, insecure": (INSECURE, OTHER_PORT, RESTRICTED, "GET", "/", {}, "missing"),
    "controller": (SECURE, CONTROLLER_PORT, PUBLIC, "GET", "/metrics", {}, "missing"),
    "exempt route": (SECURE, CONTROLLER_PORT, PUBLIC, "GET", "/health", {}, "missing"),
    "wrong token": (SECURE, CONTROLLER_PORT, PUBLIC, "GET", "/metrics", {"access_token": V2_TOKEN}, "invalid"),
    "traffic token": (V2, CONTROLLER_PORT, RESTRICTED, "GET", "/", {"traffic_token": TRAFFIC_TOKEN}, "missing"),
    "repeated token": (SECURE, CONTROLLER_PORT, PUBLIC, "GET", "/", {"access_token": [V1_TOKEN] * 2}, "malformed"),
    "wrong token and signature": (SECURE, CONTROLLER_PORT, PUBLIC, "GET", V1_FILE, {"access_token": "x"}, "invalid"),
    "signature of another operation": (SECURE, CONTROLLER_PORT, PUBLIC, "POST", V1_FILE, {}, "invalid"),
    "signature on another route": (SECURE, CONTROLLER_PORT, PUBLIC, "GET", V1_FILE.replace("files", "file"), {}, "missing"),
    "no signature": (SECURE, CONTROLLER_PORT, PUBLIC, "GET", "/files?path=/a", {}, "missing"),
    "signature without its context": (V2, CONTROLLER_PORT, PUBLIC, "GET", V2_FILE, {}, "invalid"),
    "signature of the other format": (V2, CONTROLLER_PORT, PUBLIC, "GET", V1_FILE, {}, "malformed"),
    "waiting": (WAITING, CONTROLLER_PORT, PUBLIC, "GET", "/health", {}, "not_initialized"),
    "waiting, token": (WAITING, CONTROLLER_PORT, PUBLIC, "GET", "/", {"access_token": V1_TOKEN}, "not_initialized"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_does_not_wake(name):
    controller, route, state, method, target, presented, code = REFUSED[name]
    with pytest.raises(DeniedError) as raised:
        wake.check(EDGE, controller, route, state, method, target, **presented, now=NOW)
    refused = raised.value
    assert (refused.gate, refused.code, refused.status, refused.message) == ("wake", code, 403, MESSAGE)
    assert json.loads(refused.edge_body(ID, target)) == {"sandboxId": ID, "message": MESSAGE, "code": 403}


def test_an_expired_credential_does_not_wake():
    for controller, route, target, presented in [
        (SECURE, CONTROLLER_PORT, V1_FILE, {}),
        (V2, OTHER_PORT, "/", {"traffic_token": PASS}),
        (V2, HOST, "/", {}),
    ]:
        wake.check(EDGE, controller, route, RESTRICTED, "GET", target, **presented, now=END)
        with pytest.raises(DeniedError) as raised:
            wake.check(EDGE, controller, route, RESTRICTED, "GET", target, **presented, now=END + 1)
        assert (raised.value.gate, raised.value.code) == ("wake", "expired")


@pytest.mark.parametrize(("target", "code", "status"), [("/init", "out_of_scope", 404), ("//a", "malformed", 400)])
def test_what_an_edge_never_forwards_wakes_nothing(target, code, status):
    for controller in SECURE, INSECURE, WAITING:
        with pytest.raises(DeniedError) as raised:
            wake.check(EDGE, controller, CONTROLLER_PORT, PUBLIC, "POST", target, access_token=V1_TOKEN)
        assert (raised.value.gate, raised.value.code, raised.value.status) == ("internal_route", code, status)


def test_the_controllers_port_is_that_of_the_edge():
    edge = Edge(controller_port=8080)
    with pytest.raises(DeniedError):
        wake.check(edge, SECURE, OTHER_PORT, PUBLIC, "GET", "/")
    wake.check(edge, SECURE, CONTROLLER_PORT, PUBLIC, "GET", "/")


def test_it_wakes_again_after_the_controller_is_initialised():
    controller = Controller.waiting()
    asked = (EDGE, controller, CONTROLLER_PORT, PUBLIC, "GET", "/")
    with pytest.raises(DeniedError):
        wake.check(*asked, access_token="first")
    controller.initialize('{"accessToken":"first"}')
    wake.check(*asked, access_token="first")
