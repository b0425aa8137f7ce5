"""POST /init on the init socket: what it decides."""

import concurrent.futures
import os
import threading
import time

import v2
from host import MALFORMED, MISMATCH, NOT_FOUND, NO_HASH, NO_RESET, WAITING, HostTest, body_of, sha512
from wire import OCTETS, WITH_TOKEN, TOKEN, signed_url

FIRST, SECOND, THIRD = "first-token-of-the-sandbox", "second-token-of-the-sandbox", "third-token-of-the-sandbox"
CLEARED = "cleared; every request is allowed"
STALE = "stale; nothing changed"


class Waiting(HostTest):
    def test_a_waiting_daemon_refuses_everything_but_health(self):
        daemon = self.start()
        self.assertIn("waiting for POST /init", daemon.log)
        (daemon.root / "a").write_text("a")
        self.assertWaits(daemon, "", "any", TOKEN)
        preflight = {"Origin": "https://example.com", "Access-Control-Request-Method": "POST"}
        for method, target, headers in [
            ("GET", signed_url("/a", "read"), {}), ("POST", "/files?path=/b", OCTETS), ("OPTIONS", "/files", preflight),
            ("GET", "/files?path=%zz", {}), ("GET", "/%66iles", {}), ("DELETE", "/x", WITH_TOKEN),
        ]:
            self.assertAnswer(daemon.ask(method, target, headers=headers), 401, WAITING)
        self.assertEqual(daemon.everything(), ["a"])
        self.stop(daemon)

    def test_the_first_token_ends_the_wait(self):
        daemon = self.start()
        self.assertApplied(daemon, self.host.init(FIRST), "replaced")
        self.assertRequires(daemon, FIRST, SECOND)
        self.assertApplied(daemon, self.host.init(FIRST), "kept")
        self.assertAnswer(self.host.init(SECOND), 401, MISMATCH)
        self.assertAnswer(self.host.init(), 401, NO_RESET)
        self.assertAnswer(self.host.ask("POST", "/init"), 400, MALFORMED)
        self.assertRequires(daemon, FIRST, SECOND)
        self.stop(daemon, FIRST, SECOND)

    def test_a_first_request_without_a_token_opens_it(self):
        daemon = self.start()
        self.assertApplied(daemon, self.host.ask("POST", "/init", b"{}"), CLEARED)
        self.assertEqual(self.status(daemon, None), 404)
        self.stop(daemon)

    def test_the_policy_holds_for_later_tokens(self):
        daemon = self.start("--policy", "v2-alone")
        self.assertAnswer(self.host.init(FIRST), 400, MALFORMED)
        self.assertWaits(daemon, FIRST)
        self.assertApplied(daemon, self.host.init(v2.TOKEN), "replaced")
        self.assertRequires(daemon, v2.TOKEN, FIRST)
        self.stop(daemon, v2.TOKEN)

    def test_a_killed_daemon_waits_again(self):
        daemon = self.start()
        self.host.init(FIRST)
        self.assertRequires(daemon, FIRST)
        root = daemon.root
        (root / "a").write_text("a")
        daemon.process.kill()
        daemon.process.wait()
        self.assertTrue(self.host.path.is_socket(), "a kill leaves the file")
        again = self.start(root=root)
        self.assertWaits(again, FIRST)
        self.assertApplied(again, self.host.init(FIRST), "replaced")
        self.assertRequires(again, FIRST)
        self.assertAnswer(again.ask("GET", "/files?path=/a", headers={"X-Access-Token": FIRST}), 200, b"a")
        self.stop(again, FIRST)


