"""The init socket: its file, and clients that are slow, many, or send too much."""

import concurrent.futures
import contextlib
import http.client
import os
import pathlib
import re
import socket
import stat
import subprocess
import tempfile
import threading
import time

from daemon import BINARY, Answer
from host import MISMATCH, NOT_FOUND, HostTest, body_of, sha512
from wire import WITH_TOKEN, TOKEN

FIRST, SECOND = "first-token-of-the-sandbox", "second-token-of-the-sandbox"
BODY_MAX = 64 * 1024
TOO_LONG = b'{"code":413,"message":"body is larger than 65536 bytes"}'


def answer_of(sock):
    response = http.client.HTTPResponse(sock)
    response.begin()
    return Answer(response)


def padded(token, length):
    """A body of exactly this length."""
    body = body_of(token)
    return body + b" " * (length - len(body))


class SocketFile(HostTest):
    def refuse(self, path):
        with tempfile.TemporaryDirectory() as root:
            done = subprocess.run([BINARY, "--root", root, "--port", "0", "--wait", "--init-socket", path],
                                  capture_output=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, b"", "it opened no port")
        self.assertIn(f"cannot listen on {path}: ".encode(), done.stderr)
        return done.stderr.decode()

    def test_only_its_user_can_connect(self):
        for mask in [0, 0o022, 0o077]:
            daemon = self.start(prepare=lambda mask=mask: os.umask(mask))
            status = self.host.path.lstat()
            self.assertTrue(stat.S_ISSOCK(status.st_mode))
            self.assertEqual(stat.S_IMODE(status.st_mode), 0o600)
            self.stop(daemon)

    def test_no_other_file_is_replaced(self):
        self.host.path.write_text("content")
        self.refuse(str(self.host.path))
        self.assertEqual(self.host.path.read_text(), "content")
        self.host.path.unlink()
        self.host.path.mkdir()
        self.refuse(str(self.host.path))
        self.assertTrue(self.host.path.is_dir())
        os.mkfifo(self.host.directory / "pipe")
        self.refuse(str(self.host.directory / "pipe"))
        self.assertTrue((self.host.directory / "pipe").is_fifo())
        self.refuse(str(self.host.directory / "absent" / "init.sock"))
        self.refuse(str(self.host.directory / ("x" * 108)))

    def test_no_symbolic_link_is_followed_or_replaced(self):
        left = self.host.directory / "left.sock"
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(str(left))
        (self.host.directory / "file").write_text("content")
        for target in ["file", "absent", "left.sock"]:
            self.host.path.symlink_to(target)
            self.refuse(str(self.host.path))
            self.assertEqual(os.readlink(self.host.path), target)
            self.host.path.unlink()
        self.assertTrue(left.is_socket())
        self.assertEqual((self.host.directory / "file").read_text(), "content")
        self.assertFalse((self.host.directory / "absent").exists())

    def test_a_stale_socket_is_replaced_and_one_in_use_is_not(self):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(str(self.host.path))
        daemon = self.start()
        self.assertIn("Address already in use", self.refuse(str(self.host.path)))
        self.assertApplied(daemon, self.host.init(FIRST), "replaced")
        self.stop(daemon, FIRST)
        self.host.path.unlink()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.bind(str(self.host.path))
            self.refuse(str(self.host.path))
            self.assertTrue(self.host.path.is_socket())

    def test_the_socket_has_one_route(self):
        daemon = self.start(waits=False)
        (daemon.root / "a").write_text("a")
        for method, target in [
            ("GET", "/health"), ("GET", "/init"), ("PUT", "/init"), ("OPTIONS", "/init"), ("POST", "/init/"), ("POST", "/"),
            ("POST", "/%69nit"), ("POST", "//init"), ("GET", "/files?path=/a"), ("POST", "/files?path=/b"),
        ]:
            answer = self.host.ask(method, target, body_of(FIRST), {**WITH_TOKEN, "Origin": "https://example.com",
                                                                    "Access-Control-Request-Method": "POST"})
            self.assertAnswer(answer, 404, NOT_FOUND)
        self.assertRequires(daemon, TOKEN, FIRST)
        self.stop(daemon, TOKEN, FIRST)


