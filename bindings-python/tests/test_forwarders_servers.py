"""With httpx as the forwarder, the request that arrives after an edge is the one that it screened, without
credentials."""

import posixpath
from urllib.parse import unquote

import forwarders
import pytest
from deployment import ID, V2_KEYRING
from frameworks import PUBLIC_ID
from servers import (
    send,
    served_by_gunicorn,
    served_by_hypercorn,
    served_by_uvicorn,
    served_by_waitress,
    served_by_werkzeug,
)

import sandgate

SERVERS = {
    "uvicorn": lambda port: served_by_uvicorn(forwarders.asgi_forwarder(port), lifespan="off"),
    "hypercorn": lambda port: served_by_hypercorn(forwarders.asgi_forwarder(port)),
    "gunicorn": lambda port: served_by_gunicorn(f"wsgi_forwarder({port})", "forwarders"),
    "waitress": lambda port: served_by_waitress(f"wsgi_forwarder({port})", "forwarders"),
    "werkzeug": lambda port: served_by_werkzeug(forwarders.wsgi_forwarder(port)),
}

INTERNAL = ["/init", "/upgrade", "/freeze", "/unfreeze", "/fsfreeze", "/fsthaw", "/collapse"]

ADVERSARIAL = [
    "/init#x",
    "/#/../init",
    "/a\\..\\init",
    "\\init",
    "//init",
    "///init",
    "/a/..//init",
    "/%252e%252e/init",
    "/a%252F..%252Finit",
    "/%2569nit",
    "/%25%36%39nit",
    "/init%23",
    "/init%3Fx",
    "/init%00",
    "/in\tit",
    "/ini\x7ft",
    "/init\x01",
    "/a/../init",
    "/./init/",
    "/%2e/init",
    "/%69nit",
    "/init;x",
    "http://127.0.0.1/init",
    "HTTP://a.test//init",
    "init",
    "*",
    "?/init",
]
HARMLESS = ["/", "/files?path=%2Finit&x=%zz", "/a%2Fb?c%23d", "/a;b=c:d@e!$&'()*+,~", "/init2", "/%C3%A9?%C3%A9"]


@pytest.fixture(scope="module")
def upstream():
    with forwarders.upstream() as upstream:
        yield upstream


@pytest.fixture(scope="module", params=SERVERS)
def edge(request, upstream):
    with SERVERS[request.param](upstream.port) as server:
        upstream.take()
        yield server


def ask(edge, target, host, *headers, method="POST"):
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *headers, "Content-Length: 0", "Connection: close", "", ""]
    answer = send(edge.port, "\r\n".join(lines).encode("latin-1"))
    return int(answer.split(b" ", 2)[1])


def arrived_target(head):
    return head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")[1]


def meaning(target):
    """The path as a server after the edge may read it: decoded, without dot segments and doubled slashes."""
    path, _, query = target.partition("?")
    return posixpath.normpath("/" + unquote(path, "latin-1").lstrip("/")), query


@pytest.mark.parametrize("target", ADVERSARIAL)
def test_no_internal_route_arrives_at_the_controllers_port(edge, upstream, target):
    status = ask(edge, target, f"49983-{ID}.sandbox.test")
    arrived = [arrived_target(head) for head in upstream.take()]
    assert [meaning(found) for found in arrived] in ([], [meaning(target)])
    assert all(unquote(meaning(found)[0]).rstrip("/") not in INTERNAL for found in arrived)
    assert (status == 200) == bool(arrived) and status in (200, 400, 404)


@pytest.mark.parametrize("target", ADVERSARIAL)
def test_targets_for_other_ports_arrive_unchanged(edge, upstream, target):
    status = ask(edge, target, f"8080-{PUBLIC_ID}.sandbox.test")
    arrived = [arrived_target(head) for head in upstream.take()]
    assert [meaning(found) for found in arrived] in ([], [meaning(target)])
    assert (status == 200) == bool(arrived) and status in (200, 400)


@pytest.mark.parametrize("port", [8080, 49983])
@pytest.mark.parametrize("target", HARMLESS)
def test_harmless_targets_arrive_unchanged(edge, upstream, target, port):
    assert ask(edge, target, f"{port}-{PUBLIC_ID}.sandbox.test") == 200
    assert [arrived_target(head) for head in upstream.take()] == [target]


def test_no_credential_arrives(edge, upstream):
    key = sandgate.v2.TrafficKey(V2_KEYRING.traffic_token(ID))
    label = key.issue_signed_host(ID, 8080, expires_in=60)
    host, issued = f"{label}.sandbox.test", key.issue_pass(8080, expires_in=60)
    url = f"https://{host}/a?sandgate_traffic={issued}"
    repeated = [f"{name}: {url}" for name in ("Referer", "Origin", "X-Original-URL", "X-Rewrite-Url", "X-Envoy-Original-Path")]
    repeated += [f"X-Forwarded-Host: {host}", f"Forwarded: for=1.2.3.4;host={host}", f"X-Original-Host: {host}, {host}"]
    repeated += [f"E2b-Traffic-Access-Token: {issued}", f"Cookie: a=1; __Host-sandgate-traffic={issued}; b=2"]
    assert ask(edge, f"/a?sandgate_traffic={issued}&b=1", host, *repeated) == 200
    [head] = upstream.take()
    arrived = head.decode("latin-1").lower()
    assert arrived_target(head) == "/a?b=1" and f"host: 8080-{ID}.sandbox.test" in arrived
    for secret in (label.rpartition("-")[2], issued, "sandgate_traffic", "sandgate-traffic", "traffic-access-token"):
        assert secret.lower() not in arrived
    assert "cookie: a=1; b=2" in arrived and f"x-original-host: 8080-{ID}.sandbox.test, 8080-{ID}.sandbox.test" in arrived
