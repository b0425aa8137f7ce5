"""Every array of `vectors/v2.json`: the answers of an independent implementation of wire format v2."""

import pytest
import vectors
from sandgate import Controller, DeniedError, Edge, Policy, Route, SandboxState
from sandgate.v2 import FileUrlKey, Keyring, TrafficKey, TrafficKeyring, traffic_root

VECTORS = vectors.File("v2.json")
each = VECTORS.each


@each("derive")
def test_derive(case):
    seed, kid, id = bytes.fromhex(case["seed_hex"]), case["kid"], case["sandbox_id"]
    generation, access, traffic = case["generation"], case["access_token"], case["traffic_token"]
    keyring = Keyring({kid: seed})
    assert keyring.access_token(id, generation=generation) == access
    assert keyring.traffic_token(id, generation=generation) == traffic
    keyring.verify_access_token(id, access, generation=generation)
    keyring.verify_traffic_token(id, traffic, generation=generation)
    assert not keyring.is_valid_access_token(id, access, generation=generation ^ 1)
    assert traffic_root(kid, seed) == case["traffic_root"]
    for edge in TrafficKeyring(case["traffic_root"]), keyring.traffic():
        assert edge.traffic_token(id, generation=generation) == traffic
        edge.verify_traffic_token(id, traffic, generation=generation)
        assert not edge.is_valid_traffic_token(id, traffic, generation=generation ^ 1)


def as_hex(value):
    return None if value is None else value.encode(errors="surrogateescape").hex()


def granted(grant):
    return {
        "path_hex": grant.path_bytes.hex(),
        "user_hex": as_hex(grant.user),
        "expires": grant.expires,
        "directory_hex": as_hex(grant.directory),
        "max_bytes": grant.max_bytes,
        "content_sha256": grant.content_sha256 and grant.content_sha256.hex(),
    }


@each("file_urls")
def test_file_urls(case):
    controller = Controller(*case["access_tokens"], policy=Policy(base=Policy.V2_ALONE, leeway=case["leeway"]))
    for method in {"read": ["GET", "HEAD"], "write": ["POST", "PUT"]}[case["operation"]]:
        try:
            allowed = controller.check(
                method, f"/files?{case['query']}", context=case["context"], now=case["now"]
            )
        except DeniedError as denied:
            assert (denied.code, None) == (case["result"], case.get("granted"))
        else:
            assert case["result"] == "ok" and allowed.basis == "signature" and allowed.grant
            assert allowed.grant.operation == case["operation"]
            assert granted(allowed.grant) == case["granted"]


@each("file_urls")
def test_file_urls_by_their_key(case):
    """Without a controller: the key that the signature names, or any key."""
    keys = {token[5]: FileUrlKey(token, leeway=case["leeway"]) for token in case["access_tokens"]}
    outcomes = set()
    for key in keys.values():
        try:
            grant = key.verify_query(case["query"], case["operation"], context=case["context"], now=case["now"])
        except DeniedError as denied:
            outcomes.add(denied.code)
        else:
            assert granted(grant) == case["granted"]
            outcomes.add("ok")
    # The other keys have another key id.
    assert case["result"] in outcomes and outcomes <= {case["result"], "invalid"}


@each("edge")
def test_edge(case):
    policy = Policy(carriers=tuple(case["accept"]), leeway=case["leeway"])
    edge = Edge(policy=policy, v2_keyring=TrafficKeyring(*case["traffic_roots"]))
    route = Route.parse(case["host"])
    assert (route.sandbox_id, route.port) == (case["sandbox_id"], case["port"])
    state = SandboxState(restricted=True, generation=case["generation"])
    request = {"traffic_token": case["header"], "cookies": case["cookie"], "context": case["context"]}
    asked = (route, state, "GET", f"/?{case['query']}")
    # Also that of a refusal.
    assert edge.carrier(*asked, traffic_token=case["header"], cookies=case["cookie"]) == case["carrier"]
    try:
        passed = edge.check(*asked, **request, now=case["now"])
    except DeniedError as denied:
        assert (denied.gate, denied.code) == ("traffic", case["result"])
    else:
        assert (case["result"], passed.carrier) == ("ok", case["carrier"])


@each("directories")
def test_directories(case):
    key = FileUrlKey(Keyring({"a": bytes(32)}).access_token("abc"))
    try:
        key.sign("", directory=case["directory"], expires=1)
    except ValueError as error:
        assert str(error).startswith("directory: ") and not case["valid"]
    else:
        assert case["valid"]


@each("labels")
def test_labels(case):
    key, id, port, end = TrafficKey(case["traffic_token"]), case["sandbox_id"], case["port"], case["expires"]
    assert key.issue_signed_host(id, port, expires=end) == case["label"]
    assert key.issue_pass(port, expires=end) == case["pass"]
    assert key.verify_signed_host(case["label"], id, port, now=end) == end
    assert key.verify_pass(case["pass"], port, now=end) == end


def test_every_array_is_tested():
    assert VECTORS.untested() == []
