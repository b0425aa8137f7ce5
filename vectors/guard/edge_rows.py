"""Requests to an edge, their answers, and the forwarded requests."""

from __future__ import annotations

from collections.abc import Iterator

from credentials import ID, NOW, signed_part, traffic_pass, v1_access_token, v1_traffic_token, v2_traffic_token
from rule import INTERNAL

#: Note, method, target, headers, the answer, and what goes on: a target and header values, where that is worth a look.
Row = tuple[str, str, str, list[list[str]], str, "dict[str, object] | None"]

DOMAIN = "sandbox.example.com"
APP, CONTROLLER, PUBLIC = f"8080-{ID}.{DOMAIN}", f"49983-{ID}.{DOMAIN}", f"8080-pub456.{DOMAIN}"
TOKEN, V2 = v1_traffic_token(ID), v2_traffic_token(ID)
PASS = traffic_pass(ID, 8080, NOW + 60)
PART = signed_part(ID, 8080, NOW + 60)
SIGNED = f"8080-{ID}-{PART}.{DOMAIN}"
HEADER = "e2b-traffic-access-token"
TARGET, HOST, NOT_FOUND = "400 internal_route malformed", "400 host malformed", "404 internal_route out_of_scope"


def host(value: str) -> list[list[str]]:
    return [["Host", value]]


def rows() -> Iterator[Row]:
    yield from hosts()
    yield from targets()
    yield from internal_routes()
    yield from header_tokens()
    yield from passes()
    yield from signed_hosts()
    yield from forwarded_headers()


def hosts() -> Iterator[Row]:
    for name in (PUBLIC, f"{PUBLIC}:443", f"08080-pub456.{DOMAIN}", f"8080-pub456-any-thing.{DOMAIN}"):
        goes_on = {"target": "/", "headers": {"host": [PUBLIC + name.partition(":")[1] + name.partition(":")[2]]}}
        yield "a public sandbox", "GET", "/", host(name), "public", goes_on
    for name in (f"8080-gone.{DOMAIN}", f"49983-gone.{DOMAIN}"):
        yield "a sandbox that is not there", "GET", "/", host(name), "502", None
    yield "no host", "GET", "/", [], "400 host missing", None
    yield "an empty host", "GET", "/", host(""), "400 host missing", None
    yield "two hosts", "GET", "/", host(PUBLIC) + host(PUBLIC), HOST, None
    for name in (
        "example.com",
        f"{PUBLIC}, {PUBLIC}",
        f"8080-PUB456.{DOMAIN}",
        f"0-pub456.{DOMAIN}",
        f"65536-pub456.{DOMAIN}",
        f"8080-.{DOMAIN}",
        f"-pub456.{DOMAIN}",
        f"x-pub456.{DOMAIN}",
        f"xn--8080-pub456.{DOMAIN}",
        "8080-pub456",
        f"{PUBLIC}/x",
        f"u@{PUBLIC}",
        f"8080-pub456.{DOMAIN}:x",
        f"8080-p\xfcb456.{DOMAIN}",
        "[::1",
    ):
        yield "a host that leads nowhere", "GET", "/", host(name), HOST, None
    for name in ("localhost:3000", f"sandbox.{DOMAIN}", "127.0.0.1", "[::1]:80"):
        for vendor in ("E2b", "Novita"):
            routing = [[f"{vendor}-Sandbox-Id", "pub456"], [f"{vendor}-Sandbox-Port", "8080"]]
            yield "routing headers", "GET", "/", host(name) + routing, "public", {"target": "/", "headers": {"host": [name]}}
    for name in (f" {PUBLIC}", f"{PUBLIC}:80\t"):
        goes_on = {"target": "/", "headers": {"host": [name.strip()]}}
        yield "white space around the host", "GET", "/", host(name), "public", goes_on
    spaced = [["E2b-Sandbox-Id", " pub456"], ["E2b-Sandbox-Port", "8080\t"]]
    yield "white space around a routing header", "GET", "/", host("localhost ") + spaced, "public", None
    both = [["E2b-Sandbox-Id", "pub456"], ["E2b-Sandbox-Port", "8080"]]
    yield "routing headers beside a label", "GET", "/", host(APP) + both, "403 traffic missing", None
    yield "half of the routing headers", "GET", "/", host("localhost") + both[:1], "400 host missing", None
    yield "an empty routing header", "GET", "/", host("localhost") + [both[0], ["E2b-Sandbox-Port", ""]], "400 host missing", None
    yield "a routing header twice", "GET", "/", host("localhost") + both + both[:1], HOST, None
    yield "two vendors' headers", "GET", "/", host("localhost") + both + [["Novita-Sandbox-Id", "pub456"]], HOST, None


