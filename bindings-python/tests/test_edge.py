"""The edge's rule for one request, and routes."""

import pytest
from calls import END, ID, NOW, SEED, V1_RING, V2_RING
from sandgate import (
    Edge,
    InvalidError,
    MalformedError,
    MissingError,
    OutOfScopeError,
    Policy,
    Route,
    SandboxState,
    v2,
)

RESTRICTED = SandboxState(restricted=True)
ROUTE = Route(ID, 8080)
EDGE = Edge(v1_keyring=V1_RING, v2_keyring=V2_RING.traffic())
ALL = Edge(v2_keyring=V2_RING.traffic(), policy=Policy(carriers=("header", "host", "query", "cookie")))
KEY = v2.TrafficKey(V2_RING.traffic_token(ID))
PASS = KEY.issue_pass(8080, expires=END)


def seen(passed):
    return passed.basis, passed.carrier, passed.expires


def test_basis_names_why_a_request_passes():
    check = EDGE.check
    assert seen(check(ROUTE, SandboxState(restricted=False), "GET", "/")) == ("public", None, None)
    assert seen(check(Route(ID, 49983), RESTRICTED, "GET", "/")) == ("controller_port", None, None)
    for token in V1_RING.traffic_token(ID), V2_RING.traffic_token(ID):
        assert seen(check(ROUTE, RESTRICTED, "GET", "/", traffic_token=token)) == ("token", "header", None)
    assert seen(check(ROUTE, RESTRICTED, "GET", "/", traffic_token=PASS, now=NOW)) == ("pass", "header", END)


def test_only_accepted_carriers_are_read():
    def check(target="/", **options):
        return seen(ALL.check(ROUTE, RESTRICTED, "GET", target, now=NOW, **options))

    assert check(f"/?a=1&sandgate_traffic={PASS}") == ("pass", "query", END)
    assert check(cookies=f"a=1; __Host-sandgate-traffic={PASS}") == ("pass", "cookie", END)
    assert check(cookies=["a=1", f"__Host-sandgate-traffic={PASS}".encode()]) == ("pass", "cookie", END)
    label = KEY.issue_signed_host(ID, 8080, expires=END)
    assert seen(ALL.check(Route.parse(f"{label}.e2b.app"), RESTRICTED, "GET", "/", now=NOW)) == (
        "signed_host",
        "host",
        END,
    )
    with pytest.raises(MissingError):
        EDGE.check(ROUTE, RESTRICTED, "GET", f"/?sandgate_traffic={PASS}", now=NOW)


def test_only_the_current_generation_passes():
    state = SandboxState(restricted=True, generation=1)
    with pytest.raises(InvalidError):
        EDGE.check(ROUTE, state, "GET", "/", traffic_token=V2_RING.traffic_token(ID))
    EDGE.check(ROUTE, state, "GET", "/", traffic_token=V2_RING.traffic_token(ID, generation=1))


def test_an_edge_without_keyrings_uses_the_stored_token():
    state = SandboxState(restricted=True, traffic_token=V2_RING.traffic_token(ID))
    assert Edge().check(ROUTE, state, "GET", "/", traffic_token=PASS, now=NOW).basis == "pass"
    with pytest.raises(InvalidError):
        Edge().check(ROUTE, state, "GET", "/", traffic_token=V2_RING.traffic_token("other"))


def test_a_pass_opens_only_its_port():
    with pytest.raises(OutOfScopeError):
        EDGE.check(Route(ID, 8081), RESTRICTED, "GET", "/", traffic_token=PASS, now=NOW)


def test_a_repeated_header_is_malformed():
    with pytest.raises(MalformedError):
        EDGE.check(ROUTE, RESTRICTED, "GET", "/", traffic_token=[PASS, PASS], now=NOW)


def test_the_controllers_port_is_configurable():
    edge = Edge(controller_port=8080)
    assert edge.check(ROUTE, RESTRICTED, "GET", "/").basis == "controller_port"
    with pytest.raises(ValueError, match="^port: "):
        v2.TrafficKey(V2_RING.traffic_token(ID), controller_port=8080).issue_pass(8080, expires=END)


def test_internal_routes_are_hidden_before_the_sandbox_is_looked_up():
    with pytest.raises(OutOfScopeError) as raised:
        EDGE.screen(Route(ID, 49983), "POST", "/init")
    assert raised.value.status == 404
    EDGE.screen(ROUTE, "POST", "/init")
    EDGE.screen(Route(ID, 49983), "GET", "/files")


def test_an_edge_of_roots_opens_no_controller():
    ring = v2.TrafficKeyring(v2.traffic_root("a", SEED))
    assert not hasattr(ring, "access_token")
    assert ring.traffic_token(ID) == V2_RING.traffic_token(ID)


def test_positional_and_keyword_only_arguments():
    for wrong in [(), (ROUTE,), (ROUTE, RESTRICTED), (RESTRICTED, ROUTE, "GET", "/"), (None, None, None, None)]:
        with pytest.raises(TypeError):
            EDGE.check(*wrong)
    with pytest.raises(TypeError):
        SandboxState(True)
    with pytest.raises(TypeError):
        SandboxState(restricted=1)
    with pytest.raises(TypeError):
        Edge(v2_keyring=V2_RING)


def test_routes_are_values():
    parsed = Route.parse(f"8080-{ID}.e2b.app")
    assert parsed == ROUTE and hash(parsed) == hash(ROUTE) and parsed != Route(ID, 8081) and parsed != str(ROUTE)
    assert (str(ROUTE), repr(ROUTE)) == (f"8080-{ID}", f"<sandgate.Route 8080-{ID}>")


def test_an_absent_or_repeated_host_is_refused():
    assert Route.parse("localhost", sandbox_id=ID, port="8080") == ROUTE
    for absent in None, []:
        with pytest.raises(MissingError):
            Route.parse(absent, sandbox_id=ID, port="8080")
    with pytest.raises(MalformedError):
        Route.parse([f"8080-{ID}.e2b.app"] * 2)


def test_carrier_names_where_the_credential_is():
    def carrier(target="/", **presented):
        return ALL.carrier(ROUTE, RESTRICTED, "GET", target, **presented)

    assert (carrier(), carrier(traffic_token="wrong")) == (None, "header")
    assert carrier("/?sandgate_traffic=wrong") == "query"
    assert carrier(cookies=["a=1", "__Host-sandgate-traffic=sg2p.x"]) == "cookie"
    assert ALL.carrier(ROUTE, SandboxState(restricted=False), "GET", "/", traffic_token="wrong") is None


def test_a_traffic_key_has_its_key_id():
    assert KEY.kid == "a"