class Clients(HostTest):
    def test_a_body_has_at_most_64_kib(self):
        daemon = self.start(hashed=True)
        self.host.publish(sha512(FIRST))
        for chunked in [False, True]:
            for length in [BODY_MAX + 1, 2 * BODY_MAX, 20 * BODY_MAX]:
                body = padded(FIRST, length)
                body = iter([body[:1000], body[1000:]]) if chunked else body
                self.assertAnswer(self.host.ask("POST", "/init", body, chunked=chunked), 413, TOO_LONG)
                self.assertWaits(daemon, FIRST)
        for outcome, body in [("replaced", padded(FIRST, BODY_MAX)), ("kept", iter([padded(FIRST, BODY_MAX)]))]:
            answer = self.host.ask("POST", "/init", body, chunked=not isinstance(body, bytes))
            self.assertApplied(daemon, answer, outcome)
        self.assertRequires(daemon, FIRST)
        self.stop(daemon, FIRST)

    def test_a_stated_length_is_refused_before_the_body(self):
        self.start()
        with self.host.socket() as sock:
            sock.sendall(b"POST /init HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\nExpect: 100-continue\r\n\r\n")
            self.assertAnswer(answer_of(sock), 413, TOO_LONG)

    def test_half_a_body_changes_nothing(self):
        daemon = self.start("--idle-timeout", "1")
        body = body_of(FIRST)
        complete = b"POST /init HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        chunked = b"POST /init HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body) + body
        for sent in [complete[:-1], complete[: -len(body)], chunked, chunked + b"\r\n", chunked + b"\r\n0\r\n"]:
            with self.host.socket() as sock:
                sock.sendall(sent)
                sock.shutdown(socket.SHUT_WR)
                self.assertEqual(sock.recv(1000), b"")
            self.assertWaits(daemon, FIRST)
        with self.host.socket() as sock:
            sock.sendall(complete[:-1])
            self.assertEqual(answer_of(sock).status, 408)
        with self.host.socket() as sock:
            sock.sendall(chunked + b"x\r\n0\r\n\r\n")
            self.assertEqual(answer_of(sock).status, 400)
        self.assertWaits(daemon, FIRST)
        self.stop(daemon, FIRST)

    def test_the_last_complete_body_decides(self):
        """A slow client holds up neither the socket nor the port."""
        daemon = self.start(hashed=True)
        self.host.publish(sha512(SECOND))
        slow = body_of(SECOND)
        with self.host.socket() as sock:
            sock.sendall(b"POST /init HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(slow) + slow[:-1])
            self.assertWaits(daemon, SECOND)
            self.host.publish(sha512(FIRST))
            self.assertApplied(daemon, self.host.init(FIRST), "replaced")
            self.assertRequires(daemon, FIRST, SECOND)
            sock.sendall(slow[-1:])
            self.assertAnswer(answer_of(sock), 401, MISMATCH)
        self.assertRequires(daemon, FIRST, SECOND)
        self.stop(daemon, FIRST, SECOND)

    def test_of_two_first_tokens_at_once_one_is_accepted(self):
        winners = set()
        for _ in range(20):
            daemon, start = self.start(), threading.Barrier(4)

            def init(token, start=start):
                start.wait()
                return self.host.init(token)

            tokens = [f"token {i} of the sandbox" for i in range(4)]
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                answers = list(pool.map(init, tokens))
            accepted = [token for token, answer in zip(tokens, answers) if answer.status == 204]
            self.assertEqual(len(accepted), 1, answers)
            for answer in answers:
                if answer.status != 204:
                    self.assertAnswer(answer, 401, MISMATCH)
            self.assertRequires(daemon, accepted[0], *(token for token in tokens if token != accepted[0]))
            self.stop(daemon, *tokens)
            winners.update(accepted)

    def test_tokens_are_rotated_while_requests_run(self):
        """After an answer of 204 the old token is refused and the new one accepted. No request sees a moment between."""
        daemon = self.start(hashed=True)
        self.host.publish(sha512(FIRST))
        self.assertApplied(daemon, self.host.init(FIRST), "replaced")
        over = threading.Event()

        def ask(token):
            statuses = []
            with daemon.connection() as connection:
                while not over.is_set():
                    connection.request("GET", "/metrics", headers={} if token is None else {"X-Access-Token": token})
                    statuses.append(Answer(connection.getresponse()).status)
            return statuses

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            asking = {token: pool.submit(ask, token) for token in [FIRST, SECOND, None, "another"]}
            for i in range(100):
                new, old = (FIRST, SECOND) if i % 2 else (SECOND, FIRST)
                self.host.publish(sha512(new))
                self.assertAnswer(self.host.init(new), 204)
                self.assertRequires(daemon, new, old)
            over.set()
            statuses = {token: set(each.result()) for token, each in asking.items()}
        self.assertEqual(statuses, {FIRST: {401, 404}, SECOND: {401, 404}, None: {401}, "another": {401}})
        self.stop(daemon, FIRST, SECOND)

    def test_many_requests_on_one_connection(self):
        daemon = self.start()
        with contextlib.closing(http.client.HTTPConnection("x", timeout=60)) as connection:
            connection.sock = self.host.socket()
            for token, status in [(FIRST, 204), (SECOND, 401), (FIRST, 204)] * 20:
                connection.request("POST", "/init", body_of(token))
                self.assertEqual(Answer(connection.getresponse()).status, status)
        self.assertRequires(daemon, FIRST, SECOND)
        self.stop(daemon, FIRST, SECOND)

    def test_idle_clients_leave_room_for_the_host(self):
        """At its limit of connections the socket closes the slowest one, as the port does."""
        daemon = self.start()
        with contextlib.ExitStack() as stack:
            for _ in range(20):
                stack.enter_context(self.host.socket())
            self.assertApplied(daemon, self.host.init(FIRST), "replaced")
        self.assertRequires(daemon, FIRST)
        self.stop(daemon, FIRST)


class Memory(HostTest):
    def written(self, process):
        """What the process can write to, without huge reservations."""
        with open(f"/proc/{process.pid}/mem", "rb") as memory:
            for line in pathlib.Path(f"/proc/{process.pid}/maps").read_text().splitlines():
                start, end = (int(part, 16) for part in re.match(r"(\w+)-(\w+) ", line).groups())
                if " rw" in line and end - start <= 1 << 28:
                    with contextlib.suppress(OSError, ValueError):
                        memory.seek(start)
                        yield memory.read(end - start)

    def test_no_body_stays_in_memory(self):
        daemon = self.start(hashed=True)
        marker, last = b"a-member-that-stands-beside-the-token", b"the-end-of-a-body"

        def body(token):
            return body_of(token, first=marker.decode(), padding="x" * 20_000, last=last.decode())

        with self.host.socket() as sock:
            self.host.publish(sha512(FIRST))
            content = body(FIRST)
            head = b"POST /init HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(content)
            sock.sendall(head + content[:-1])
            until = time.monotonic() + 20
            while not any(marker in region for region in self.written(daemon.process)):
                self.assertLess(time.monotonic(), until, "the body was never there to see")
            sock.sendall(content[-1:])
            self.assertAnswer(answer_of(sock), 204)
            for token in [SECOND, "", "other"]:  # refused in different ways, on a connection that stays open
                content = body(token)
                sock.sendall(b"POST /init HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(content) + content)
                self.assertIn(answer_of(sock).status, [400, 401])
            until = time.monotonic() + 5  # the answer leaves before the buffer is wiped
            while found := [word for word in [marker, last, b'"accessToken"', SECOND.encode()]
                            if any(word in region for region in self.written(daemon.process))]:
                self.assertLess(time.monotonic(), until, found)
        self.assertRequires(daemon, FIRST)
        self.stop(daemon, FIRST, SECOND)
