"""Every argument of the public functions, each as a function of only that argument, with its name."""

import json
from hashlib import sha512

from sandgate import (
    Controller,
    Edge,
    InvalidError,
    Policy,
    Route,
    SandboxState,
    creation,
    e2b,
    equal,
    explain,
    fingerprint,
    forward,
    shorten_sandbox_id,
    v1,
    v2,
    wake,
    webhook,
)

SEED = "a seed of at least 32 bytes, kept secret"
ID = "i94gcaqbpvohfr764s5l"
NOW = 1800000000
END = NOW + 60

V1_RING = v1.Keyring(SEED)
V2_RING = v2.Keyring({"a": SEED})
V1_TOKEN, V2_TOKEN = V1_RING.access_token(ID), V2_RING.access_token(ID)
TRAFFIC_TOKEN = V2_RING.traffic_token(ID)
ROOT = v2.traffic_root("a", SEED)
V1_KEY, V2_KEY = v1.FileUrlKey(V1_TOKEN), v2.FileUrlKey(V2_TOKEN)
TRAFFIC = v2.TrafficKey(TRAFFIC_TOKEN)
TRAFFIC_RING = v2.TrafficKeyring(ROOT)
CONTROLLER = Controller(V1_TOKEN)
INITIALISED = Controller.waiting()
INITIALISED.initialize(json.dumps({"accessToken": V2_TOKEN}))
VERIFIER = webhook.Verifier(SEED)
VERIFICATION = VERIFIER.start({"e2b-signature": webhook.sign(SEED, b"")})
EDGE = Edge(v2_keyring=TRAFFIC_RING)
ROUTE = Route(ID, 8080)
CONTROLLER_PORT = Route(ID, 49983)
STATE = SandboxState(restricted=True)

#: The objects with a secret inside.
SECRETIVE = [V1_RING, V2_RING, TRAFFIC_RING, V1_KEY, V2_KEY, TRAFFIC, CONTROLLER, INITIALISED, EDGE, STATE, VERIFIER, VERIFICATION]
#: Values that must not be shown.
SECRETS = [SEED, V1_TOKEN, V2_TOKEN, TRAFFIC_TOKEN, ROOT]