def targets() -> Iterator[Row]:
    for target in ("/init#x", "/#/init", "/?#x", "/?a=1#&sandgate_traffic=x", "/init\\", "/a\\..\\init", "/\\init", "/?a\\b"):
        yield "a target that readers cut or turn", "POST", target, host(CONTROLLER), TARGET, None
        yield "a target that readers cut or turn", "POST", target, host(PUBLIC), TARGET, None
    for target in ("/in\x01it", "/init\x7f", "/?a\x1fb"):
        yield "a control byte", "POST", target, host(CONTROLLER), TARGET, None
        yield "a control byte", "POST", target, host(PUBLIC), TARGET, None
    for target in (f"http://{CONTROLLER}/init", f"http://{PUBLIC}/", "*", "init"):
        yield "not in origin form", "POST", target, host(CONTROLLER), HOST, None
        yield "not in origin form", "GET", target, host(PUBLIC), HOST, None
    for target in (
        "//init",
        "/x//init",
        "/files//",
        "/%252e%252e/init",
        "/%252Finit",
        "/a%252f..%252finit",
        "/%25%32e/init",
        "/%2569nit",
        "/init%3Fx",
        "/init%23x",
        "/a%5C..%5Cinit",
        "/init%00",
    ):
        yield "a path that could be parsed once more", "POST", target, host(CONTROLLER), TARGET, None
        yield "a path of an application", "POST", target, host(PUBLIC), "public", {"target": target, "headers": {}}
    for target in ("/%", "/%zz", "/init%2"):
        yield "a path that cannot be decoded", "POST", target, host(CONTROLLER), TARGET, None
        yield "a path that cannot be decoded", "POST", target, host(PUBLIC), "public", {"target": target, "headers": {}}
    for name in (CONTROLLER, PUBLIC, f"49983-gone.{DOMAIN}"):
        yield "a method that not every forwarder can send", "TRACE", "/", host(name), TARGET, None


def internal_routes() -> Iterator[Row]:
    for path in INTERNAL:
        yield "an internal route", "POST", path, host(CONTROLLER), NOT_FOUND, None
        yield "an internal route", "GET", f"{path}?x=1", host(CONTROLLER), NOT_FOUND, None
    for path in ("/init/", "/./init", "/x/../init", "/%69nit", "/%69nit/", "/%2e/init", "/a%2F..%2Finit", "/%2Finit", "/../init/."):
        yield "an internal route, in another spelling", "POST", path, host(CONTROLLER), NOT_FOUND, None
        yield "a route of an application", "POST", path, host(PUBLIC), "public", {"target": path, "headers": {}}
    yield "an internal route of a sandbox that is not there", "POST", "/init", host(f"49983-gone.{DOMAIN}"), NOT_FOUND, None
    for path in ("/files?path=%2Finit", "/initx", "/init/x", "/INIT", "/x/init", "/init+", "/health"):
        yield "the controller has its own check", "GET", path, host(CONTROLLER), "controller_port", {"target": path, "headers": {}}


