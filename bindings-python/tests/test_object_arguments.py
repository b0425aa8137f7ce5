"""Where an object of a class is wanted, another is refused by name, and so is what is merely truthy."""

import pytest
from calls import EDGE, ROUTE, STATE, V2_RING, V2_TOKEN
from sandgate import Controller, Edge, Policy, SandboxState, v2

CASES = [
    ("Policy", "base", "sandgate.Policy", lambda x: Policy(base=x)),
    ("Policy", "v1_expiry_required", "bool", lambda x: Policy(v1_expiry_required=x)),
    ("Policy", "carriers", "tuple", lambda x: Policy(carriers=x)),
    ("Policy", "versions", "tuple", lambda x: Policy(versions=x)),
    ("Controller", "policy", "sandgate.Policy", lambda x: Controller(V2_TOKEN, policy=x)),
    ("Edge", "policy", "sandgate.Policy", lambda x: Edge(policy=x)),
    ("Edge", "v1_keyring", "sandgate.v1.Keyring", lambda x: Edge(v1_keyring=x)),
    ("Edge", "v2_keyring", "sandgate.v2.TrafficKeyring", lambda x: Edge(v2_keyring=x)),
    ("SandboxState", "restricted", "bool", lambda x: SandboxState(restricted=x)),
    ("Edge.screen", "route", "sandgate.Route", lambda x: EDGE.screen(x, "GET", "/")),
    ("Edge.check", "route", "sandgate.Route", lambda x: EDGE.check(x, STATE, "GET", "/")),
    ("Edge.check", "state", "sandgate.SandboxState", lambda x: EDGE.check(ROUTE, x, "GET", "/")),
    ("v2.Keyring", "seeds", "dict", v2.Keyring),
]


@pytest.mark.parametrize(
    ("name", "wanted", "call"), [case[1:] for case in CASES], ids=[f"{case[0]} {case[1]}" for case in CASES]
)
@pytest.mark.parametrize("value", [1, "yes", b"", [], object(), V2_RING], ids=lambda value: type(value).__name__)
def test_another_class_is_refused_by_name(name, wanted, call, value):
    with pytest.raises(TypeError, match=rf"^{name} has to be {wanted}, not {type(value).__name__}$"):
        call(value)