#: Text of configuration and of values to sign: label, the name in the error, a right value, the call.
CONFIGURED = [
    ("explain token", "access_token", V1_TOKEN, lambda x: explain("path=/a", x)),
    ("explain operation", "operation", "read", lambda x: explain("path=/a", V1_TOKEN, operation=x)),
    ("v1.Keyring", "seed", SEED, v1.Keyring),
    ("v1.Keyring more", "seed", SEED[1:], lambda x: v1.Keyring(SEED, x)),
    ("v1 access_token", "sandbox_id", ID, V1_RING.access_token),
    ("v1 traffic_token", "sandbox_id", ID, V1_RING.traffic_token),
    ("v1 is_valid_access_token id", "sandbox_id", ID, lambda x: V1_RING.is_valid_access_token(x, "token")),
    ("v1.FileUrlKey", "access_token", V1_TOKEN, v1.FileUrlKey),
    ("v1 sign path", "path", "/a", lambda x: V1_KEY.sign(x)),
    ("v1 sign operation", "operation", "write", lambda x: V1_KEY.sign("/a", operation=x)),
    ("v1 sign user", "user", "user", lambda x: V1_KEY.sign("/a", user=x)),
    ("v1 url base", "base", "https://a", lambda x: V1_KEY.url(x, "/a")),
    ("v1 url path", "path", "/a", lambda x: V1_KEY.url("https://a", x)),
    ("v2.Keyring seed", "seeds", SEED, lambda x: v2.Keyring({"a": x})),
    ("v2 access_token", "sandbox_id", ID, V2_RING.access_token),
    ("v2 traffic_token", "sandbox_id", ID, V2_RING.traffic_token),
    ("traffic_root key id", "key_id", "a", lambda x: v2.traffic_root(x, SEED)),
    ("traffic_root seed", "seed", SEED, lambda x: v2.traffic_root("a", x)),
    ("v2.TrafficKeyring", "root", ROOT, v2.TrafficKeyring),
    ("v2.FileUrlKey", "access_token", V2_TOKEN, v2.FileUrlKey),
    ("v2 sign path", "path", "/a", lambda x: V2_KEY.sign(x, expires=END)),
    ("v2 sign operation", "operation", "write", lambda x: V2_KEY.sign("/a", operation=x, expires=END)),
    ("v2 sign user", "user", "user", lambda x: V2_KEY.sign("/a", user=x, expires=END)),
    ("v2 sign directory", "directory", "/a/", lambda x: V2_KEY.sign("/a/b", directory=x, expires=END)),
    ("v2 sign context", "context", "203.0.113.7", lambda x: V2_KEY.sign("/a", context=x, expires=END)),
    ("v2 url base", "base", "https://a", lambda x: V2_KEY.url(x, "/a", expires=END)),
    ("v2.TrafficKey", "traffic_token", TRAFFIC_TOKEN, v2.TrafficKey),
    ("issue_pass context", "context", "x", lambda x: TRAFFIC.issue_pass(8080, expires=END, context=x)),
    ("issue_signed_host id", "sandbox_id", ID, lambda x: TRAFFIC.issue_signed_host(x, 8080, expires=END)),
    ("Controller", "access_token", V1_TOKEN, Controller),
    (
        "Controller.check context",
        "context",
        "x",
        lambda x: CONTROLLER.check("GET", "/", access_token=V1_TOKEN, context=x),
    ),
    (
        "Controller.initialize hash",
        "expected_hash",
        sha512().hexdigest(),
        lambda x: Controller(V1_TOKEN).initialize("{}", x),
    ),
    (
        "wake.check context",
        "context",
        "x",
        lambda x: wake.check(EDGE, CONTROLLER, CONTROLLER_PORT, STATE, "GET", "/", access_token=V1_TOKEN, context=x),
    ),
    ("shorten_sandbox_id", "sandbox_id", f"{ID}-client", shorten_sandbox_id),
    ("webhook.Verifier", "secret", SEED, webhook.Verifier),
    ("webhook.Verifier more", "secret", SEED[1:], lambda x: webhook.Verifier(SEED, x)),
    ("webhook.sign", "secret", SEED, lambda x: webhook.sign(x, b"")),
    ("Route id", "sandbox_id", ID, lambda x: Route(x, 8080)),
    (
        "SandboxState",
        "traffic_token",
        TRAFFIC_TOKEN,
        lambda x: SandboxState(restricted=True, traffic_token=x),
    ),
    ("Policy carriers", "carriers", "header", lambda x: Policy(carriers=(x,))),
    ("Policy versions", "versions", "v2", lambda x: Policy(versions=(x,))),
    ("e2b path", "path", "/a", lambda x: e2b.get_signature(x, "read", None, V1_TOKEN)),
    ("e2b operation", "operation", "read", lambda x: e2b.get_signature("/a", x, None, V1_TOKEN)),
    ("e2b user", "user", "user", lambda x: e2b.get_signature("/a", "read", x, V1_TOKEN)),
    ("e2b token", "envd_access_token", V1_TOKEN, lambda x: e2b.get_signature("/a", "read", None, x)),
]

