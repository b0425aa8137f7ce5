"""One connection with several requests: a refusal does not affect the next one."""

import http.client
import random
import time

from daemon import Answer, DaemonTest
from wire import FORM, MISMATCH, NO_SIGNATURE, OCTETS, WITH_TOKEN, files_url, form, part


class Connection(DaemonTest):
    def test_refused_upload_is_answered_and_not_written(self):
        before = self.daemon.everything()
        content = random.randbytes(20_000_000)
        for headers, message in [({}, NO_SIGNATURE), ({"X-Access-Token": "wrong"}, MISMATCH)]:
            for kind, body in [(OCTETS, content), (FORM, form(part(content, "x")))]:
                self.assertRefused(self.ask("POST", files_url("/x"), body, {**headers, **kind}), message)
        answer = self.ask("POST", files_url("/x"), (content[i : i + 99_999] for i in range(0, len(content), 99_999)),
                          OCTETS, chunked=True)
        self.assertRefused(answer, NO_SIGNATURE)
        self.assertEqual(self.daemon.everything(), before)

    def test_connection_continues_after_a_refused_upload(self):
        self.write("a.txt")
        with self.daemon.connection() as connection:
            for _ in range(2):
                connection.request("POST", files_url("/x"), b"y" * 300_000, OCTETS)
                sock = connection.sock
                self.assertRefused(Answer(connection.getresponse()), NO_SIGNATURE)
                connection.request("GET", files_url("a.txt"), headers=WITH_TOKEN)
                self.assertEqual(Answer(connection.getresponse()).body, b"content")
                self.assertIs(connection.sock, sock)

    def test_refusal_is_sent_instead_of_100_continue(self):
        with self.daemon.socket() as sock:
            lines = [f"POST {files_url('x')} HTTP/1.1", "Host: x", "Content-Length: 1000", "Expect: 100-continue"]
            sock.sendall("\r\n".join([*lines, "", ""]).encode())
            response = http.client.HTTPResponse(sock)
            response.begin()
            self.assertRefused(Answer(response), NO_SIGNATURE)

    def test_a_client_that_sends_first_and_reads_later_sees_the_refusal(self):
        """Even if the connection is closed afterwards, while much of the body is still in transit."""
        for lines, status in [
            (["Content-Length: 1000000000"], 401),
            (["Content-Length: 5000000", "Expect: 100-continue"], 401),
            (["Content-Length: 5000000", "Connection: close"], 401),
            (["Content-Length: 5000000", "Transfer-Encoding: chunked"], 400),
        ]:
            with self.subTest(lines=lines), self.daemon.socket() as sock:
                head = "\r\n".join([f"POST {files_url('x')} HTTP/1.1", "Host: x", *lines, "", ""])
                sock.sendall(head.encode())
                for _ in range(5):
                    sock.sendall(b"x" * 1_000_000)
                    time.sleep(0.02)
                response = http.client.HTTPResponse(sock)
                response.begin()
                self.assertEqual(response.status, status)
                self.assertEqual(response.getheader("Connection"), "close")

    def test_input_that_is_not_http_is_refused(self):
        for request in [
            b"GET\r\n\r\n",
            b"GET /health\r\n\r\n",
            b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /health HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n",
            b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
            b"GET /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ]:
            with self.subTest(request=request), self.daemon.socket() as sock:
                sock.sendall(request)
                self.assertNotRegex(sock.recv(1000), rb"^HTTP/1.1 2")
        for request in [b"", b"\r\n\r\n", b"\x00\xff\r\n\r\n", b"GET /files?path=x"]:
            with self.daemon.socket() as sock:
                sock.sendall(request)
        self.assertEqual(self.ask("GET", "/health").status, 204)
