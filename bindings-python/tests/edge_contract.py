"""The answers of an edge's app over HTTP, on every framework and server."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from deployment import ID, V1_KEYRING, V2_KEYRING
from frameworks import LOOKED_UP, PUBLIC_ID

import sandgate

HOST = f"8080-{ID}.sandbox.test"
HEADER = "e2b-traffic-access-token"
V1_TOKEN = V1_KEYRING.traffic_token(ID)
V2_TOKEN = V2_KEYRING.traffic_token(ID)
KEY = sandgate.v2.TrafficKey(V2_TOKEN)

MISSING = "Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing"
NOWHERE = "invalid host or routing headers"
INVALID = "Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid"


def a_pass(port=8080, expires_in=3600):
    return KEY.issue_pass(port, expires=int(time.time()) + expires_in)


def signed_host(expires_in=3600):
    return KEY.issue_signed_host(ID, 8080, expires=int(time.time()) + expires_in) + ".sandbox.test"


def ask(server, target="/", host=HOST, headers=(), **more):
    return server.ask(more.pop("method", "GET"), target, [("Host", host), *headers], **more)


def cookie(value):
    return ("Cookie", f"__Host-sandgate-traffic={value}")


def is_refused(answer, status, **body):
    assert (answer.status, answer.json) == (status, {**body, "code": status})
    assert answer.headers["content-type"] == "application/json"
    return True


def hides(answer, *secrets):
    """Asserts that the app sees no credential, in any form."""
    everything = json.dumps(answer.json)
    for secret in secrets:
        # A long enough piece of it, without characters that an escape might change.
        assert re.sub("[^A-Za-z0-9]", "", secret)[-20:] not in re.sub("[^A-Za-z0-9]", "", everything)
    for name in ("sandgate_traffic", "Host-sandgate", "traffic-access", "TRAFFIC_ACCESS"):
        assert name not in everything
    return True


class EdgeContract:
    #: Whether the server passes each line of a header to the app.
    LINES = True

    @pytest.mark.parametrize("token", [V1_TOKEN, V2_TOKEN, a_pass()], ids=["v1", "v2", "pass"])
    def test_header_credential_passes_and_is_removed(self, edge, token):
        answer = ask(edge, "/a%2Fb?x=%zz&y=+", headers=[("E2B-Traffic-Access-Token", token), ("Cookie", "a=1;b=2")])
        seen = answer.json
        assert seen["passed"] == ("pass" if token.startswith("sg2p.") else "token")
        assert (seen["carrier"], seen["route"], seen["same"]) == ("header", f"8080-{ID}", True)
        assert (seen["host"], seen["target"]) == ([HOST], "/a%2Fb?x=%zz&y=+")
        assert seen["cookies"] == ["a=1;b=2"]
        assert hides(answer, token)

    def test_signed_host_passes_and_is_removed(self, edge):
        host = signed_host()
        for port in ("", ":443"):
            answer = ask(edge, "/?a=1", host=host + port)
            assert (answer.json["passed"], answer.json["carrier"]) == ("signed_host", "host")
            assert answer.json["host"] == [HOST + port]
            assert hides(answer, host.partition(".")[0])

    @pytest.mark.parametrize(
        ("query", "left"),
        [
            ("sandgate_traffic={}", ""),
            ("a=1&sandgate_traffic={}&b=%zz", "a=1&b=%zz"),
            ("a=1&&sandgate%5ftraffic={}", "a=1&"),
            ("sandgate_traffic={}&Sandgate_Traffic=x", "Sandgate_Traffic=x"),
        ],
    )
    def test_query_pass_passes_and_is_removed(self, edge, query, left):
        presented = a_pass()
        answer = ask(edge, "/p%C3%A4th?" + query.format(presented))
        assert (answer.json["passed"], answer.json["carrier"]) == ("pass", "query")
        assert answer.json["query"] == left
        assert answer.json["target"].rstrip("?") == ("/p%C3%A4th?" + left).rstrip("?")
        if "Sandgate_Traffic" not in left:
            assert hides(answer, presented)

    def test_cookie_pass_passes_and_is_removed(self, edge):
        presented = a_pass()
        for line, left in [
            (f"__Host-sandgate-traffic={presented}", []),
            (f"a=1;__Host-sandgate-traffic={presented} ;b=2", ["a=1; b=2"]),
        ]:
            answer = ask(edge, headers=[("Cookie", line)])
            assert (answer.json["passed"], answer.json["carrier"]) == ("pass", "cookie")
            assert answer.json["cookies"] == left
            assert hides(answer, presented)

    def test_pass_in_one_of_two_cookie_lines_is_removed(self, edge):
        presented = a_pass()
        answer = ask(edge, headers=[("Cookie", "a=1"), cookie(presented)])
        if self.LINES:
            assert (answer.json["carrier"], answer.json["cookies"]) == ("cookie", ["a=1"])
        else:
            assert is_refused(answer, 403, sandboxId=ID, message=MISSING)
        # Whichever credential decides, the others are removed too.
        for lines in ([("Cookie", "a=1"), cookie(presented)], [cookie(presented), ("Cookie", "a=1")]):
            assert hides(ask(edge, headers=[(HEADER, V2_TOKEN), *lines]), V2_TOKEN, presented)

    def test_all_carriers_are_removed_together(self, edge):
        secrets = [V2_TOKEN, signed_host(), a_pass(), a_pass(expires_in=90)]
        headers = [(HEADER, secrets[0]), cookie(secrets[3])]
        answer = ask(edge, f"/?sandgate_traffic={secrets[2]}", host=secrets[1], headers=headers)
        assert answer.json["carrier"] == "header"
        assert hides(answer, secrets[0], secrets[1].partition(".")[0], *secrets[2:])

    def test_public_sandbox_and_controllers_port_need_no_credential(self, edge):
        answer = ask(edge, "/?sandgate_traffic=x", host=f"8080-{PUBLIC_ID}.sandbox.test", headers=[(HEADER, "x" * 30)])
        assert (answer.json["passed"], answer.json["carrier"]) == ("public", None)
        assert hides(answer, "x" * 30)
        answer = ask(edge, "/files?path=/a", host=f"49983-{ID}.sandbox.test", headers=[("X-Access-Token", "kept")])
        assert answer.json["passed"] == "controller_port"
        assert "kept" in answer.json["all"]

    def test_routing_headers_name_the_sandbox(self, edge):
        for vendor in ("E2b", "Novita"):
            routing = [(f"{vendor}-Sandbox-Id", ID), (f"{vendor}-Sandbox-Port", "8080"), (HEADER, V1_TOKEN)]
            answer = ask(edge, host="localhost:3000", headers=routing)
            assert (answer.json["route"], answer.json["host"]) == (f"8080-{ID}", ["localhost:3000"])
        both = [*routing, ("E2b-Sandbox-Id", ID)]
        assert is_refused(ask(edge, host="localhost", headers=both), 400, message=NOWHERE)
        twice = [*routing, routing[0]]
        assert is_refused(ask(edge, host="localhost", headers=twice), 400, message=NOWHERE)
        assert ask(edge, host="localhost").status == 400

    @pytest.mark.parametrize(
        ("target", "host", "headers", "message"),
        [
            ("/", HOST, [], MISSING),
            ("/", HOST, [(HEADER, "")], MISSING),
            ("/", HOST, [(HEADER, V1_KEYRING.access_token(ID))], INVALID),
            ("/", HOST, [(HEADER, V2_KEYRING.traffic_token(ID, generation=1))], INVALID),
            ("/", HOST, [(HEADER, V1_TOKEN), (HEADER, V1_TOKEN)], INVALID),
            ("/", HOST, [(HEADER, "x"), cookie(a_pass())], INVALID),
            ("/", HOST, [(HEADER, a_pass(expires_in=-1))], "traffic access token is already expired"),
            ("/", HOST, [(HEADER, a_pass(8081))], "traffic access token does not cover this port"),
            ("/", HOST, [(HEADER, a_pass(expires_in=700_000))], "traffic access token lifetime is too long"),
            ("/", signed_host(-1), [], "traffic access token is already expired"),
            ("/?sandgate_traffic=", HOST, [], INVALID),
            (f"/?sandgate_traffic={a_pass()}&sandgate_traffic={a_pass()}", HOST, [], INVALID),
            ("/", HOST, [cookie(a_pass()), cookie(a_pass())], INVALID),
            ("/", HOST, [cookie(f'"{a_pass()}"')], INVALID),
        ],
    )
    def test_traffic_refusals_have_the_specs_answer(self, edge, target, host, headers, message):
        assert is_refused(ask(edge, target, host, headers), 403, sandboxId=ID, message=message)
        head = ask(edge, target, host, headers, method="HEAD")
        assert (head.status, head.body) == (403, b"")

    @pytest.mark.parametrize("host", ["example.test", "8080-ABC.sandbox.test", "0-abc.sandbox.test", f"8080-{ID}", "a,b"])
    def test_unroutable_hosts_are_refused(self, edge, host):
        assert is_refused(ask(edge, host=host, headers=[(HEADER, V1_TOKEN)]), 400, message=NOWHERE)

    def test_an_unknown_sandbox_is_502(self, edge):
        answer = ask(edge, host="8080-nobody.sandbox.test", headers=[(HEADER, V1_TOKEN)])
        assert is_refused(answer, 502, sandboxId="nobody", message="The sandbox was not found")

    @pytest.mark.parametrize("target", ["/init", "/init?x=1", "/%69nit/", "/a/../init", "/./init"])
    @pytest.mark.parametrize("sandbox_id", [ID, "nobody"])
    def test_internal_routes_are_404(self, edge, target, sandbox_id):
        LOOKED_UP.clear()
        answer = ask(edge, target, host=f"49983-{sandbox_id}.sandbox.test", method="POST", body=b"")
        assert is_refused(answer, 404, path="/init", message=answer.json["message"])
        assert LOOKED_UP == []
        assert ask(edge, target, host=f"8080-{PUBLIC_ID}.sandbox.test").status == 200

    @pytest.mark.parametrize("target", ["//init", "/x//../init", "/%252e%252e/init", "/%2569nit", "/init%23", "/init%3Fx"])
    @pytest.mark.parametrize("sandbox_id", [ID, "nobody"])
    def test_ambiguous_paths_are_refused(self, edge, target, sandbox_id):
        LOOKED_UP.clear()
        answer = ask(edge, target, host=f"49983-{sandbox_id}.sandbox.test", method="POST", body=b"")
        # A server that merges slashes first turns it into an internal route.
        assert answer.status == 400 or (target == "//init" and answer.status == 404)
        assert LOOKED_UP == []

    @pytest.mark.parametrize("target", ["/init#x", "/a\\..\\init", "/a#b", "*"])
    @pytest.mark.parametrize("port", [49983, 8080])
    def test_ambiguous_targets_are_refused(self, edge, target, port):
        LOOKED_UP.clear()
        answer = edge.ask("POST", target, [("Host", f"{port}-{PUBLIC_ID}.sandbox.test")], b"")
        assert (answer.status, LOOKED_UP) == (400, [])

    def test_an_undecodable_path_is_refused(self, edge):
        assert is_refused(ask(edge, "/%zz", host=f"49983-{ID}.sandbox.test"), 400, message="malformed request")

    def test_a_target_that_contains_a_host_is_refused(self, edge):
        answer = ask(edge, f"http://8080-{PUBLIC_ID}.sandbox.test/", headers=[(HEADER, V1_TOKEN)])
        assert is_refused(answer, 400, message=NOWHERE)

    def test_the_body_is_forwarded(self, edge):
        body = "ö".encode() * 30_000
        answer = ask(edge, headers=[(HEADER, V1_TOKEN)], method="POST", body=iter([body, body]))
        assert answer.json["body"].encode() == body * 2

    def test_eight_concurrent_requests_are_independent(self, edge):
        def one(number):
            answer = ask(edge, f"/{number}", headers=[(HEADER, a_pass(expires_in=3600 + number))])
            refused = ask(edge, f"/{number}", headers=[(HEADER, a_pass(8081))])
            return answer.json["target"].rstrip("?") == f"/{number}" and refused.status == 403

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(one, range(64)))
