"""The signed limits of an upload."""

import contextlib
import gzip
import http.client
import random
import time

import v2
from daemon import LIMIT, Answer, DaemonTest
from v2 import WITH_TOKEN, WRONG_CONTENT, sha256, signed_url
from wire import FORM, OCTETS, form, part

LATER = int(time.time()) + 1000
PACKED = {"Content-Encoding": "gzip"}


def too_large(limit):
    return f"upload is larger than {limit} bytes"


def pieces(body):
    step = len(body) // 40 + 5
    return (body[i : i + step] for i in range(0, len(body), step))


def ways(content):
    """Every way to send this: a name, method, headers, body, and whether it is chunked."""
    formed = form(part(content, "ignored"))
    padded = form(part(b"c" * 5000, name="comment"), part(content), part(b"d" * 5000, name="more"))
    for name, headers, body in [("octets", OCTETS, content), ("form", FORM, formed), ("padded", FORM, padded)]:
        methods = ["POST", "PUT"] if headers is OCTETS else ["POST"]
        for method in methods:
            yield f"{method} {name}", method, headers, body, False
            yield f"{method} {name} chunked", method, headers, pieces(body), True
            yield f"{method} {name} gzip", method, {**headers, **PACKED}, gzip.compress(body), False
            yield f"{method} {name} gzip chunked", method, {**headers, **PACKED}, pieces(gzip.compress(body)), True
    halves = gzip.compress(content[: len(content) // 2]) + gzip.compress(content[len(content) // 2 :])
    yield "PUT two gzip members", "PUT", PACKED, halves, False


class Limits(DaemonTest):
    token = v2.TOKEN

    def setUp(self):
        self.write("kept", b"old")
        self.before = self.daemon.everything()

    def assertKept(self):
        """Immediately after the answer: no new file, no temporary file, nothing overwritten."""
        self.assertNothingNew(self.before)
        self.assertEqual(self.daemon.home("kept").read_bytes(), b"old")

    def assertAccepted(self, answer, content):
        self.assertWritten(answer, "/home/user/kept")
        self.assertEqual(self.daemon.home("kept").read_bytes(), content)
        self.daemon.home("kept").write_bytes(b"old")

    def url(self, path="kept", **limits):
        return signed_url("write", path, LATER, **limits)

    def test_an_upload_over_max_bytes_is_413(self):
        for limit in [0, 1, 5, 65_536, 300_000]:
            url = self.url(max_bytes=limit)
            for size in [limit - 1, limit, limit + 1]:
                if size < 0:
                    continue
                content = random.randbytes(size)
                for name, method, headers, body, chunked in ways(content):
                    with self.subTest(limit=limit, size=size, name=name):
                        answer = self.ask(method, url, body, headers, chunked=chunked)
                        if size <= limit:
                            self.assertAccepted(answer, content)
                        else:
                            self.assertProblem(answer, 413, too_large(limit))
                            self.assertKept()

    def test_an_upload_with_another_sha256_is_422(self):
        for content in [b"", b"x", random.randbytes(300_000)]:
            for wrong in [content + b"x", content[:-1] + b"y", b"other"]:
                with self.subTest(size=len(content), wrong=len(wrong)):
                    right_url, wrong_url = self.url(sha256=sha256(content)), self.url(sha256=sha256(wrong))
                    for _, method, headers, body, chunked in ways(content):
                        self.assertAccepted(self.ask(method, right_url, body, headers, chunked=chunked), content)
                    for _, method, headers, body, chunked in ways(content):
                        answer = self.ask(method, wrong_url, body, headers, chunked=chunked)
                        self.assertProblem(answer, 422, WRONG_CONTENT)
                        self.assertKept()

    def test_both_limits_apply_together(self):
        content = random.randbytes(5000)
        for limit, signed, status in [
            (5000, content, 200), (6000, content, 200), (4999, content, 413), (5000, b"other", 422),
            (4999, b"other", 413),
        ]:
            url = self.url(max_bytes=limit, sha256=sha256(signed))
            for name, method, headers, body, chunked in ways(content):
                with self.subTest(limit=limit, status=status, name=name):
                    answer = self.ask(method, url, body, headers, chunked=chunked)
                    if status == 200:
                        self.assertAccepted(answer, content)
                    else:
                        self.assertProblem(answer, status)
                        self.assertKept()

    def test_limits_apply_in_a_directory(self):
        url = self.url("/scope/new", directory="/scope/", max_bytes=3)
        self.assertProblem(self.ask("PUT", url, b"four"), 413, too_large(3))
        self.assertKept()
        self.assertWritten(self.ask("PUT", url, b"abc"), "/scope/new")

    def test_the_daemons_own_limit_still_applies(self):
        answer = self.ask("PUT", self.url(max_bytes=2**53 - 1), b"x" * (LIMIT + 1))
        self.assertProblem(answer, 413, too_large(LIMIT))
        self.assertProblem(self.ask("PUT", self.url(max_bytes=5), b"x" * (LIMIT + 1)), 413, too_large(LIMIT))
        self.assertKept()

    def test_a_gzip_bomb_stops_at_the_limit(self):
        answer = self.ask("PUT", self.url(max_bytes=1000), gzip.compress(b"\0" * 2_000_000), PACKED)
        self.assertProblem(answer, 413, too_large(1000))
        self.assertKept()

    def test_a_stated_length_is_refused_before_the_body(self):
        for headers, expected in [
            ([], 413), (["Content-Encoding: identity"], 413), (["Content-Encoding: gzip"], 100),
            ([f"Content-Type: {FORM['Content-Type']}"], 100),
        ]:
            method = "POST" if "multipart" in "".join(headers) else "PUT"
            lines = [f"{method} {self.url(max_bytes=1000)} HTTP/1.1", "Host: x", "Content-Length: 1001",
                     "Expect: 100-continue", *headers]
            with self.subTest(headers=headers), self.daemon.socket() as sock:
                sock.sendall("\r\n".join([*lines, "", ""]).encode())
                if expected == 100:
                    self.assertTrue(sock.recv(1000).startswith(b"HTTP/1.1 100 "))
                    continue
                response = http.client.HTTPResponse(sock)
                response.begin()
                self.assertProblem(Answer(response), 413, too_large(1000))
                self.assertKept()
        self.daemon.wait_for_temporary(False)

    def test_the_file_is_removed_as_soon_as_the_limit_is_exceeded(self):
        with self.daemon.socket() as sock:
            lines = [f"PUT {self.url(max_bytes=1000)} HTTP/1.1", "Host: x", "Transfer-Encoding: chunked"]
            sock.sendall("\r\n".join([*lines, "", ""]).encode() + b"3e8\r\n" + b"x" * 1000 + b"\r\n")
            self.daemon.wait_for_temporary(True)
            sock.sendall(b"1\r\nx\r\n")
            self.daemon.wait_for_temporary(False)
            self.assertKept()
            sock.sendall(b"3\r\nend\r\n0\r\n\r\n")
            response = http.client.HTTPResponse(sock)
            response.begin()
            self.assertProblem(Answer(response), 413, too_large(1000))

    def test_chunks_over_a_limit_are_refused_immediately(self):
        """The client sees the reason, whatever it sends next."""
        for url, limit in [(self.url(max_bytes=1000), 1000), (self.url(), LIMIT)]:
            for more in [b"", b"0\r\n\r\n", b"100000\r\n" + b"y" * 0x100000 + b"\r\n0\r\n\r\n", None]:
                with self.subTest(limit=limit, more=more and more[:9]), self.daemon.socket() as sock:
                    sock.settimeout(5)
                    lines = [f"PUT {url} HTTP/1.1", "Host: x", "Transfer-Encoding: chunked"]
                    sock.sendall("\r\n".join([*lines, "", f"{limit + 1:x}\r\n"]).encode() + b"x" * (limit + 1))
                    if more:
                        sock.sendall(b"\r\n" + more)
                    response = http.client.HTTPResponse(sock)
                    response.begin()
                    self.assertProblem(Answer(response), 413, too_large(limit))
                    self.assertKept()
                    if more is None:
                        self.assertEndsSoon(sock)

    def assertEndsSoon(self, sock):
        until = time.monotonic() + 10
        with contextlib.suppress(ConnectionError):
            sock.sendall(b"\r\n")
            while True:
                self.assertLess(time.monotonic(), until)
                sock.sendall(b"10000\r\n" + b"z" * 0x10000 + b"\r\n")

    def test_the_token_takes_precedence_and_limits_nothing(self):
        url = self.url(max_bytes=1, sha256=bytes(32))
        self.assertAccepted(self.ask("PUT", url, b"content", WITH_TOKEN), b"content")

    def test_the_connection_continues(self):
        with self.daemon.connection() as connection:
            for limits, status in [
                ({"max_bytes": 10}, 413), ({"sha256": sha256(b"other")}, 422), ({"sha256": sha256(b"y" * 50_000)}, 200),
            ]:
                for body in [b"y" * 50_000, pieces(b"y" * 50_000)]:
                    connection.request("PUT", self.url("/connection", **limits), body)
                    sock = connection.sock
                    self.assertEqual(Answer(connection.getresponse()).status, status)
                    self.assertIs(connection.sock, sock)
