"""An object of every public class shows nothing of a secret, whether it holds one or was made from a request that had one."""

import inspect
import typing

import pytest
import sandgate
from calls import CONTROLLER, EDGE, ID, ROUTE, SECRETIVE, SECRETS, STATE, TRAFFIC_TOKEN, V1_KEY, V1_TOKEN, V2_KEY, V2_TOKEN
from sandgate import creation, e2b, forward, v1, v2, wake

QUERY = V1_KEY.url("https://a", "/a").split("?")[1]
ALLOWED = CONTROLLER.check("GET", f"/files?{QUERY}", access_token=V1_TOKEN, now=1)
OBJECTS = [
    *SECRETIVE,
    ALLOWED,
    ALLOWED.grant,
    EDGE.check(ROUTE, STATE, "GET", "/", traffic_token=TRAFFIC_TOKEN, now=1),
    sandgate.Head("GET", f"/?sandgate_traffic={TRAFFIC_TOKEN}", [("X-Access-Token", V2_TOKEN), ("Cookie", f"a={V1_TOKEN}")]),
    sandgate.explain(QUERY, V2_TOKEN),
    sandgate.Policy(),
    ROUTE,
    STATE,
    creation.decide(secure=True, envd_version="0.6.4"),
    e2b.get_signature("/a", "read", "user", V1_TOKEN),
    V1_KEY.signed("/a"),
    V2_KEY.signed("/a", expires=60),
]


def test_every_public_class_is_here():
    modules = (sandgate, v1, v2, creation, e2b, forward, wake)
    public = {found for module in modules for name, found in vars(module).items() if inspect.isclass(found) and name[0] != "_"}
    assert public - {type(made) for made in OBJECTS} == {
        found for found in public if issubclass(found, Exception) or typing.is_typeddict(found)
    }


@pytest.mark.parametrize("made", OBJECTS, ids=lambda made: type(made).__name__)
def test_no_object_shows_a_secret(made):
    shown = repr(made) + str(made) + f"{made!a}"
    assert not any(secret[at : at + 8] in shown for secret in SECRETS for at in range(0, len(secret) - 8, 8) if ID not in secret)