#: Text that a client presents, or that is read at creation: the same.
PRESENTED = [
    ("explain", "query", "path=/a", lambda x: explain(x, V1_TOKEN)),
    ("equal a", "a", "x", lambda x: equal(x, "x")),
    ("equal b", "b", "x", lambda x: equal("x", x)),
    ("fingerprint", "token", "x", fingerprint),
    ("forward.query", "query", "a=1", forward.query),
    ("forward.cookies", "line", "a=1", forward.cookies),
    ("v1 is_valid_access_token", "presented", "token", lambda x: V1_RING.is_valid_access_token(ID, x)),
    ("v1 is_valid_traffic_token", "presented", "token", lambda x: V1_RING.is_valid_traffic_token(ID, x)),
    ("v1 verify_access_token", "presented", V1_TOKEN, lambda x: V1_RING.verify_access_token(ID, x)),
    ("v1 is_valid signature", "signature", "v1_x", lambda x: V1_KEY.is_valid(x, "/a")),
    ("v1 is_valid path", "path", "/a", lambda x: V1_KEY.is_valid("v1_x", x)),
    ("v1 verify_query", "query", f"path=/a&signature={V1_KEY.sign('/a').replace('+', '%2B')}", V1_KEY.verify_query),
    ("v2 is_valid_access_token", "presented", "token", lambda x: V2_RING.is_valid_access_token(ID, x)),
    ("v2 verify_traffic_token", "presented", TRAFFIC_TOKEN, lambda x: V2_RING.verify_traffic_token(ID, x)),
    ("TrafficKeyring is_valid", "presented", "token", lambda x: TRAFFIC_RING.is_valid_traffic_token(ID, x)),
    ("v2 is_valid signature", "signature", "v2.x", lambda x: V2_KEY.is_valid(x, "/a", expires=END)),
    (
        "v2 verify_query",
        "query",
        f"path=/a&signature={V2_KEY.sign('/a', expires=END)}&signature_expiration={END}",
        lambda x: V2_KEY.verify_query(x, now=NOW),
    ),
    (
        "verify_pass",
        "presented",
        TRAFFIC.issue_pass(8080, expires=END),
        lambda x: TRAFFIC.verify_pass(x, 8080, now=NOW),
    ),
    (
        "verify_signed_host",
        "label",
        TRAFFIC.issue_signed_host(ID, 8080, expires=END),
        lambda x: TRAFFIC.verify_signed_host(x, ID, 8080, now=NOW),
    ),
    ("Controller.check method", "method", "GET", lambda x: CONTROLLER.check(x, "/", access_token=V1_TOKEN)),
    ("Controller.check target", "target", "/", lambda x: CONTROLLER.check("GET", x, access_token=V1_TOKEN)),
    ("Controller.check token", "access_token", V1_TOKEN, lambda x: CONTROLLER.check("GET", "/", access_token=x)),
    ("Controller.check tokens", "access_token", V1_TOKEN, lambda x: CONTROLLER.check("GET", "/", access_token=[x])),
    (
        "Controller.initialize body",
        "body",
        json.dumps({"accessToken": V1_TOKEN}),
        lambda x: Controller.waiting().initialize(x),
    ),
    (
        "wake.check method",
        "method",
        "GET",
        lambda x: wake.check(EDGE, CONTROLLER, CONTROLLER_PORT, STATE, x, "/", access_token=V1_TOKEN),
    ),
    (
        "wake.check target",
        "target",
        "/",
        lambda x: wake.check(EDGE, CONTROLLER, CONTROLLER_PORT, STATE, "GET", x, access_token=V1_TOKEN),
    ),
    (
        "wake.check access token",
        "access_token",
        V1_TOKEN,
        lambda x: wake.check(EDGE, CONTROLLER, CONTROLLER_PORT, STATE, "GET", "/", access_token=x),
    ),
    (
        "wake.check traffic token",
        "traffic_token",
        TRAFFIC_TOKEN,
        lambda x: wake.check(EDGE, CONTROLLER, ROUTE, STATE, "GET", "/", traffic_token=x),
    ),
    (
        "wake.check cookies",
        "cookies",
        "a=1",
        lambda x: wake.check(EDGE, CONTROLLER, ROUTE, STATE, "GET", "/", cookies=x, traffic_token=TRAFFIC_TOKEN),
    ),
    ("Route.parse host", "host", f"8080-{ID}.e2b.app", lambda x: Route.parse(x)),
    ("Route.parse id", "sandbox_id", ID, lambda x: Route.parse("localhost", sandbox_id=x, port="8080")),
    ("Route.parse port", "port", "8080", lambda x: Route.parse("localhost", sandbox_id=ID, port=x)),
    ("Edge.screen method", "method", "GET", lambda x: EDGE.screen(ROUTE, x, "/")),
    ("Edge.screen target", "target", "/", lambda x: EDGE.screen(ROUTE, "GET", x)),
    (
        "Edge.check token",
        "traffic_token",
        TRAFFIC_TOKEN,
        lambda x: EDGE.check(ROUTE, STATE, "GET", "/", traffic_token=x),
    ),
    (
        "Edge.check cookies",
        "cookies",
        "a=1",
        lambda x: EDGE.check(ROUTE, STATE, "GET", "/", cookies=x, traffic_token=TRAFFIC_TOKEN),
    ),
    ("v1 is_valid user", "user", "user", lambda x: V1_KEY.is_valid("v1_x", "/a", user=x)),
    ("v1 verify signature", "signature", V1_KEY.sign("/a"), lambda x: V1_KEY.verify(x, "/a")),
    ("v1 verify_traffic_token", "presented", V1_RING.traffic_token(ID), lambda x: V1_RING.verify_traffic_token(ID, x)),
    ("v2 verify_access_token", "presented", V2_TOKEN, lambda x: V2_RING.verify_access_token(ID, x)),
    ("v2 is_valid_traffic_token", "presented", "token", lambda x: V2_RING.is_valid_traffic_token(ID, x)),
    (
        "TrafficKeyring verify",
        "presented",
        TRAFFIC_TOKEN,
        lambda x: TRAFFIC_RING.verify_traffic_token(ID, x),
    ),
    ("v2 is_access_token", "token", V2_TOKEN, v2.is_access_token),
    ("v2 is_valid path", "path", "/a", lambda x: V2_KEY.is_valid("v2.x", x, expires=END, now=NOW)),
    ("v2 is_valid user", "user", "user", lambda x: V2_KEY.is_valid("v2.x", "/a", user=x, expires=END, now=NOW)),
    (
        "v2 is_valid directory",
        "directory",
        "/",
        lambda x: V2_KEY.is_valid("v2.x", "/a", directory=x, expires=END, now=NOW),
    ),
    (
        "v2 verify signature",
        "signature",
        V2_KEY.sign("/a", expires=END),
        lambda x: V2_KEY.verify(x, "/a", expires=END, now=NOW),
    ),
    ("Route.parse hosts", "host", f"8080-{ID}.e2b.app", lambda x: Route.parse((x,))),
    ("Edge.check method", "method", "GET", lambda x: EDGE.check(ROUTE, STATE, x, "/", traffic_token=TRAFFIC_TOKEN)),
    ("Edge.check target", "target", "/", lambda x: EDGE.check(ROUTE, STATE, "GET", x, traffic_token=TRAFFIC_TOKEN)),
    ("Edge.carrier method", "method", "GET", lambda x: EDGE.carrier(ROUTE, STATE, x, "/")),
    ("Edge.carrier target", "target", "/", lambda x: EDGE.carrier(ROUTE, STATE, "GET", x)),
    ("Edge.carrier token", "traffic_token", "x", lambda x: EDGE.carrier(ROUTE, STATE, "GET", "/", traffic_token=x)),
    ("Edge.carrier cookies", "cookies", "a=1", lambda x: EDGE.carrier(ROUTE, STATE, "GET", "/", cookies=[x])),
    ("forward.host", "host", f"8080-{ID}-x.e2b.app", lambda x: forward.host(x, ROUTE)),
    ("edge_body", "target", "/a", lambda x: InvalidError("traffic").edge_body(ID, x)),
    ("creation.decide", "envd_version", "0.6.4", lambda x: creation.decide(envd_version=x)),
]

