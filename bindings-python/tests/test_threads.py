"""Threads can share one object."""

import sys
import threading

import pytest
from calls import END, ID, NOW, SEED, V1_TOKEN, V2_TOKEN
from sandgate import Controller, DeniedError, Edge, Route, SandboxState, e2b, errors, v1, v2

THREADS, ROUNDS = 8, 300


@pytest.fixture(autouse=True)
def switch_often():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def refusal(call):
    try:
        call()
    except DeniedError as denied:
        return type(denied), denied.gate, denied.message
    return None


def everything():
    """Makes each object once, and returns a function that uses all of them repeatedly."""
    ring, old, key, old_key = v2.Keyring({"a": SEED}), v1.Keyring(SEED), v2.FileUrlKey(V2_TOKEN), v1.FileUrlKey(V1_TOKEN)
    edge_ring, traffic = ring.traffic(), v2.TrafficKey(ring.traffic_token(ID))
    controller, edge = Controller(V2_TOKEN), Edge(v1_keyring=old, v2_keyring=edge_ring)
    route, state, passed = Route(ID, 8080), SandboxState(restricted=True), traffic.issue_pass(8080, expires=END)
    url = key.url("https://a", "/a", expires=END)
    target = url.removeprefix("https://a")
    query = target.partition("?")[2]
    return lambda: [
        (old.access_token(ID), old.traffic_token(ID), ring.access_token(ID), edge_ring.traffic_token(ID)),
        (old_key.sign("/a"), key.sign("/a", expires=END), key.url("https://a", "/a", expires=END) == url),
        (old.is_valid_access_token(ID, V1_TOKEN), ring.is_valid_access_token(ID, V2_TOKEN)),
        (old_key.is_valid(old_key.sign("/a"), "/a"), key.verify_query(query, now=NOW).path),
        (traffic.verify_pass(passed, 8080, now=NOW), traffic.issue_pass(8080, expires=END) == passed),
        controller.check("GET", target, now=NOW).basis,
        edge.check(route, state, "GET", "/", traffic_token=passed, now=NOW).basis,
        e2b.get_signature("/a", "read", "user", V1_TOKEN)["signature"],
        refusal(lambda: controller.check("GET", target, now=END + 1)),
        refusal(lambda: ring.verify_access_token("other", V2_TOKEN)),
        hash(route) == hash(Route(ID, 8080)),
    ]


def test_8_threads_share_all_objects():
    ask = everything()
    expected = ask()
    assert expected[-3][0] is errors.ExpiredError and expected[-2][0] is errors.InvalidError
    start, wrong, done = threading.Barrier(THREADS), [], []

    def work():
        start.wait()
        for _ in range(ROUNDS):
            answer = ask()
            if answer != expected:
                wrong.append(answer)
        done.append(True)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and len(done) == THREADS


def test_an_object_can_be_freed_in_another_thread():
    key = [v2.FileUrlKey(V2_TOKEN)]
    thread = threading.Thread(target=key.clear)
    thread.start()
    thread.join()
    assert not key
