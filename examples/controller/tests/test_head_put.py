"""HEAD /files and PUT /files: file routes only for v2 tokens."""

import gzip
import http.client
import random

import v2
from daemon import LIMIT, Answer, Daemon, DaemonTest
from v2 import WITH_TOKEN
from wire import FORM, NO_SIGNATURE, OCTETS, UNAUTHORIZED, files_url, form, part
from wire import WITH_TOKEN as WITH_V1_TOKEN

PACKED = {"Content-Encoding": "gzip"}


class Head(DaemonTest):
    token = v2.TOKEN

    def head(self, path):
        return self.ask("HEAD", files_url(path), headers=WITH_TOKEN)

    def test_answers_like_get_without_a_body(self):
        for name, content in [("empty", b""), ("small", b"hello"), ("large 中", b"x" * 3_000_001)]:
            self.write(name, content)
            head, get = self.head(name), self.ask("GET", files_url(name), headers=WITH_TOKEN)
            self.assertEqual((head.status, head.body, get.body), (200, b"", content))
            self.assertEqual(head.headers["Content-Length"], str(len(content)))
            for answer in [head, get]:
                del answer.headers["Date"]
            self.assertEqual(head.headers.items(), get.headers.items())

    def test_head_has_the_errors_of_get(self):
        self.daemon.home("directory").mkdir(parents=True, exist_ok=True)
        for path in ["/nope", "directory", "/../x", "x\0"]:
            head, get = self.head(path), self.ask("GET", files_url(path), headers=WITH_TOKEN)
            self.assertEqual((head.status, head.body), (get.status, b""))
            self.assertGreaterEqual(head.status, 400)
            self.assertEqual(head.headers["Content-Length"], str(len(get.body)))
        self.assertEqual(self.ask("HEAD", files_url("a")).status, 401)

    def test_the_connection_continues(self):
        self.write("a", b"content")
        with self.daemon.connection() as connection:
            for path, status in [("a", 200), ("nope", 404), ("a", 200)]:
                connection.request("HEAD", files_url(path), headers=WITH_TOKEN)
                sock = connection.sock
                self.assertEqual(Answer(connection.getresponse()).status, status)
                self.assertIs(connection.sock, sock)
            connection.request("GET", files_url("a"), headers=WITH_TOKEN)
            self.assertEqual(Answer(connection.getresponse()).body, b"content")

    def test_the_log_counts_no_bytes(self):
        daemon = Daemon(token=self.token)
        self.addCleanup(daemon.kill)
        (daemon.root / "a").write_bytes(b"content")
        daemon.ask("HEAD", files_url("/a"), headers=WITH_TOKEN)
        _, _, log = daemon.stop()
        self.assertIn('method=HEAD route="/files" file="/a" status=200 received=0 sent=0 ', log)


class Put(DaemonTest):
    token = v2.TOKEN

    def put(self, path, body, headers=None, chunked=False):
        return self.ask("PUT", files_url(path), body, {**WITH_TOKEN, **(headers or {})}, chunked=chunked)

    def test_the_body_is_the_file_whatever_its_type(self):
        content = random.randbytes(100_000)
        for headers in [{}, OCTETS, {"Content-Type": "text/plain"}, {"Content-Type": ""}, {"Content-Type": "x"},
                        {"Content-Type": "multipart/mixed; boundary=x"}]:
            for body, more, chunked in [
                (content, {}, False),
                ((content[i : i + 777] for i in range(0, len(content), 777)), {}, True),
                (gzip.compress(content), PACKED, False),
                (content, {"Content-Encoding": "identity"}, False),
            ]:
                with self.subTest(headers=headers, more=more, chunked=chunked):
                    self.assertWritten(self.put("/put/a", body, {**headers, **more}, chunked), "/put/a")
                    self.assertEqual((self.daemon.root / "put/a").read_bytes(), content)
                    (self.daemon.root / "put/a").unlink()

    def test_put_refuses_what_post_refuses(self):
        before = self.daemon.everything()
        self.assertProblem(self.put(None, b"x"), 400, "path is required")
        self.assertProblem(self.put("/../x", b"x"), 400, "path contains '..'")
        self.assertProblem(self.put("/x", b"x", {"Content-Encoding": "br"}), 415)
        self.assertProblem(self.put("/x", b"x", PACKED), 400, "malformed gzip body")
        self.assertProblem(self.put("/x", b"x" * (LIMIT + 1)), 413, f"upload is larger than {LIMIT} bytes")
        self.assertRefused(self.ask("PUT", files_url("/x"), b"x" * 100_000), NO_SIGNATURE)
        self.assertNothingNew(before)
        self.assertProblem(self.ask("POST", files_url("/x"), b"x", WITH_TOKEN), 400)

    def test_a_form_is_refused(self):
        before = self.daemon.everything()
        for target in [files_url("/x"), files_url()]:
            for kind in [FORM, {"Content-Type": "Multipart/Form-Data"}]:
                answer = self.ask("PUT", target, form(part(b"x", "a")), {**kind, **WITH_TOKEN})
                self.assertProblem(answer, 400, "PUT takes the file itself, not a form")
        self.assertNothingNew(before)

    def test_a_content_range_is_refused(self):
        self.write("whole", b"content")
        answer = self.put("whole", b"piece", {"Content-Range": "bytes 0-4/7"})
        self.assertProblem(answer, 400, "PUT takes the whole file, not a range")
        self.assertEqual(self.daemon.home("whole").read_bytes(), b"content")

    def test_100_continue_is_answered(self):
        with self.daemon.socket() as sock:
            lines = [f"PUT {files_url('/continued')} HTTP/1.1", "Host: x", f"X-Access-Token: {v2.TOKEN}",
                     "Content-Length: 5", "Expect: 100-continue"]
            sock.sendall("\r\n".join([*lines, "", ""]).encode())
            self.assertTrue(sock.recv(1000).startswith(b"HTTP/1.1 100 "))
            sock.sendall(b"hello")
            response = http.client.HTTPResponse(sock)
            response.begin()
            self.assertWritten(Answer(response), "/continued")

    def test_a_preflight_is_answered_unchecked(self):
        headers = {"Origin": "https://example.com", "Access-Control-Request-Method": "PUT"}
        answer = self.ask("OPTIONS", files_url("/x"), headers=headers)
        self.assertEqual(answer.headers["Access-Control-Allow-Methods"], "GET, HEAD, POST, PUT")


class WithVersion1(DaemonTest):
    def test_neither_is_a_file_route(self):
        self.write("a")
        before = self.daemon.everything()
        for method in ["HEAD", "PUT"]:
            url = files_url("/home/user/a")
            self.assertEqual(self.ask(method, url).status, 401)
            self.assertEqual(self.ask(method, url, headers=WITH_V1_TOKEN).status, 404)
        self.assertRefused(self.ask("PUT", files_url("/x"), b"x"), UNAUTHORIZED)
        self.assertProblem(self.ask("PUT", files_url("/x"), b"x", WITH_V1_TOKEN), 404, "not found")
        self.assertNothingNew(before)
        self.assertEqual(self.daemon.home("a").read_bytes(), b"content")