#: All text arguments.
TEXT = [*CONFIGURED, *PRESENTED]

#: Numbers: label, the name in the error, a right value, the call.
NUMBERS = [
    ("v2 generation", "generation", 7, lambda x: V2_RING.access_token(ID, generation=x)),
    ("v2 traffic generation", "generation", 7, lambda x: TRAFFIC_RING.traffic_token(ID, generation=x)),
    ("v2 max_bytes", "max_bytes", 7, lambda x: V2_KEY.sign("/a", "write", expires=END, max_bytes=x)),
    ("v2 leeway", "leeway", 7, lambda x: v2.FileUrlKey(V2_TOKEN, leeway=x)),
    ("v2 max_lifetime", "max_lifetime", 7, lambda x: v2.FileUrlKey(V2_TOKEN, max_lifetime=x)),
    ("TrafficKey port", "controller_port", 7, lambda x: v2.TrafficKey(TRAFFIC_TOKEN, controller_port=x)),
    ("TrafficKey max_lifetime", "max_lifetime", 7, lambda x: v2.TrafficKey(TRAFFIC_TOKEN, max_lifetime=x)),
    (
        "TrafficKey signed_host_max_lifetime",
        "signed_host_max_lifetime",
        7,
        lambda x: v2.TrafficKey(TRAFFIC_TOKEN, signed_host_max_lifetime=x),
    ),
    ("issue_pass port", "port", 8080, lambda x: TRAFFIC.issue_pass(x, expires=END)),
    ("issue_signed_host port", "port", 8080, lambda x: TRAFFIC.issue_signed_host(ID, x, expires=END)),
    ("Route port", "port", 8080, lambda x: Route(ID, x)),
    ("Edge port", "controller_port", 8080, lambda x: Edge(controller_port=x)),
    ("SandboxState generation", "generation", 7, lambda x: SandboxState(restricted=True, generation=x)),
    ("Policy leeway", "leeway", 7, lambda x: Policy(leeway=x)),
    ("Policy max_lifetime", "max_lifetime", 7, lambda x: Policy(max_lifetime=x)),
    (
        "Policy signed_host_max_lifetime",
        "signed_host_max_lifetime",
        7,
        lambda x: Policy(signed_host_max_lifetime=x),
    ),
    (
        "e2b lifetime",
        "expiration_in_seconds",
        60,
        lambda x: e2b.get_signature("/a", "read", None, V1_TOKEN, x)["expiration"] is None,
    ),
]

