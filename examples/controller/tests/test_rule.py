"""The controller's rule."""

import time
from urllib.parse import quote, quote_plus

from daemon import DaemonTest
from wire import (
    EXPIRED, MALFORMED, MISMATCH, NO_SIGNATURE, OCTETS, ODD_NAMES, TOKEN, UNAUTHORIZED, WITH_TOKEN, WRONG_SIGNATURE,
    files_url, sign, signed_url,
)


class Rule(DaemonTest):
    def test_exempt_routes_need_no_token(self):
        self.assertEqual(self.ask("GET", "/health").status, 204)
        self.assertEqual(self.ask("GET", "/health?x=1").status, 204)

    def test_a_route_is_matched_as_received(self):
        self.write("a.txt")
        query = signed_url("/home/user/a.txt", "read").removeprefix("/files")
        self.assertEqual(self.ask("GET", "/files" + query).status, 200)
        for method, target in [
            ("GET", "/he%61lth"),
            ("GET", "/%68ealth?x=1"),
            ("POST", "/%69nit"),
            ("GET", "/%66iles" + query),
            ("GET", "/files%2F" + query),
            ("GET", "/%2E/files" + query),
            ("POST", "/file%73" + query),
        ]:
            with self.subTest(method=method, target=target):
                self.assertRefused(self.ask(method, target), UNAUTHORIZED)
                self.assertProblem(self.ask(method, target, headers=WITH_TOKEN), 404, "not found")

    def test_protected_routes_need_the_token(self):
        for method, target in [
            ("GET", "/"),
            ("GET", "/metrics"),
            ("POST", "/health"),
            ("PUT", "/files"),
            ("GET", "/files/"),
            ("POST", "/files/compose"),
            ("GET", "/health%00"),
            ("GET", "/health/"),
            ("GET", "//health"),
            ("BREW-A-POT-OF-COFFEE-FOR-ME", "/health"),
        ]:
            with self.subTest(method=method, target=target):
                self.assertRefused(self.ask(method, target), UNAUTHORIZED)
                self.assertRefused(self.ask(method, target, headers={"X-Access-Token": "wrong"}), UNAUTHORIZED)
                self.assertProblem(self.ask(method, target, headers=WITH_TOKEN), 404, "not found")

    def test_head_is_protected(self):
        answer = self.ask("HEAD", "/files?path=/x")
        self.assertEqual((answer.status, answer.body), (401, b""))

    def test_the_token_allows_files(self):
        self.write("a.txt")
        url = files_url("/home/user/a.txt")
        self.assertRefused(self.ask("GET", url), NO_SIGNATURE)
        self.assertRefused(self.ask("GET", url, headers={"X-Access-Token": ""}), NO_SIGNATURE)
        for wrong in [TOKEN[:-1], TOKEN + "0", TOKEN.upper(), "x"]:
            self.assertRefused(self.ask("GET", url, headers={"X-Access-Token": wrong}), MISMATCH)
        self.assertEqual(self.ask("GET", url, headers=WITH_TOKEN).body, b"content")

    def test_a_wrong_token_takes_precedence_over_a_right_signature(self):
        self.write("a.txt")
        answer = self.ask("GET", signed_url("/home/user/a.txt", "read"), headers={"X-Access-Token": "wrong"})
        self.assertRefused(answer, MISMATCH)

    def test_header_names_ignore_case_and_values_are_trimmed(self):
        self.write("a.txt")
        request = f"GET {files_url('a.txt')} HTTP/1.1\r\nHost: x\r\nx-ACCESS-token: \t{TOKEN} \t\r\n\r\n"
        self.assertEqual(self.daemon.raw(request.encode()).status, 200)

    def test_a_repeated_token_is_refused(self):
        for second in [TOKEN, "other", ""]:
            request = (
                f"GET {files_url('/x')} HTTP/1.1\r\nHost: x\r\n"
                f"X-Access-Token: {TOKEN}\r\nx-access-token: {second}\r\n\r\n"
            )
            self.assertRefused(self.daemon.raw(request.encode()), MALFORMED, 400)

    def test_signed_urls_are_verified(self):
        later = int(time.time()) + 100
        for name in ODD_NAMES:
            self.write(name, name.encode())
            for user, expires in [(None, None), ("user", None), (None, later), ("user", later)]:
                for escape in [lambda text: quote(text, safe=""), quote_plus]:
                    with self.subTest(name=name, user=user, expires=expires):
                        url = signed_url(name, "read", user, expires, escape=escape)
                        answer = self.ask("GET", url)
                        self.assertEqual((answer.status, answer.body), (200, name.encode()))

    def test_signature_covers_everything(self):
        self.write("a.txt")
        right = sign("/home/user/a.txt", "read", "user", 2000000000)
        self.assertEqual(self.ask("GET", files_url("/home/user/a.txt", "user", right, 2000000000)).status, 200)
        for url in [
            files_url("/home/user/b.txt", "user", right, 2000000000),
            files_url("/home/user/a.txt", "root", right, 2000000000),
            files_url("/home/user/a.txt", None, right, 2000000000),
            files_url("/home/user/a.txt", "user", right, 2000000001),
            files_url("/home/user/a.txt", "user", right),
            files_url("/home/user/a.txt", "user", right + "=", 2000000000),
            files_url("/home/user/a.txt", "user", "", 2000000000),
        ]:
            self.assertRefused(self.ask("GET", url), WRONG_SIGNATURE)
        url = files_url("/home/user/a.txt", "user", right, 2000000000)
        self.assertRefused(self.ask("POST", url, b"x", OCTETS), WRONG_SIGNATURE)

    def test_an_expired_url_is_refused(self):
        self.write("a.txt")
        now = int(time.time())
        for expires in [now - 1, 0, -10000]:
            self.assertRefused(self.ask("GET", signed_url("a.txt", "read", None, expires)), EXPIRED)
        self.assertEqual(self.ask("GET", signed_url("a.txt", "read", None, now + 60)).status, 200)

    def test_malformed_queries_are_refused(self):
        good = files_url("a.txt", None, sign("a.txt", "read"))
        for url in [
            good + "&path=a.txt",
            good + "&p%61th=b.txt",
            good + "&username=a&username=a",
            good + "&signature=x",
            good + "&username=%4",
            good + "&username=%zz",
            good + "&signature_expiration=",
            good + "&signature_expiration=soon",
            good + "&signature_expiration=9223372036854775808",
        ]:
            with self.subTest(url=url):
                self.assertRefused(self.ask("GET", url), MALFORMED, 400)
                self.assertRefused(self.ask("GET", url, headers=WITH_TOKEN), MALFORMED, 400)

    def test_a_preflight_is_answered_unchecked(self):
        headers = {"Origin": "https://example.com", "Access-Control-Request-Method": "POST"}
        answer = self.ask("OPTIONS", "/files?path=x", headers=headers)
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
        self.assertIn("POST", answer.headers["Access-Control-Allow-Methods"])
        self.assertEqual(answer.headers["Access-Control-Allow-Headers"], "*")
        self.assertEqual(self.ask("OPTIONS", "/files", headers={**headers, "Content-Length": "0"}).status, 204)
        self.assertRefused(self.ask("OPTIONS", "/files", headers={"Origin": "https://example.com"}), UNAUTHORIZED)

    def test_a_preflight_has_no_body_and_no_upgrade(self):
        lines = "Origin: https://example.com\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n"
        for more, body in [
            ("Content-Length: 2\r\n", "{}"),
            ("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
            ("Upgrade: websocket\r\n", ""),
            ("Origin: https://example.com\r\n", ""),
            ("Access-Control-Request-Method: PUT\r\n", ""),
        ]:
            with self.subTest(more=more):
                request = f"OPTIONS /files HTTP/1.1\r\nHost: x\r\n{lines}{more}\r\n{body}"
                self.assertRefused(self.daemon.raw(request.encode()), UNAUTHORIZED)
                request = request.replace("\r\n", f"\r\nX-Access-Token: {TOKEN}\r\n", 1)
                self.assertProblem(self.daemon.raw(request.encode()), 404, "not found")


class Open(DaemonTest):
    """Neither the file nor the environment has a token."""

    token = None

    def test_an_open_controller_allows_everything(self):
        self.assertIn("every request is allowed", self.daemon.log)
        self.write("a.txt")
        for headers in [{}, {"X-Access-Token": "any"}]:
            self.assertEqual(self.ask("GET", files_url("a.txt"), headers=headers).body, b"content")
            self.assertWritten(self.ask("POST", files_url("/b"), b"b", {**OCTETS, **headers}), "/b")
            self.assertWritten(self.ask("PUT", files_url("/c"), b"c", headers), "/c")
            self.assertEqual(self.ask("HEAD", files_url("/c"), headers=headers).headers["Content-Length"], "1")
        self.assertEqual(self.ask("GET", "/health").status, 204)
        self.assertProblem(self.ask("GET", "/metrics"), 404, "not found")
        for target in ["/he%61lth", "/%66iles?path=a.txt"]:
            self.assertProblem(self.ask("GET", target), 404, "not found")

    def test_an_open_controller_refuses_malformed_requests(self):
        self.assertRefused(self.ask("GET", "/files?path=a&path=b"), MALFORMED, 400)
        self.assertRefused(self.ask("POST", "/files?path=%f", b"x", OCTETS), MALFORMED, 400)
        self.assertRefused(self.ask("PUT", "/files?path=%f", b"x"), MALFORMED, 400)
        self.assertEqual(self.ask("HEAD", "/files?path=%f").status, 400)
        self.assertProblem(self.ask("DELETE", "/files?path=%f"), 404, "not found")
