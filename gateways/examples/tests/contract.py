"""What every gateway in front of the authorization service has to do, whichever it is."""

import hashlib
import json
import re
import socket
import time

import credentials
from credentials import ID, PUBLIC_ID
from stack import ask

TRAFFIC = "e2b-traffic-access-token"
TOKEN = credentials.traffic_token()
MISSING = "Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing"
INVALID = "Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid"
FILES, ECHO, CONTROLLER = 8080, 8081, 49983


def host(port, sandbox_id=ID):
    return f"{port}-{sandbox_id}.sandbox.test"


def in_an_hour():
    return int(time.time()) + 3600


class Contract:
    """Mixed into a test case with a `stack`, and the carriers that the gateway can remove."""

    CARRIERS = ("header", "host", "query", "cookie")
    #: Targets that a gateway may change before it asks.
    CHANGED_TARGETS = ("/%69nit", "/;?a;b")

    def ask(self, target="/", port=ECHO, headers=(), method="GET", host_line=None, body=None):
        lines = [("Host", host_line or host(port)), *headers]
        return ask(self.stack.ports["gateway"], method, target, lines, body)

    def assert_refused(self, answer, status, message):
        self.assertEqual((answer.status, answer.json.get("code"), answer.json.get("message")), (status, status, message))
        self.assertEqual(answer.headers.get_content_type(), "application/json")

    def assert_hides(self, answer, *secrets):
        """Nothing that arrived in the sandbox has a long enough piece of a credential, or a name of ours."""
        self.assertEqual(answer.status, 200, answer.text)
        arrived = re.sub("[^A-Za-z0-9]", "", answer.text)
        for secret in secrets:
            self.assertNotIn(re.sub("[^A-Za-z0-9]", "", secret)[-20:], arrived)
        for name in ("sandgatetraffic", "trafficaccesstoken"):
            self.assertNotIn(name, arrived.lower())

    def test_story_of_the_documentation(self):
        answer = self.ask("/hello.txt", FILES)
        self.assert_refused(answer, 403, MISSING)
        self.assertEqual(answer.json["sandboxId"], ID)
        answer = self.ask("/hello.txt", FILES, [(TRAFFIC, TOKEN)])
        self.assertEqual((answer.status, answer.body), (200, b"hello\n"))

    def test_controllers_port_has_the_controllers_own_check(self):
        self.assertEqual(self.ask("/health", CONTROLLER).status, 204)
        refused = "unauthorized access, please provide a valid access token or method signing if supported"
        self.assert_refused(self.ask("/metrics", CONTROLLER), 401, refused)
        self.assert_refused(self.ask("/files?path=/a", CONTROLLER), 401, "missing signature query parameter")

    def test_host_forms_that_name_a_sandbox(self):
        for form in (host(ECHO), host(ECHO) + ":8000", host(ECHO) + "."):
            self.assertEqual(self.ask(headers=[(TRAFFIC, TOKEN)], host_line=form).status, 200, form)
        # These go on in another form.
        for form in (f"{ECHO}-{ID}-anything.sandbox.test", f"0{host(ECHO)}"):
            answer = self.ask(headers=[(TRAFFIC, TOKEN)], host_line=form)
            self.assertEqual(answer.status, 200 if "host" in self.CARRIERS else 400, form)
            if "host" in self.CARRIERS:
                self.assertIn(f"host: {ECHO}-{ID}.sandbox.test", answer.text.lower())
        for form in ("localhost", "localhost:8000", "127.0.0.1", "[::1]", "[::1]:8000", "sandbox.example.test"):
            for vendor in ("E2b", "Novita"):
                routing = [(f"{vendor}-Sandbox-Id", ID), (f"{vendor}-Sandbox-Port", str(ECHO))]
                self.assertEqual(self.ask(headers=[*routing, (TRAFFIC, TOKEN)], host_line=form).status, 200, form)
                self.assert_refused(self.ask(headers=routing, host_line=form), 403, MISSING)
            self.assertEqual(self.ask(headers=[(TRAFFIC, TOKEN)], host_line=form).status, 400, form)

    def test_hosts_that_name_no_sandbox(self):
        for form in ("example.test", f"{ECHO}-ABC.sandbox.test", "0-abc.sandbox.test", f"{ECHO}-{ID}", "70000-abc.sandbox.test"):
            self.assertEqual(self.ask(headers=[(TRAFFIC, TOKEN)], host_line=form).status, 400, form)

    def test_sandbox_that_is_not_there(self):
        answer = self.ask(headers=[(TRAFFIC, TOKEN)], host_line=host(ECHO, "nobody"))
        self.assert_refused(answer, 502, "The sandbox was not found")

    def test_repeated_and_empty_headers(self):
        for lines in ([(TRAFFIC, TOKEN)] * 2, [(TRAFFIC, TOKEN), (TRAFFIC, "")], [(TRAFFIC, ""), (TRAFFIC, TOKEN)]):
            self.assert_refused(self.ask(headers=lines), 403, INVALID)
        self.assert_refused(self.ask(headers=[(TRAFFIC, "")]), 403, MISSING)
        self.assert_refused(self.ask(headers=[(TRAFFIC, credentials.traffic_token(1))]), 403, INVALID)
        routing = [("E2b-Sandbox-Id", ID), ("E2b-Sandbox-Port", str(ECHO)), (TRAFFIC, TOKEN)]
        for more in (("Novita-Sandbox-Id", ID), ("E2b-Sandbox-Id", ID)):
            self.assertEqual(self.ask(headers=[*routing, more], host_line="localhost").status, 400)

    def test_client_cannot_describe_another_request(self):
        forged = [
            ("X-Sandgate-Method", "GET"), ("X-Sandgate-Target", "/"), ("X-Sandgate-Host", host(ECHO, PUBLIC_ID)),
            ("X-Forwarded-Method", "GET"), ("X-Forwarded-Uri", "/"), ("X-Forwarded-Host", host(ECHO, PUBLIC_ID)),
            ("X-Sandgate-Status", "200"), ("X-Sandgate-Id", PUBLIC_ID), ("X-Sandgate-Port", str(CONTROLLER)),
        ]  # fmt: skip
        # The forged port has no check of the edge's. The app on the other one answers, or nobody.
        answer = self.ask(headers=[*forged, (TRAFFIC, TOKEN)])
        self.assertTrue(answer.status == 400 or answer.text.startswith("GET / HTTP/1.1"), answer.text)
        self.assertIn(self.ask(headers=forged).status, (400, 403))
        self.assertEqual(self.ask("/init", CONTROLLER, forged, "POST").status, 404)

    def test_internal_routes_in_every_spelling(self):
        for target, statuses in [
            ("/init", {404}), ("/init?x=1", {404}), ("/init/", {404}), ("/%69nit", {404}), ("/x/../init", {404}),
            ("/./init", {404}), ("//init", {400, 404}), ("/x//../init", {400, 404}), ("/%2569nit", {400}), ("/init%3Fx", {400}),
        ]:  # fmt: skip
            for sandbox_id in (ID, "nobody"):
                answer = self.ask(target, method="POST", host_line=host(CONTROLLER, sandbox_id), body=b"")
                self.assertIn(answer.status, statuses, target)
                if answer.status == 404:
                    self.assertEqual(answer.json, {"message": "not found", "path": "/init", "code": 404})

    def test_absolute_targets_have_one_host(self):
        """Either the target's host counts or that of the Host line, for the whole decision."""
        restricted, public = host(FILES), host(ECHO, PUBLIC_ID)
        for in_target, in_line in ((restricted, public), (public, restricted), (restricted, restricted)):
            answer = self.ask(f"http://{in_target}/hello.txt", host_line=in_line)
            echoed = answer.status == 200 and answer.text.startswith("GET ") and public in (in_target, in_line)
            self.assertTrue(echoed or answer.status in (400, 403), answer.text)
        for target in ("/init", "//init", "/%69nit"):
            answer = self.ask(f"http://{host(CONTROLLER)}{target}", CONTROLLER, method="POST", body=b"")
            self.assertIn(answer.status, (400, 404), target)

    def test_options_and_connect(self):
        answer = self.ask(method="OPTIONS", headers=[(TRAFFIC, TOKEN)])
        self.assertEqual((answer.status, answer.text.split("\r\n")[0]), (200, "OPTIONS / HTTP/1.1"))
        self.assert_refused(self.ask(method="OPTIONS"), 403, MISSING)
        answer = self.ask("*", method="OPTIONS", headers=[(TRAFFIC, TOKEN)])
        self.assertNotIn("OPTIONS", answer.text)
        answer = self.ask(f"{host(ECHO)}:443", method="CONNECT", headers=[(TRAFFIC, TOKEN)])
        self.assertIn(answer.status, (400, 404, 405, 501))

    def test_headers_of_an_answer_go_to_the_client_alone(self):
        for header in ("X-Accel-Redirect: /.sandgate-ask", "X-Accel-Redirect: @refused", "X-Sandgate-Port: 49983"):
            answer = self.ask(headers=[(TRAFFIC, TOKEN), ("X-Answer", header)])
            self.assertEqual((answer.status, answer.text.split("\r\n")[0]), (200, "GET / HTTP/1.1"), header)

    def test_no_upgrade_but_websocket(self):
        """An app that takes h2c would get further requests that nobody checks."""
        for lines in (["h2c"], ["h2c", "websocket"], ["websocket", "h2c"], ["websocket, h2c"], ["TLS/1.0"]):
            settings = [("Connection", "Upgrade, HTTP2-Settings"), ("HTTP2-Settings", "AAMAAABkAAQAAP__")]
            upgrade = [("Upgrade", line) for line in lines]
            answer = self.ask(headers=[(TRAFFIC, TOKEN), *settings, *upgrade])
            if answer.status == 101:
                self.assertEqual(answer.headers["X-Upgrade"], "websocket", lines)
            for name in ("h2c", "tls/1.0", "http2-settings"):
                self.assertNotIn(name, answer.text.lower(), lines)

    def test_targets_of_an_app_arrive_as_sent(self):
        for target in ("/init", "//a", "/a%2Fb", "/a/./b?x=%zz&&y", "/a%20b;c=d?e=+f", *self.CHANGED_TARGETS):
            answer = self.ask(target, headers=[(TRAFFIC, TOKEN)])
            self.assertEqual((answer.status, answer.text.split("\r\n")[0]), (200, f"GET {target} HTTP/1.1"))

    def test_no_credential_reaches_the_sandbox(self):
        answer = self.ask("/?a=1", headers=[(TRAFFIC, TOKEN), ("Cookie", "a=1; b=2")])
        self.assert_hides(answer, TOKEN)
        self.assertIn("cookie: a=1; b=2", answer.text.lower())
        presented = credentials.traffic_pass(ECHO, in_an_hour())
        self.assert_hides(self.ask(headers=[(TRAFFIC, presented)]), presented)
        if "query" in self.CARRIERS:
            ours = f"sandgate_traffic={presented}"
            for target, left in [
                (f"/?{ours}", "/"), (f"/a?{ours}", "/a"), (f"/a?x=1&{ours}&y=%zz", "/a?x=1&y=%zz"),
                (f"/a%2Fb?x&{ours}", "/a%2Fb?x"), (f"/a?{{x}}&&{ours}&b=", "/a?{x}&&b="),
            ]:  # fmt: skip
                answer = self.ask(target)
                self.assert_hides(answer, presented)
                self.assertEqual(answer.text.split("\r\n")[0], f"GET {left} HTTP/1.1")
        if "cookie" in self.CARRIERS:
            cookie = ("Cookie", f"a=1; __Host-sandgate-traffic={presented}; b=2")
            answer = self.ask(headers=[cookie])
            self.assert_hides(answer, presented)
            self.assertIn("cookie: a=1; b=2", answer.text.lower())
            self.assert_hides(self.ask(headers=[("Cookie", f"__Host-sandgate-traffic={presented}")]), presented)
        if "host" in self.CARRIERS:
            signed = credentials.signed_label(ECHO, in_an_hour()) + ".sandbox.test"
            copies = [("Origin", f"https://{signed}"), ("Referer", f"https://{signed}/a?sandgate_traffic={presented}")]
            copies += [("X-Forwarded-Host", signed), ("Forwarded", f"for=192.0.2.1;host={signed}")]
            answer = self.ask(headers=copies, host_line=signed)
            self.assert_hides(answer, signed.partition(".")[0], presented)
            self.assertIn(f"origin: https://{host(ECHO)}", answer.text.lower())

    def test_unread_credential_does_not_reach_the_sandbox(self):
        """Beside a token, or where none is needed. What the gateway cannot remove, it refuses."""
        for sandbox_id, more in ((ID, [(TRAFFIC, TOKEN)]), (PUBLIC_ID, [])):
            presented = credentials.traffic_pass(ECHO, in_an_hour())
            for target in (f"/?sandgate_traffic={presented}", f"/a?x=1&sandgate%5Ftraffic={presented}&y"):
                answer = self.ask(target, headers=more, host_line=host(ECHO, sandbox_id))
                self.assert_hidden_or_refused("query", answer, presented)
            signed = credentials.signed_label(ECHO, in_an_hour()).replace(ID, sandbox_id)
            answer = self.ask(headers=more, host_line=signed + ".sandbox.test")
            self.assert_hidden_or_refused("host", answer, signed)
        refused = {"query": self.ask(f"/health?sandgate_traffic={presented}", CONTROLLER)}
        refused["host"] = self.ask("/health", host_line=credentials.signed_label(CONTROLLER, in_an_hour()) + ".sandbox.test")
        for carrier, answer in refused.items():
            self.assertEqual(answer.status, 204 if carrier in self.CARRIERS else 400, carrier)

    def assert_hidden_or_refused(self, carrier, answer, secret):
        if carrier in self.CARRIERS:
            self.assert_hides(answer, secret)
        else:
            self.assertEqual(answer.status, 400, carrier)

    def test_expired_and_foreign_credentials_are_refused(self):
        for presented, message in [
            (credentials.traffic_pass(ECHO, int(time.time()) - 2), "traffic access token is already expired"),
            (credentials.traffic_pass(FILES, in_an_hour()), "traffic access token does not cover this port"),
        ]:
            self.assert_refused(self.ask(headers=[(TRAFFIC, presented)]), 403, message)

    def test_large_upload_is_streamed_to_the_controller(self):
        piece, pieces = bytes(range(256)) * 4096, 48
        octets = [("X-Access-Token", credentials.access_token()), ("Content-Type", "application/octet-stream")]
        answer = self.ask("/files?path=/big.bin", CONTROLLER, octets, "POST", body=iter([piece] * pieces))
        self.assertEqual(answer.status, 200, answer.text)
        answer = self.ask("/files?path=/big.bin", CONTROLLER, octets[:1])
        self.assertEqual(answer.status, 200)
        self.assertEqual(hashlib.sha256(answer.body).digest(), hashlib.sha256(piece * pieces).digest())

    def test_websocket_passes_with_the_token_alone(self):
        upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
        for credential, status in ((f"{TRAFFIC}: {TOKEN}\r\n", b"101"), ("", b"403")):
            with socket.create_connection(("127.0.0.1", self.stack.ports["gateway"]), timeout=20) as connection:
                connection.sendall(f"GET /socket HTTP/1.1\r\nHost: {host(ECHO)}\r\n{upgrade}{credential}\r\n".encode())
                reader = connection.makefile("rb")
                self.assertEqual(reader.readline().split()[1], status)
                if status == b"101":
                    while reader.readline() != b"\r\n":
                        pass
                    connection.sendall(b"ping")
                    self.assertEqual(reader.read(4), b"ping")

    def test_revocation_closes_a_sandbox(self):
        path = self.stack.folder / "sandboxes.toml"
        before = path.read_text()
        self.addCleanup(path.write_text, before)
        path.write_text(before.replace(f"[sandboxes.{ID}]", f"[sandboxes.{ID}]\ngeneration = 1"))
        deadline = time.time() + 120
        while self.ask(headers=[(TRAFFIC, TOKEN)]).status != 403:
            self.assertLess(time.time(), deadline)
            time.sleep(0.05)
        self.assertEqual(self.ask(headers=[(TRAFFIC, credentials.traffic_token(1))]).status, 200)
        path.write_text(before)
        while self.ask(headers=[(TRAFFIC, TOKEN)]).status != 200:
            self.assertLess(time.time(), deadline)
            time.sleep(0.05)

    def test_log_has_no_credential(self):
        self.ask("/?signature=v1_secret", headers=[(TRAFFIC, credentials.traffic_token(1))])
        log = (self.stack.folder / "service.log").read_text()
        self.assertNotIn(credentials.traffic_token(1)[7:], log)
        self.assertNotIn("v1_secret", log)
        self.assertTrue(all(json.loads(line) for line in log.splitlines()))