#: Times: label, the name in the error, the call. `NOW` is a right value of each.
TIMES = [
    ("v1 sign", "expires", lambda x: V1_KEY.sign("/a", expires=x)),
    ("v1 url", "expires", lambda x: V1_KEY.url("https://a", "/a", expires=x)),
    ("v1 is_valid", "expires", lambda x: V1_KEY.is_valid("v1_x", "/a", expires=x)),
    ("v1 is_valid now", "now", lambda x: V1_KEY.is_valid("v1_x", "/a", now=x)),
    ("v2 sign", "expires", lambda x: V2_KEY.sign("/a", expires=x)),
    ("v2 is_valid", "expires", lambda x: V2_KEY.is_valid("v2.x", "/a", expires=x)),
    ("v2 is_valid now", "now", lambda x: V2_KEY.is_valid("v2.x", "/a", expires=END, now=x)),
    ("issue_pass", "expires", lambda x: TRAFFIC.issue_pass(8080, expires=x)),
    ("issue_signed_host", "expires", lambda x: TRAFFIC.issue_signed_host(ID, 8080, expires=x)),
    ("Controller.check", "now", lambda x: CONTROLLER.check("GET", "/", access_token=V1_TOKEN, now=x)),
    ("explain", "now", lambda x: explain("path=/a", V1_TOKEN, now=x)),
    (
        "wake.check",
        "now",
        lambda x: wake.check(EDGE, CONTROLLER, ROUTE, STATE, "GET", "/", traffic_token=TRAFFIC_TOKEN, now=x),
    ),
    (
        "Edge.check",
        "now",
        lambda x: EDGE.check(ROUTE, STATE, "GET", "/", traffic_token=TRAFFIC_TOKEN, now=x),
    ),
]

