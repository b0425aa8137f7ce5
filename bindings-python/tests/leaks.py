"""Prints how much the memory of this process grows by many calls of one function: `python leaks.py NAME CALLS`.

A process of its own measures each, as what others have freed would hide a leak.
"""

import gc
import os
import sys
from hashlib import sha512

from calls import (
    CONTROLLER,
    EDGE,
    END,
    ID,
    INITIALISED,
    NOW,
    ROUTE,
    SEED,
    STATE,
    TRAFFIC,
    TRAFFIC_TOKEN,
    V1_KEY,
    V1_RING,
    V1_TOKEN,
    V2_KEY,
    V2_RING,
    V2_TOKEN,
    VERIFIER,
)
from sandgate import Controller, DeniedError, Head, e2b, fingerprint, forward, v1, v2, wake, webhook

CALLS = 1_000_000
V1_SIGNED = V1_KEY.sign("/a", expires=END)
V2_QUERY = V2_KEY.url("https://a", "/a", expires=END).partition("?")[2]
TARGET = V1_KEY.url("https://a", "/a", expires=END).removeprefix("https://a")
HOST = f"8080-{ID}.e2b.app"
LINES = [("Host", HOST), ("Cookie", "a=1"), ("e2b-traffic-access-token", TRAFFIC_TOKEN)]
HEAD = Head("GET", "/", LINES)
BODY, HASH = f'{{"accessToken":"{V2_TOKEN}"}}', sha512(V2_TOKEN.encode()).hexdigest()
WEBHOOK = webhook.sign(SEED, b"body")
PASS = TRAFFIC.issue_pass(8080, expires=END)


def refused(call):
    def caught():
        try:
            call()
        except (DeniedError, TypeError, ValueError):
            pass

    return caught


#: Calls that a server or an SDK makes all the time run a million times. The rest run less often: a leak per call shows
#: there too.
HOT = {
    "v1 access_token": lambda: V1_RING.access_token(ID),
    "v1 is_valid_access_token": lambda: V1_RING.is_valid_access_token(ID, V1_TOKEN),
    "v1 sign": lambda: V1_KEY.sign("/a", "read", "user", END),
    "v1 is_valid": lambda: V1_KEY.is_valid(V1_SIGNED, "/a", expires=END, now=NOW),
    "v2 access_token": lambda: V2_RING.access_token(ID),
    "v2 is_valid_access_token": lambda: V2_RING.is_valid_access_token(ID, V2_TOKEN),
    "v2 sign": lambda: V2_KEY.sign("/a", expires=END),
    "v2 verify_query": lambda: V2_KEY.verify_query(V2_QUERY, now=NOW),
    "Controller.check": lambda: CONTROLLER.check("GET", TARGET, now=NOW),
    "Controller.guard": lambda: CONTROLLER.guard(Head("GET", TARGET, LINES, context="c"), now=NOW),
    "Edge.check": lambda: EDGE.check(ROUTE, STATE, "GET", "/", traffic_token=TRAFFIC_TOKEN, now=NOW),
    "get_signature": lambda: e2b.get_signature("/a", "read", "user", V1_TOKEN, 60),
    "verify refused": refused(lambda: V1_KEY.verify(V1_SIGNED, "/b", expires=END, now=NOW)),
}
REST = {
    "v1.FileUrlKey": lambda: v1.FileUrlKey(V1_TOKEN),
    "v2.Keyring": lambda: v2.Keyring({"a": SEED}),
    "v2.FileUrlKey": lambda: v2.FileUrlKey(V2_TOKEN),
    "Controller": lambda: Controller(V1_TOKEN, V1_TOKEN[1:]),
    "Controller.initialize": lambda: INITIALISED.initialize(BODY, HASH),
    "Controller.initialize with another token": lambda: Controller.waiting().initialize(BODY),
    "Controller.initialize refused": refused(lambda: INITIALISED.initialize("{}")),
    "wake.check": lambda: wake.check(EDGE, CONTROLLER, ROUTE, STATE, "GET", "/", traffic_token=TRAFFIC_TOKEN, now=NOW),
    "wake.check refused": refused(lambda: wake.check(EDGE, CONTROLLER, ROUTE, STATE, "GET", "/")),
    "webhook.Verifier": lambda: webhook.Verifier(SEED, SEED[1:]),
    "webhook.sign": lambda: webhook.sign(SEED, b"body"),
    "webhook in pieces": lambda: VERIFIER.start({"e2b-signature": WEBHOOK}).update(b"body"),
    "webhook refused": refused(lambda: VERIFIER.verify({"e2b-signature": WEBHOOK}, b"")),
    "v1 signed": lambda: V1_KEY.signed("/a", expires_in=60),
    "v1 is_valid of a lone surrogate": lambda: V1_KEY.is_valid(V1_SIGNED, "/a\ud800", now=NOW),
    "v2 url": lambda: V2_KEY.url("https://a", "/a", expires=END),
    "issue_pass": lambda: TRAFFIC.issue_pass(8080, expires=END),
    "verify_pass": lambda: TRAFFIC.verify_pass(PASS, 8080, now=NOW),
    "grant": lambda: V2_KEY.verify_query(V2_QUERY, now=NOW).path,
    "fingerprint": lambda: fingerprint("token"),
    "Edge.route and Edge.guard": lambda: EDGE.guard(EDGE.route(HEAD), STATE, HEAD, now=NOW),
    "a head with two views": refused(lambda: CONTROLLER.guard(Head("POST", "/", LINES, beside=HEAD))),
    "forward.header": lambda: forward.header("Host", HOST),
    "forward.target": lambda: forward.target("/?a=1&sandgate_traffic=x"),
    "forward.query": lambda: forward.query("a=1&sandgate_traffic=x"),
    "Controller.check with a list": lambda: CONTROLLER.check("GET", TARGET, access_token=[V1_TOKEN], now=NOW),
    "Controller.check refused": refused(lambda: CONTROLLER.check("GET", "/metrics")),
    "a wrong type": refused(lambda: V1_KEY.sign(1)),
    "a wrong value": refused(lambda: V2_KEY.sign("", expires=END)),
}


def resident():
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def grown(call, calls):
    for _ in range(calls // 10):
        call()
    before = resident()
    for _ in range(calls):
        call()
    return resident() - before


if __name__ == "__main__":
    kept: list[object] = []
    functions = {**HOT, **REST, "a leak": lambda: kept.append(object())}
    print(grown(functions[sys.argv[1]], int(sys.argv[2])))
