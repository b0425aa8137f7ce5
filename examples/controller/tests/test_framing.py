"""The end of a request is the same for every parser, or the request is refused and nothing after it is read."""

import contextlib
import json
import socket

from daemon import DaemonTest
from wire import TOKEN, files_url

NEXT = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class Framing(DaemonTest):
    def exchange(self, request):
        """Returns the complete answer to these bytes, until the daemon closes the connection."""
        received = b""
        with self.daemon.socket() as sock, contextlib.suppress(ConnectionResetError):
            sock.sendall(request)
            while piece := sock.recv(65536):
                received += piece
        return received

    def assertLast(self, request, message="ambiguous request"):
        """Bytes after this request on the connection are not answered."""
        received = self.exchange(request + NEXT)
        head, _, body = received.partition(b"\r\n\r\n")
        self.assertRegex(head, rb"^HTTP/1\.[01] 400 ")
        self.assertRegex(head, rb"(?mi)^connection: close\r?$")
        self.assertEqual(body.decode(), json.dumps({"code": 400, "message": message}, separators=(",", ":")))

    def test_ambiguous_framing_is_refused(self):
        for lines in [
            "Content-Length: 1\r\nTransfer-Encoding: chunked",
            "Content-Length: 1\r\nContent-Length: 2",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked ",
        ]:
            with self.subTest(lines=lines):
                request = f"GET /health HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n1\r\nx\r\n0\r\n\r\n"
                self.assertLast(request.encode())

    def test_invalid_header_names_are_refused(self):
        for line in [
            "Content-Length : 5",
            "Content-Length\t: 5",
            "Transfer-Encoding : chunked",
            "Content-Length\v: 5",
            "Content-Length\r: 5",
            "Content-Length\xa0: 5",
            '"Content-Length": 5',
            ": 5",
        ]:
            for lines in [f"{line}\r\nA: b", f"A: b\r\n{line}"]:
                with self.subTest(lines=lines):
                    self.assertLast(f"GET /health HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n".encode("latin-1"))

    def test_chunks_in_http_1_0_are_refused(self):
        for connection in ["close", "keep-alive"]:
            head = f"GET /health HTTP/1.0\r\nConnection: {connection}\r\nTransfer-Encoding: chunked\r\n\r\n"
            self.assertLast(head.encode() + b"0\r\n\r\n")
        self.assertLast(b"GET /health HTTP/1.2\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        answers = self.exchange(b"GET /health HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx" + NEXT)
        self.assertEqual(answers.count(b" 204 No Content\r\n"), 2)

    def test_folded_lines_are_refused(self):
        for lines in [
            "Content-Length:\r\n 5",
            "Content-Length:\r\n\t5",
            "Transfer-Encoding:\r\n chunked",
            "Content-\r\n Length: 5\r\n",
            "A: b\r\n c",
            "A: b\r\n ",
            "A: b\r\n \r\n c",
        ]:
            for place in [f"{lines}\r\nB: c", f"B: c\r\n{lines}"]:
                with self.subTest(place=place):
                    received = self.exchange(f"GET /health HTTP/1.1\r\nHost: x\r\n{place}\r\n\r\n".encode() + NEXT)
                    self.assertEqual(received.count(b"HTTP/1."), 1, received)
                    self.assertIn(b" 400 ", received)

    def test_nul_and_bare_line_ends_are_refused(self):
        for request in [
            "GET /health\0 HTTP/1.1|Host: x|Content-Length: 0||",
            "GET /health\0/more HTTP/1.1|Host: x||",
            "POST\0 /init HTTP/1.1|Host: x||",
            "GET /health?a=b\0c HTTP/1.1|Host: x||",
            "GET /health HTTP/1.1|Host: x\0|Content-Length: 0||",
            "GET /health HTTP/1.1|Host: x\0y|Content-Length: 0||",
            "GET /health HTTP/1.1|Host: x|Content-Length: 0\0, 5||",
            "GET /health HTTP/1.1|Host: x|Transfer-Encoding: chunked\0|\r\n0||",
            "GET /health HTTP/1.1|Host: x|A:\0||",
            "GET /health HTTP/1.1|Host: x\nContent-Length: 0||",
            "GET /health HTTP/1.1\nHost: x||",
            "GET /health HTTP/1.1|Host: x\n|",
            "GET /health HTTP/1.1|Host: x|\n",
            "GET /health HTTP/1.0\n\n",
            # A missing byte in one line and an extra one in another do not cancel out.
            "GET /health HTTP/1.1|Host: x\0|A: b\nC: d||",
            "GET /health HTTP/1.1|Host: x\r|A: b||",
            "GET /health HTTP/1.1|Host: x\rContent-Length: 5|A: b||",
            "GET /health\r HTTP/1.1|Host: x||",
            "POST  /init HTTP/1.1|Host: x||",
            "GET /health HTTP/1.1 |Host: x||",
        ]:
            with self.subTest(request=request):
                received = self.exchange(request.replace("|", "\r\n").encode() + NEXT)
                self.assertEqual(received.count(b"HTTP/1."), 1, received)
                self.assertIn(b" 400 ", received)

    def test_unusual_but_valid_requests_are_accepted(self):
        for request in [
            "GET /health HTTP/1.1|host:x||",
            "GET /health?a=b&c+d=%20 HTTP/1.1|Host:\t  x \t|A:|B:  |!#$%&'*+-.^_`|~: \"\xe4\"||".replace("`|~", "`~"),
            "GET /health HTTP/1.1|Host: x|Content-Length: 0|Cookie: a=b; c=\"d\"||",
            "GET /health HTTP/1.1|Host: x|Transfer-Encoding: Chunked||0||",
            "|GET /health HTTP/1.1|Host: x||",
            "GET /health HTTP/1.1|Host: x|" + "".join(f"Header-{i}: {'x' * i}|" for i in range(300)) + "|",
            "GET /health HTTP/1.1|Host: x|A: " + "x" * 60_000 + "||",
        ]:
            with self.subTest(request=request[:200]):
                received = self.exchange(request.replace("|", "\r\n").encode("latin-1") * 3 + NEXT)
                self.assertEqual(received.count(b" 204 No Content\r\n"), 4, received)
        # Byte by byte, so that the buffer grows within a line.
        with self.daemon.socket() as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for i in range(len(NEXT)):
                sock.sendall(NEXT[i : i + 1])
            self.assertTrue(sock.recv(1000).startswith(b"HTTP/1.1 204 "))

    def test_repeated_body_headers_are_refused(self):
        before = self.daemon.everything()
        for lines in [
            "Content-Type: application/octet-stream\r\nContent-Type: application/octet-stream",
            "Content-Type: multipart/form-data; boundary=x\r\ncontent-type: application/octet-stream",
            "Content-Type: application/octet-stream\r\nContent-Encoding: gzip\r\nContent-Encoding: identity",
        ]:
            with self.subTest(lines=lines):
                request = (
                    f"POST {files_url('/repeated')} HTTP/1.1\r\nHost: x\r\nX-Access-Token: {TOKEN}\r\n{lines}\r\n"
                    "Content-Length: 5\r\n\r\nhello"
                )
                answer = self.daemon.raw(request.encode())
                self.assertProblem(answer, 400, "repeated content type or content encoding")
        self.assertEqual(self.daemon.everything(), before)

    MALFORMED_CHUNKS = [
        # A bare LF, a bare CR or a NUL anywhere beside the data.
        b"1\nx\r\n0\r\n\r\n",
        b"1\r\nx\n0\r\n\r\n",
        b"1\r\nx\r\n0\n\r\n",
        b"1\r\nx\r\n0\r\n\n",
        b"1;a=b\nx\r\n0\r\n\r\n",
        b"1\r\nx\r\n0;a\n\r\n",
        b"1\r\nx\r\n0\r\nA: b\n\r\n",
        b"1\rx\r\n0\r\n\r\n",
        b"1;a\rb\r\nx\r\n0\r\n\r\n",
        b"1\0\r\nx\r\n0\r\n\r\n",
        b"1;\0\r\nx\r\n0\r\n\r\n",
        b"1\r\nx\r\n0\r\nA: \0\r\n\r\n",
        # An invalid size.
        b"\r\nx\r\n0\r\n\r\n",
        b";a\r\nx\r\n0\r\n\r\n",
        b" 1\r\nx\r\n0\r\n\r\n",
        b"1 \r\nx\r\n0\r\n\r\n",
        b"1 ;a\r\nx\r\n0\r\n\r\n",
        b"0x1\r\nx\r\n0\r\n\r\n",
        b"+1\r\nx\r\n0\r\n\r\n",
        b"-1\r\nx\r\n0\r\n\r\n",
        b"g\r\nx\r\n0\r\n\r\n",
        b"10000000000000001\r\nx\r\n0\r\n\r\n",
        b"00000000000000001\r\nx\r\n0\r\n\r\n",
        # Data of another length.
        b"1\r\nxy\r\n0\r\n\r\n",
        b"2\r\nx\r\n0\r\n\r\n",
        b"1\r\nx0\r\n\r\n",
        # Trailers that are not header lines.
        b"1\r\nx\r\n0\r\nA\r\n\r\n",
        b"1\r\nx\r\n0\r\n: b\r\n\r\n",
        b"1\r\nx\r\n0\r\nA : b\r\n\r\n",
        b"1\r\nx\r\n0\r\nA: b\r\n c\r\n\r\n",
        # Unreasonably many extensions or trailers.
        b"1;" + b"a" * 20_000 + b"\r\nx\r\n0\r\n\r\n",
        b"1;aaaaaaa\r\nx\r\n" * 3000 + b"0\r\n\r\n",
        b"1\r\nx\r\n0\r\nA: " + b"b" * 20_000 + b"\r\n\r\n",
    ]

    def test_malformed_chunks_are_refused(self):
        before = self.daemon.everything()
        for head in ["GET /health HTTP/1.1", f"POST {files_url('/chunks')} HTTP/1.1\r\nX-Access-Token: {TOKEN}"]:
            head += "\r\nHost: x\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            for body in self.MALFORMED_CHUNKS:
                with self.subTest(head=head[:20], body=body[:50]):
                    self.assertLast(head.encode() + body, "malformed chunks")
                    self.assertEqual(self.daemon.everything(), before)

    def test_bytes_after_malformed_chunks_are_not_a_request(self):
        """The refusal is sent by then, and nothing after it is parsed as a request."""
        head = f"POST {files_url('/chunks')} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        for body in self.MALFORMED_CHUNKS:
            with self.subTest(body=body[:50]):
                received = self.exchange(head.encode() + body + NEXT)
                self.assertEqual(received.count(b"HTTP/1."), 1, received)
                self.assertTrue(received.startswith(b"HTTP/1.1 401 "), received)

    def test_unusual_but_valid_chunks_are_accepted(self):
        head = f"POST {files_url('/chunks')} HTTP/1.1\r\nX-Access-Token: {TOKEN}\r\nHost: x\r\n"
        head += "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        for body, content in [
            (b"0\r\n\r\n", b""),
            (b"000\r\n\r\n", b""),
            (b"5\r\nhello\r\n000\r\n\r\n", b"hello"),
            (b"00a\r\n0123456789\r\nA\r\n\r\n\n\r\0\r\n0\r\n\r\n0\r\n\r\n", b"0123456789\r\n\n\r\0\r\n0\r\n"),
            (b'5;a;b=c;d="e\xff;\t"\r\nhello\r\n0;end\r\n\r\n', b"hello"),
            (b"5\r\nhello\r\n0\r\nA: b\r\nContent-Length: 5\r\nC:\r\n\r\n", b"hello"),
        ]:
            with self.subTest(body=body):
                received = self.exchange((head.encode() + body) * 2 + NEXT)
                self.assertEqual(received.count(b" 200 OK\r\n"), 2, received)
                self.assertEqual(received.count(b" 204 No Content\r\n"), 1, received)
                self.assertEqual((self.daemon.root / "chunks").read_bytes(), content)
                (self.daemon.root / "chunks").unlink()
                with self.daemon.socket() as sock:
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    sock.sendall(head.encode())
                    for i in range(len(body)):
                        sock.sendall(body[i : i + 1])
                    self.assertTrue(sock.recv(1000).startswith(b"HTTP/1.1 200 "))
                self.assertEqual((self.daemon.root / "chunks").read_bytes(), content)
                (self.daemon.root / "chunks").unlink()

    def test_input_that_cannot_be_a_head_is_refused_immediately(self):
        """A client with other line ends gets its answer immediately, not after a time limit."""
        for request in [b"GET /health HTTP/1.0\n\n", b"GET /health HTTP/1.1\rHost: x\r\r", b"\0", b"\n", b"\r\n\rx"]:
            with self.subTest(request=request), self.daemon.socket() as sock:
                sock.settimeout(5)
                sock.sendall(request)
                self.assertTrue(sock.recv(1000).startswith(b"HTTP/1.1 400 "))