#: Lifetimes: label, the call.
LIFETIMES = [
    ("v1 sign", lambda x: V1_KEY.sign("/a", expires_in=x, now=NOW)),
    ("v1 url", lambda x: V1_KEY.url("https://a", "/a", expires_in=x, now=NOW)),
    ("v2 sign", lambda x: V2_KEY.sign("/a", expires_in=x, now=NOW)),
    ("v2 url", lambda x: V2_KEY.url("https://a", "/a", expires_in=x, now=NOW)),
    ("issue_pass", lambda x: TRAFFIC.issue_pass(8080, expires_in=x, now=NOW)),
    ("issue_signed_host", lambda x: TRAFFIC.issue_signed_host(ID, 8080, expires_in=x, now=NOW)),
]

V1_SIGNED, V2_SIGNED = V1_KEY.sign("/a", expires=END), V2_KEY.sign("/a", expires=END)
V1_QUERY, V2_QUERY = (key.url("https://a", "/a", expires=END).partition("?")[2] for key in (V1_KEY, V2_KEY))
PASS, HOST = TRAFFIC.issue_pass(8080, expires=END), TRAFFIC.issue_signed_host(ID, 8080, expires=END)

#: Calls that read the clock unless `now` is given: label, the call.
CLOCKED = [
    ("v1 signed", lambda **now: V1_KEY.signed("/a", expires_in=60, **now)),
    ("v1 url", lambda **now: V1_KEY.url("https://a", "/a", expires_in=60, **now)),
    ("v1 verify", lambda **now: V1_KEY.verify(V1_SIGNED, "/a", expires=END, **now)),
    ("v1 is_valid", lambda **now: V1_KEY.is_valid(V1_SIGNED, "/a", expires=END, **now)),
    ("v1 verify_query", lambda **now: V1_KEY.verify_query(V1_QUERY, **now)),
    ("v2 signed", lambda **now: V2_KEY.signed("/a", expires_in=60, **now)),
    ("v2 url", lambda **now: V2_KEY.url("https://a", "/a", expires_in=60, **now)),
    ("v2 verify", lambda **now: V2_KEY.verify(V2_SIGNED, "/a", expires=END, **now)),
    ("v2 is_valid", lambda **now: V2_KEY.is_valid(V2_SIGNED, "/a", expires=END, **now)),
    ("v2 verify_query", lambda **now: V2_KEY.verify_query(V2_QUERY, **now)),
    ("issue_pass", lambda **now: TRAFFIC.issue_pass(8080, expires_in=60, **now)),
    ("issue_signed_host", lambda **now: TRAFFIC.issue_signed_host(ID, 8080, expires_in=60, **now)),
    ("verify_pass", lambda **now: TRAFFIC.verify_pass(PASS, 8080, **now)),
    ("verify_signed_host", lambda **now: TRAFFIC.verify_signed_host(HOST, ID, 8080, **now)),
    ("Controller.check", lambda **now: CONTROLLER.check("GET", f"/files?{V1_QUERY}", **now)),
    ("Edge.check", lambda **now: EDGE.check(ROUTE, STATE, "GET", "/", traffic_token=PASS, **now)),
    ("wake.check", lambda **now: wake.check(EDGE, CONTROLLER, ROUTE, STATE, "GET", "/", traffic_token=PASS, **now)),
    ("explain", lambda **now: str(explain(V1_QUERY, V1_TOKEN, **now))),
]
