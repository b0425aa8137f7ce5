"""Requests to paused sandboxes, and whether they wake them."""

from __future__ import annotations

from collections.abc import Iterator

import rule
from credentials import (
    ID,
    NOW,
    query,
    signed_part,
    traffic_pass,
    v1_access_token,
    v1_signature,
    v1_traffic_token,
    v2_access_token,
    v2_signature,
    v2_traffic_token,
)

#: Note, the controller (v1, v2 or open), method, target, headers, and the answer: "wakes", or the refusal.
Row = tuple[str, str, str, str, list[list[str]], str]

DOMAIN = "sandbox.example.com"
APP, PUBLIC = f"8080-{ID}.{DOMAIN}", f"8080-pub456.{DOMAIN}"
CONTROLLER, PUBLIC_CONTROLLER = f"49983-{ID}.{DOMAIN}", f"49983-pub456.{DOMAIN}"
TOKENS = {"v1": v1_access_token(ID), "v2": v2_access_token(ID)}
MESSAGE = "This sandbox can't be resumed with the credentials provided. Check your access token and try again."


def at(host: str, *headers: tuple[str, str]) -> list[list[str]]:
    return [["Host", host], *([name, value] for name, value in headers)]


def rows() -> Iterator[Row]:
    yield from applications()
    yield from controllers()
    yield from signatures()


def applications() -> Iterator[Row]:
    header = "e2b-traffic-access-token"
    signed = signed_part(ID, 8080, NOW + 60)
    traffic = traffic_pass(ID, 8080, NOW + 60)
    for controller in ("v1", "v2", "open"):
        yield "a public port", controller, "GET", "/", at(PUBLIC), "wakes"
        yield "a restricted port without a token", controller, "GET", "/", at(APP), "403 missing"
        yield "the access token opens no port", controller, "GET", "/", at(APP, ("X-Access-Token", TOKENS["v1"])), "403 missing"
        for token in (v1_traffic_token(ID), v2_traffic_token(ID), traffic):
            yield "a restricted port with its token", controller, "GET", "/", at(APP, (header, token)), "wakes"
        for token in (v1_traffic_token("pub456"), v2_traffic_token(ID, 1), TOKENS["v1"]):
            yield "a restricted port with a wrong token", controller, "GET", "/", at(APP, (header, token)), "403 invalid"
        yield "two tokens", controller, "GET", "/", at(APP, (header, "x"), (header, "x")), "403 malformed"
        yield "a signed host", controller, "GET", "/", at(f"8080-{ID}-{signed}.{DOMAIN}"), "wakes"
        yield "a pass in the query", controller, "GET", f"/?sandgate_traffic={traffic}", at(APP), "wakes"
        yield "a pass in a cookie", controller, "GET", "/", at(APP, ("Cookie", f"__Host-sandgate-traffic={traffic}")), "wakes"
        old = traffic_pass(ID, 8080, NOW - 1)
        yield "an expired pass", controller, "GET", f"/?sandgate_traffic={old}", at(APP), "403 expired"
        other = traffic_pass(ID, 8081, NOW + 60)
        yield "a pass for another port", controller, "GET", f"/?sandgate_traffic={other}", at(APP), "403 out_of_scope"