def header_tokens() -> Iterator[Row]:
    for token in (TOKEN, V2):
        goes_on = {"target": "/", "headers": {HEADER: [], "host": [APP]}}
        for name in (HEADER, "E2B-Traffic-Access-Token"):
            yield "the traffic token", "GET", "/", host(APP) + [[name, token]], "token header", goes_on
        yield "the traffic token where none is needed", "GET", "/", host(PUBLIC) + [[HEADER, token]], "public", {"target": "/", "headers": {HEADER: []}}
        yield "the traffic token, twice", "GET", "/", host(APP) + [[HEADER, token], [HEADER, token]], "403 traffic malformed", None
        yield "white space around the token", "GET", "/", host(APP) + [[HEADER, f" {token}\t"]], "token header", goes_on
    yield "nothing", "GET", "/", host(APP), "403 traffic missing", None
    yield "white space alone is no token", "GET", "/", host(APP) + [[HEADER, " "]], "403 traffic missing", None
    yield "an empty token", "GET", "/", host(APP) + [[HEADER, ""]], "403 traffic missing", None
    others = (v1_access_token(ID), v1_traffic_token("pub456"), v2_traffic_token("pub456"), v2_traffic_token(ID, 1), TOKEN.upper(), V2[:-1] + "_", "x", "\xff")
    for token in others:
        yield "a wrong token", "GET", "/", host(APP) + [[HEADER, token]], "403 traffic invalid", None
    for token in ("sg2t.", "sg2t.k.", V2 + "x", "sg2t.K" + V2[6:]):
        yield "a token of wrong shape", "GET", "/", host(APP) + [[HEADER, token]], "403 traffic malformed", None
    wrong = host(SIGNED) + [[HEADER, "x"], ["Cookie", f"__Host-sandgate-traffic={PASS}"]]
    yield "no other carrier rescues a wrong one", "GET", f"/?sandgate_traffic={PASS}", wrong, "403 traffic invalid", None


def passes() -> Iterator[Row]:
    cookie = [["Cookie", f"a=1; __Host-sandgate-traffic={PASS}; b=2"]]
    gone = {"target": "/", "headers": {HEADER: []}}
    yield "a pass in the header", "GET", "/", host(APP) + [[HEADER, PASS]], "pass header", gone
    yield "a pass in the query", "GET", f"/x?a&sandgate_traffic={PASS}&b=%zz", host(APP), "pass query", {"target": "/x?a&b=%zz", "headers": {}}
    yield "a pass in the query, escaped", "GET", f"/?sandgate%5Ftraffic=%73{PASS[1:]}", host(APP), "pass query", {"target": "/", "headers": {}}
    yield "a pass in a cookie", "GET", "/", host(APP) + cookie, "pass cookie", {"target": "/", "headers": {"cookie": ["a=1; b=2"]}}
    alone = [["Cookie", f"__Host-sandgate-traffic={PASS}"]]
    yield "a cookie line that is ours alone", "GET", "/", host(APP) + alone, "pass cookie", {"target": "/", "headers": {"cookie": []}}
    for line, left in (("a=b;  c=d", "a=b;  c=d"), ("a=1, __Host-sandgate-traffic=2", "a=1"), ("__Host-sandgate-traffic=2, a=1;b", "a=1; b")):
        goes_on = {"target": "/", "headers": {"cookie": [left]}}
        yield "the other cookies stay", "GET", "/", host(PUBLIC) + [["Cookie", line]], "public", goes_on
    for presented, answer in (
        (traffic_pass(ID, 8080, NOW), "pass"),
        (traffic_pass(ID, 8080, NOW - 1), "403 traffic expired"),
        (traffic_pass(ID, 8080, NOW + 604_800), "pass"),
        (traffic_pass(ID, 8080, NOW + 604_801), "403 traffic lifetime_too_long"),
        (traffic_pass(ID, 8081, NOW + 60), "403 traffic out_of_scope"),
        (traffic_pass(ID, 8080, NOW + 60, 1), "403 traffic invalid"),
        (traffic_pass("pub456", 8080, NOW + 60), "403 traffic invalid"),
        (PASS.replace(".8080.", ".08080."), "403 traffic malformed"),
        (PASS + "x", "403 traffic malformed"),
        ("sg2p.x", "403 traffic malformed"),
    ):
        for carrier in ("header", "query", "cookie"):
            target = f"/?sandgate_traffic={presented}" if carrier == "query" else "/"
            more = {"header": [[HEADER, presented]], "cookie": [["Cookie", f"__Host-sandgate-traffic={presented}"]]}.get(carrier, [])
            expected = f"pass {carrier}" if answer == "pass" else answer
            yield "a pass and its limits", "GET", target, host(APP) + more, expected, None
    for target in (f"/?sandgate_traffic={PASS}&sandgate_traffic={PASS}", "/?sandgate_traffic=", "/?sandgate_traffic", "/?sandgate_traffic=%"):
        yield "a parameter that cannot be read", "GET", target, host(APP), "403 traffic malformed", None
    for line in (f"__Host-sandgate-traffic={PASS}; __Host-sandgate-traffic={PASS}", "__Host-sandgate-traffic=", f'__Host-sandgate-traffic="{PASS}"'):
        yield "a cookie that cannot be read", "GET", "/", host(APP) + [["Cookie", line]], "403 traffic malformed", None
    yield "a token is no pass", "GET", f"/?sandgate_traffic={V2}", host(APP), "403 traffic malformed", None


