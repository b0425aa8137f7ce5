"""Makes and drops each kind of key in Python. scan.py then searches the memory for remains."""

from __future__ import annotations

import ctypes
import gc
import hashlib
import sys

from sandgate import Controller, Edge, Route, SandboxState, v1, v2, webhook

ID = "i94gcaqbpvohfr764s5l"
CANARY = bytearray(b"canary of the residue check")


def wipe(value: str | bytes) -> None:
    """Overwrites the program's own copy, which Python would only free. The letters are ASCII, and the last part of the object."""
    ctypes.memset(id(value) + value.__sizeof__() - 1 - len(value), 0, len(value))


def seed(length: int, square: int, step: int, start: int) -> bytes:
    """A seed that the program does not contain as text. scan.py computes it too."""
    made = bytearray(length)
    for at in range(length):
        made[at] = (at * at * square + at * step + start) % 256
    copied = bytes(made)
    made[:] = bytes(length)
    return copied


def initialize(controller: Controller, token: str) -> None:
    encoded = token.encode()
    body = b"".join((b'{"accessToken":"', encoded, b'"}'))
    controller.initialize(body, hashlib.sha512(encoded).hexdigest())
    wipe(encoded)
    wipe(body)


def make(leaked: bytearray | None) -> list[object]:
    v1_seed, v2_seed = seed(32, 7, 31, 11), seed(60, 13, 57, 101)
    first, second = v1.Keyring(v1_seed), v2.Keyring({"k": v2_seed})
    token, other = first.access_token(ID), second.access_token(ID)
    stored, root = second.traffic_token(ID), v2.traffic_root("k", v2_seed)
    traffic = second.traffic()
    key = v2.TrafficKey(stored)
    edge = Edge(v1_keyring=first, v2_keyring=traffic)
    presented = key.issue_pass(8080, expires=1800000060)
    edge.check(Route(ID, 8080), SandboxState(restricted=True), "GET", "/", traffic_token=presented, now=1800000000)
    edge.check(Route(ID, 8080), SandboxState(restricted=True), "GET", "/", traffic_token=stored, now=1800000000)
    urls = [v1.FileUrlKey(token), v2.FileUrlKey(other)]
    for url in urls:
        url.sign("/a", expires=1800000060)
    controllers = [Controller(token), Controller(other)]
    for controller in controllers:
        controller.check("GET", "/metrics", access_token=[token, other][controllers.index(controller)])
    replaced = Controller(other)
    for current in token, other, token:
        initialize(replaced, current)
    assert first.is_valid_access_token(ID, token) and second.is_valid_access_token(ID, other)
    from_root = v2.TrafficKeyring(root)
    secrets = seed(40, 17, 43, 5), seed(90, 19, 37, 3)
    verifier = webhook.Verifier(*secrets)
    headers = {"e2b-signature": webhook.sign(secrets[1], b"a body")}
    verifier.verify(headers, b"a body")
    verification = verifier.start(headers)
    for piece in b"a ", b"body":
        verification.update(piece)
    verification.finish()
    if leaked is not None:
        leaked[:] = token[:8].encode()
    for value in v1_seed, v2_seed, token, other, stored, root, *secrets:
        wipe(value)
    return [first, second, traffic, from_root, key, edge, *urls, *controllers, replaced, verifier, verification]


def tell(stage: str) -> None:
    print(stage, flush=True)
    sys.stdin.readline()


# What the search must find if the program is told to leak.
kept = bytearray(8) if sys.argv[1:] == ["leak"] else None
keys = make(kept)
tell("live")
keys.clear()
gc.collect()
tell("dropped")