class ExpectedHash(HostTest):
    def test_the_hash_is_read_at_each_request(self):
        daemon = self.start(hashed=True)
        self.host.publish(sha512(FIRST))
        self.assertAnswer(self.host.init(SECOND), 401, MISMATCH)
        self.assertAnswer(self.host.init(), 401, NO_RESET)
        self.assertWaits(daemon, SECOND)
        self.assertApplied(daemon, self.host.init(FIRST), "replaced")
        self.host.publish(sha512(SECOND) + "\n")
        self.assertApplied(daemon, self.host.init(FIRST), "kept")
        self.assertApplied(daemon, self.host.init(SECOND), "replaced")
        self.assertRequires(daemon, SECOND, FIRST)
        self.host.publish(sha512(""))
        self.assertAnswer(self.host.init(FIRST), 401, MISMATCH)
        self.assertApplied(daemon, self.host.init(), CLEARED)
        self.assertEqual(self.status(daemon, None), 404)
        self.stop(daemon, FIRST, SECOND)

    def test_an_empty_file_publishes_nothing(self):
        for content in ["", "\n"]:
            daemon = self.start(hashed=True)
            self.host.publish(content)
            self.assertApplied(daemon, self.host.init(FIRST), "replaced")
            self.assertAnswer(self.host.init(SECOND), 401, MISMATCH)
            self.assertAnswer(self.host.init(), 401, NO_RESET)
            self.stop(daemon, FIRST, SECOND)

    def test_another_content_is_no_hash_of_a_token(self):
        daemon = self.start(hashed=True)
        hexadecimal = sha512(FIRST)
        for content in [hexadecimal[:-1], hexadecimal + "0", hexadecimal + "\n\n", hexadecimal + "\r\n", " " + hexadecimal,
                        hexadecimal.upper(), hexadecimal * 2, hexadecimal + "\n" * 127, hexadecimal + "x" * 10_000, "x"]:
            self.host.publish(content)
            self.assertAnswer(self.host.init(FIRST), 401, MISMATCH)
        self.assertWaits(daemon, FIRST)
        self.stop(daemon, FIRST)

    def test_a_file_that_cannot_be_read_changes_nothing(self):
        def pipe():
            os.mkfifo(self.host.hash_file)

        def link():
            self.host.hash_file.symlink_to("absent")

        daemon = self.start(hashed=True)
        for make in [lambda: None, self.host.hash_file.mkdir, pipe, link]:
            make()
            self.assertAnswer(self.host.init(FIRST), 503, NO_HASH)
            self.assertWaits(daemon, FIRST)
            if self.host.hash_file.is_dir():
                self.host.hash_file.rmdir()
            else:
                self.host.hash_file.unlink(missing_ok=True)
        self.host.publish("")
        self.assertApplied(daemon, self.host.init(FIRST), "replaced")
        self.host.hash_file.unlink()
        for token in [FIRST, SECOND, None]:
            self.assertAnswer(self.host.init(token), 503, NO_HASH)
        self.assertRequires(daemon, FIRST, SECOND)
        self.stop(daemon, FIRST, SECOND)


class Bodies(HostTest):
    def test_an_unreadable_body_changes_nothing(self):
        daemon = self.start()
        for body in [
            b"x", b"[]", b'{"accessToken":"a"', b'{"accessToken":"a"}x', b'{"accessToken":""}', b'{"accessToken":"\\u0061"}',
            b'{"accessToken":1}', b'{"accessToken":"a","accessToken":"a"}', b'{"AccessToken":"a"}',
            b'{"accessToken":"a","timestamp":"soon"}', b'{"accessToken":"' + b"a" * 257 + b'"}', b'{"accessToken":"sg2a.x"}',
        ]:
            with self.subTest(body=body):
                self.assertAnswer(self.host.ask("POST", "/init", body), 400, MALFORMED)
        self.assertWaits(daemon, "a")
        self.stop(daemon)

    def test_an_older_request_changes_nothing(self):
        daemon = self.start(hashed=True)
        self.host.publish(sha512(FIRST))
        self.assertApplied(daemon, self.host.init(FIRST, timestamp="2026-01-02T03:04:05.000000002Z"), "replaced")
        self.host.publish(sha512(SECOND))
        for time in ["2026-01-02T03:04:05.000000001Z", "2026-01-02T03:04:05.000000002Z", "2025-12-31T23:59:59Z"]:
            self.assertApplied(daemon, self.host.init(SECOND, timestamp=time), STALE)
            self.assertAnswer(self.host.init(THIRD, timestamp=time), 401, MISMATCH)
            self.assertRequires(daemon, FIRST, SECOND, THIRD)
        self.assertApplied(daemon, self.host.init(SECOND, timestamp="2026-01-02T03:04:05.000000003Z"), "replaced")
        self.host.publish(sha512(THIRD))
        self.assertApplied(daemon, self.host.init(THIRD), "replaced")
        self.assertRequires(daemon, THIRD, FIRST, SECOND)
        self.stop(daemon, FIRST, SECOND, THIRD)

    def test_other_members_are_ignored(self):
        daemon = self.start()
        answer = self.host.init(FIRST, hyperloopIP="10.0.0.1", envVars={"A": "b"}, volumeMounts=[], timestamp=None)
        self.assertApplied(daemon, answer, "replaced")
        self.assertRequires(daemon, FIRST)
        self.stop(daemon, FIRST)