def controllers() -> Iterator[Row]:
    for host in (CONTROLLER, PUBLIC_CONTROLLER):
        for method, target in (("GET", "/health"), ("GET", "/metrics"), ("POST", "/process.Process/Start"), ("GET", "/files?path=%2Fa")):
            yield "a sandbox that is not secure", "open", method, target, at(host), "wakes"
            for controller, token in TOKENS.items():
                yield "the access token", controller, method, target, at(host, ("X-Access-Token", token)), "wakes"
                yield "a wrong token", controller, method, target, at(host, ("X-Access-Token", token + "x")), "403 invalid"
                twice = at(host, ("X-Access-Token", token), ("X-Access-Token", token))
                yield "two tokens", controller, method, target, twice, "403 malformed"
                yield "nothing", controller, method, target, at(host), "403 missing"
                yield "an empty token", controller, method, target, at(host, ("X-Access-Token", "")), "403 missing"
                wrong = at(host, ("e2b-traffic-access-token", v1_traffic_token(ID)))
                yield "the traffic token", controller, method, target, wrong, "403 missing"
    for controller, token in TOKENS.items():
        given = at(CONTROLLER, ("X-Access-Token", token))
        yield "the platform's own route", controller, "POST", "/init", given, "404 internal_route out_of_scope"
        yield "a path that could be parsed once more", controller, "GET", "/%2569nit", given, "400 internal_route malformed"
        yield "an escape in the path", controller, "GET", "/%66iles", given, "wakes"
        yield "an escape in the path", controller, "GET", "/%66iles", at(CONTROLLER), "403 missing"


def signatures() -> Iterator[Row]:
    for controller in ("v1", "v2"):
        for method, operation in (("GET", "read"), ("POST", "write")):
            for expires, answer in ((NOW + 60, "wakes"), (NOW, "wakes"), (NOW - 1, "403 expired")):
                target = signed(controller, operation, expires)
                yield "a signature", controller, method, target, at(CONTROLLER), answer
            target = signed(controller, operation, NOW + 60)
            yield "a signature on another route", controller, method, target.replace("/files", "/metrics"), at(CONTROLLER), "403 missing"
            other = "POST" if method == "GET" else "GET"
            yield "a signature for the other operation", controller, other, target, at(CONTROLLER), "403 invalid"
            yield "a signature for another path", controller, method, target.replace("%2Fa", "%2Fb"), at(CONTROLLER), "403 invalid"
            token = ("X-Access-Token", TOKENS[controller])
            yield "the token decides, not the signature", controller, method, "/files?signature=x&signature=y", at(CONTROLLER, token), "wakes"
            bad = ("X-Access-Token", "x")
            yield "a right signature does not rescue a wrong token", controller, method, target, at(CONTROLLER, bad), "403 invalid"
            yield "a signature twice", controller, method, target + "&signature=x", at(CONTROLLER), "403 malformed"
            yield "a signature of a sandbox that is not secure", "open", method, target, at(CONTROLLER), "wakes"
    head = signed("v2", "read", NOW + 60)
    yield "HEAD, in version 2", "v2", "HEAD", head, at(CONTROLLER), "wakes"
    yield "HEAD, in version 1", "v1", "HEAD", signed("v1", "read", NOW + 60), at(CONTROLLER), "403 missing"


def signed(controller: str, operation: str, expires: int) -> str:
    if controller == "v1":
        signature = v1_signature(TOKENS["v1"], "/a", operation, "", expires)
    else:
        signature = v2_signature(ID, operation, "/a", None, None, expires)
    return "/files?" + query(("path", "/a"), ("signature", signature), ("signature_expiration", expires))


def answer(controller: str, method: str, target: str, headers: list[list[str]]) -> dict[str, object]:
    """Whether the request wakes the sandbox, by the slow rules of the guards."""
    passed = rule.edge(method, target, headers)
    if passed["passed"] == "controller_port" and controller != "open":
        token = rule.once(headers, "wake", "x-access-token")
        if token is not None:
            if token != TOKENS[controller]:
                raise rule.Refused("wake", "invalid")
        elif rule.controller(controller, method, target, headers)["allowed"] != "signature":
            raise rule.Refused("wake", "missing")
    return {"wakes": True}


def refusal(refused: rule.Refused) -> dict[str, object]:
    """Whatever gate refuses, waking is refused, unless the edge hides the route or cannot read the target."""
    if refused.answer["gate"] in ("internal_route", "host"):
        return refused.answer
    return {"status": 403, "gate": "wake", "code": refused.answer["code"], "message": MESSAGE}
