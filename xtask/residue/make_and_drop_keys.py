"""Makes and drops each kind of key in Python. scan.py then searches the memory for remains."""

import gc
import hashlib
import json
import sys

from sandgate import Controller, Edge, Route, SandboxState, v1, v2

V1_SEED = b"the v1 seed of the residue check"
V2_SEED = b"the v2 seed of the residue check, with more than 32 bytes"
ID = "i94gcaqbpvohfr764s5l"
CANARY = bytearray(b"canary of the residue check")


def make() -> list[object]:
    first, second = v1.Keyring(V1_SEED), v2.Keyring({"k": V2_SEED})
    token, other = first.access_token(ID), second.access_token(ID)
    traffic = second.traffic()
    key = v2.TrafficKey(second.traffic_token(ID))
    edge = Edge(v1_keyring=first, v2_keyring=traffic)
    presented = key.issue_pass(8080, expires=1800000060)
    edge.check(Route(ID, 8080), SandboxState(restricted=True), "GET", "/", traffic_token=presented, now=1800000000)
    urls = [v1.FileUrlKey(token), v2.FileUrlKey(other)]
    for url in urls:
        url.sign("/a", expires=1800000060)
    controllers = [Controller(token), Controller(other)]
    for controller in controllers:
        controller.check("GET", "/metrics", access_token=[token, other][controllers.index(controller)])
    replaced = Controller(other)
    for current in token, other, token:
        replaced.initialize(json.dumps({"accessToken": current}), hashlib.sha512(current.encode()).hexdigest())
    assert first.is_valid_access_token(ID, token) and second.is_valid_access_token(ID, other)
    from_root = v2.TrafficKeyring(v2.traffic_root("k", V2_SEED))
    return [first, second, traffic, from_root, key, edge, *urls, *controllers, replaced]


def tell(stage: str) -> None:
    print(stage, flush=True)
    sys.stdin.readline()


keys = make()
tell("live")
keys.clear()
gc.collect()
tell("dropped")