class Secured(HostTest):
    """A daemon that started with its own tokens."""

    def test_a_held_token_is_kept_and_a_published_one_replaces_all(self):
        daemon = self.start(waits=False, hashed=True, token=f"{FIRST}\n{SECOND}")
        self.host.publish("")
        self.assertApplied(daemon, self.host.init(SECOND), "kept")
        for token in [FIRST, SECOND]:
            self.assertRequires(daemon, token)
        self.host.publish(sha512(THIRD))
        self.assertApplied(daemon, self.host.init(THIRD), "replaced")
        self.assertRequires(daemon, THIRD, FIRST, SECOND)
        self.assertIn("read again", daemon.hang_up(FIRST)[0])
        self.assertRequires(daemon, FIRST, THIRD)
        self.stop(daemon, FIRST, SECOND, THIRD)

    def test_a_late_request_brings_no_replaced_token_back(self):
        """It would, if the hash were read before another request is applied that has its own hash."""
        daemon = self.start(hashed=True)
        replaced, done = ["first"], threading.Event()

        def ask_for_the_replaced_token():
            while not done.is_set():
                self.assertIn(self.host.init(replaced[0]).status, [204, 401])

        self.host.publish(sha512("first"))
        self.assertAnswer(self.host.init("first"), 204)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            late = [pool.submit(ask_for_the_replaced_token) for _ in range(4)]
            try:
                for number in range(300):
                    token = f"token-{number}"
                    self.host.publish(sha512(token))
                    self.assertAnswer(self.host.init(token), 204)
                    time.sleep(0.01)  # for the late ones
                    self.assertRequires(daemon, token, replaced[0])
                    replaced[0] = token
            finally:
                done.set()
            for each in late:
                each.result()
        self.stop(daemon)

    def test_an_open_daemon_gets_its_token(self):
        daemon = self.start("--open", waits=False, token=None)
        self.assertEqual(self.status(daemon, None), 404)
        self.assertApplied(daemon, self.host.init(), "kept")
        self.assertApplied(daemon, self.host.init(FIRST), "replaced")
        self.assertRequires(daemon, FIRST)
        self.assertIn("it comes by POST /init", daemon.hang_up()[0])
        self.stop(daemon, FIRST)


class ThePort(HostTest):
    def assertHidden(self, daemon, *tokens):
        preflight = {"Origin": "https://example.com", "Access-Control-Request-Method": "POST"}
        for headers in [{}, preflight, *({"X-Access-Token": token} for token in tokens)]:
            for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"]:
                for target in ["/init", "/init?x=y"]:
                    answer = daemon.ask(method, target, body_of(THIRD), headers)
                    self.assertAnswer(answer, 404, NOT_FOUND)
            self.assertAnswer(daemon.ask("HEAD", "/init", headers=headers), 404)

    def test_the_port_has_no_such_route_in_any_state(self):
        daemon = self.start(hashed=True)
        self.assertHidden(daemon, FIRST)
        self.assertWaits(daemon, THIRD)
        self.host.publish(sha512(FIRST))
        self.assertApplied(daemon, self.host.init(FIRST), "replaced")
        self.assertHidden(daemon, FIRST)
        self.assertRequires(daemon, FIRST, THIRD)
        self.host.publish(sha512(""))
        self.assertApplied(daemon, self.host.init(), CLEARED)
        self.assertHidden(daemon)
        self.stop(daemon, FIRST, THIRD)