def signed_hosts() -> Iterator[Row]:
    yield "a signed host", "GET", "/", host(SIGNED), "signed_host host", {"target": "/", "headers": {"host": [APP]}}
    yield "a signed host with a port", "GET", "/", host(SIGNED + ":443"), "signed_host host", {"target": "/", "headers": {"host": [APP + ":443"]}}
    day = signed_part(ID, 8080, NOW + 86_400)
    yield "the longest lifetime", "GET", "/", host(f"8080-{ID}-{day}.{DOMAIN}"), "signed_host host", None
    for part, answer in (
        (signed_part(ID, 8080, NOW - 1), "expired"),
        (signed_part(ID, 8080, NOW + 86_401), "lifetime_too_long"),
        (signed_part(ID, 8081, NOW + 60), "invalid"),
        (signed_part(ID, 8080, NOW + 60, 1), "invalid"),
        ("z" + PART[1:], "invalid"),
        ("A" + PART[1:], "malformed"),
        (PART[:-1] + "1", "malformed"),
        (PART[:-1], "missing"),
        (PART + "a", "missing"),
    ):
        yield "a signed host and its limits", "GET", "/", host(f"8080-{ID}-{part}.{DOMAIN}"), f"403 traffic {answer}", None


def forwarded_headers() -> Iterator[Row]:
    url, clean = f"https://{SIGNED}/p?sandgate_traffic={PASS}&q=1", f"https://{APP}/p?q=1"
    for name, value, left in (
        ("X-Forwarded-Host", SIGNED, APP),
        ("X-Forwarded-Host", f"{SIGNED}, my-proxy.test", f"{APP}, my-proxy.test"),
        ("X-Original-Host", SIGNED, APP),
        ("X-Forwarded-Server", SIGNED, APP),
        ("Forwarded", f'for=1.2.3.4;host="{SIGNED}";proto=https', f'for=1.2.3.4;host="{APP}";proto=https'),
        ("X-Original-URI", f"/p?sandgate_traffic={PASS}", "/p"),
        ("X-Original-URL", url, clean),
        ("X-Forwarded-Uri", f"/p?a&sandgate%5ftraffic={PASS}&b", "/p?a&b"),
        ("X-Rewrite-URL", f"/p?sandgate_traffic={PASS}", "/p"),
        ("X-Envoy-Original-Path", f"/p?sandgate_traffic={PASS}&x", "/p?x"),
        ("Referer", url, clean),
        ("Alt-Used", SIGNED, APP),
        ("Ping-From", url, clean),
        ("Origin", f"https://{SIGNED}", f"https://{APP}"),
        ("X-Forwarded-Proto", "https", "https"),
        ("X-Forwarded-For", "1.2.3.4", "1.2.3.4"),
    ):
        goes_on = {"target": "/", "headers": {name.lower(): [left], "host": [APP]}}
        yield "a header that repeats a host or a target", "GET", "/", host(SIGNED) + [[name, value]], "signed_host host", goes_on
