"""Runs the built daemon (CONTROLLER_BIN) and talks HTTP to it. Standard library only.

    CONTROLLER_BIN=build/controller python3 tests/test_controller.py
"""

import base64
import concurrent.futures
import contextlib
import gzip
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from urllib.parse import quote, quote_plus, unquote

BINARY = os.environ.get("CONTROLLER_BIN", "build/controller")
TOKEN = "5f2c1b8e0d7a49633bb6e1f4c0a8d95e7712f0c3a4b5968712fedcba98765432"
LIMIT = 4 * 1024 * 1024
BOUNDARY = "----formdata-0123456789abcdef"
TEMPORARY = ".controller-upload-"

UNAUTHORIZED = "unauthorized access, please provide a valid access token or method signing if supported"
MISMATCH = "access token present in header but does not match"
NO_SIGNATURE = "missing signature query parameter"
WRONG_SIGNATURE = "invalid signature"
EXPIRED = "signature is already expired"
MALFORMED = "malformed request"

ODD_NAMES = [
    "plain.txt",
    "with space",
    "per%cent %41 100%",
    "it's",
    "(parens)",
    "~tilde~",
    "co:lon",
    'quo"te"s',
    "back\\slash",
    "中文 文件.txt",
    "emoji 🦊.bin",
    "new\nline",
    "se;mi, co=mma",
    "plus+amp&hash#question?",
    "-dash",
]


def sign(path, operation, user="", expires=None, token=TOKEN):
    message = f"{path}:{operation}:{user}:{token}"
    if expires is not None:
        message += f":{expires}"
    return "v1_" + base64.b64encode(hashlib.sha256(message.encode()).digest()).decode().rstrip("=")


def files_url(path=None, user=None, signature=None, expires=None, escape=lambda text: quote(text, safe="")):
    pairs = [("path", path), ("username", user), ("signature", signature), ("signature_expiration", expires)]
    query = "&".join(f"{name}={escape(str(value))}" for name, value in pairs if value is not None)
    return "/files" + ("?" + query if query else "")


def signed_url(path, operation, user=None, expires=None, **how):
    return files_url(path, user, sign(path or "", operation, user or "", expires), expires, **how)


def httpx_name(name):
    """httpx/_multipart.py: backslashes doubled, quotes and control characters as %XX."""
    table = {chr(code): f"%{code:02X}" for code in range(0x20) if code != 0x1B}
    return "".join({'"': "%22", "\\": "\\\\", **table}.get(character, character) for character in name)


def html_name(name):
    """The HTML standard's form encoding: browsers, and FormData in Node."""
    return name.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22")


def part(content, filename=None, name="file", wire=httpx_name):
    disposition = f'form-data; name="{name}"'
    if filename is not None:
        disposition += f'; filename="{wire(filename)}"'
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\nContent-Type: application/octet-stream\r\n\r\n"
    return head.encode() + content + b"\r\n"


def form(*parts):
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


OCTETS = {"Content-Type": "application/octet-stream"}
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
WITH_TOKEN = {"X-Access-Token": TOKEN}


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Daemon:
    def __init__(self, *options, token=TOKEN, environment=None):
        self._stack = contextlib.ExitStack()
        directory = pathlib.Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.outside = directory / "outside"
        self.outside.mkdir()
        self.root = directory / "root"
        self.root.mkdir()
        self._log = directory / "log"
        arguments = [BINARY, "--root", str(self.root), "--port", "0", "--max-upload", str(LIMIT), *options]
        if token is not None:
            token_file = directory / "token"
            token_file.write_text(token + "\n")
            arguments += ["--token-file", str(token_file)]
        with open(self._log, "wb") as log:
            self.process = subprocess.Popen(
                arguments, stdout=subprocess.PIPE, stderr=log, env={**os.environ, **(environment or {})}
            )
        line = self.process.stdout.readline().decode()
        found = re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", line)
        if not found:
            self.process.wait()
            raise AssertionError(f"said {line!r} and {self.log!r}")
        self.port = int(found[1])

    @property
    def log(self):
        return self._log.read_text(errors="replace")

    def connection(self):
        return contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60))

    def socket(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def ask(self, method, target, body=None, headers=None, chunked=False):
        with self.connection() as connection:
            connection.request(method, target, body, headers or {}, encode_chunked=chunked)
            return Answer(connection.getresponse())

    def raw(self, request):
        """Sends these bytes as they are."""
        with self.socket() as sock:
            sock.sendall(request)
            response = http.client.HTTPResponse(sock)
            response.begin()
            return Answer(response)

    def home(self, name):
        return self.root / "home" / "user" / name

    def everything(self):
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if not path.is_dir())

    def kill(self):
        """For a test that failed before it could stop the daemon."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self, signal_number=signal.SIGTERM):
        self.process.send_signal(signal_number)
        status = self.process.wait(60)
        self.process.stdout.close()
        left = [name for name in self.everything() if TEMPORARY in name]
        log = self.log
        self._stack.close()
        return status, left, log


class DaemonTest(unittest.TestCase):
    """A daemon for the class, a clean end for it, and nothing secret in what it logged."""

    options = ()
    token = TOKEN

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(*cls.options, token=cls.token)

    @classmethod
    def tearDownClass(cls):
        status, left, log = cls.daemon.stop()
        assert status == 0, (status, log)
        assert not left, left
        assert TOKEN not in log
        assert "v1_" not in log and "signature" not in log, log

    def ask(self, *arguments, **keywords):
        return self.daemon.ask(*arguments, **keywords)

    def write(self, name, content=b"content"):
        path = self.daemon.home(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def assertRefused(self, answer, message, status=401):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.body.decode(), json.dumps({"code": status, "message": message}, separators=(",", ":")))
        self.assertEqual(answer.headers["Content-Type"], "application/json")

    def assertProblem(self, answer, status, message=None):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(list(answer.json), ["code", "message"])
        self.assertEqual(answer.json["code"], status)
        if message is not None:
            self.assertEqual(answer.json["message"], message)

    def assertWritten(self, answer, *paths):
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        expected = [{"name": path.rsplit("/", 1)[1], "path": path, "type": "file"} for path in paths]
        self.assertEqual(answer.json, expected)


class Rule(DaemonTest):
    def test_exempt_routes(self):
        self.assertEqual(self.ask("GET", "/health").status, 204)
        self.assertEqual(self.ask("POST", "/init", b"{}").status, 204)
        self.assertEqual(self.ask("GET", "/he%61lth?x=1").status, 204)

    def test_protected_routes(self):
        for method, target in [
            ("GET", "/"),
            ("GET", "/metrics"),
            ("POST", "/health"),
            ("GET", "/init"),
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

    def test_token_on_files(self):
        self.write("a.txt")
        url = files_url("/home/user/a.txt")
        self.assertRefused(self.ask("GET", url), NO_SIGNATURE)
        self.assertRefused(self.ask("GET", url, headers={"X-Access-Token": ""}), NO_SIGNATURE)
        for wrong in [TOKEN[:-1], TOKEN + "0", TOKEN.upper(), "x"]:
            self.assertRefused(self.ask("GET", url, headers={"X-Access-Token": wrong}), MISMATCH)
        self.assertEqual(self.ask("GET", url, headers=WITH_TOKEN).body, b"content")

    def test_wrong_token_beside_a_right_signature(self):
        self.write("a.txt")
        answer = self.ask("GET", signed_url("/home/user/a.txt", "read"), headers={"X-Access-Token": "wrong"})
        self.assertRefused(answer, MISMATCH)

    def test_header_names_have_no_case_and_values_no_space_around(self):
        self.write("a.txt")
        request = f"GET {files_url('a.txt')} HTTP/1.1\r\nHost: x\r\nx-ACCESS-token: \t{TOKEN} \t\r\n\r\n"
        self.assertEqual(self.daemon.raw(request.encode()).status, 200)

    def test_token_given_twice(self):
        for second in [TOKEN, "other", ""]:
            request = (
                f"GET {files_url('/x')} HTTP/1.1\r\nHost: x\r\n"
                f"X-Access-Token: {TOKEN}\r\nx-access-token: {second}\r\n\r\n"
            )
            self.assertRefused(self.daemon.raw(request.encode()), MALFORMED, 400)

    def test_signed_urls(self):
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

    def test_expiry(self):
        self.write("a.txt")
        now = int(time.time())
        for expires in [now - 1, 0, -10000]:
            self.assertRefused(self.ask("GET", signed_url("a.txt", "read", None, expires)), EXPIRED)
        self.assertEqual(self.ask("GET", signed_url("a.txt", "read", None, now + 60)).status, 200)

    def test_malformed_queries(self):
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

    def test_preflight(self):
        headers = {"Origin": "https://example.com", "Access-Control-Request-Method": "POST"}
        answer = self.ask("OPTIONS", "/files?path=x", headers=headers)
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
        self.assertIn("POST", answer.headers["Access-Control-Allow-Methods"])
        self.assertEqual(answer.headers["Access-Control-Allow-Headers"], "*")
        self.assertRefused(self.ask("OPTIONS", "/files", headers={"Origin": "https://example.com"}), UNAUTHORIZED)

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

    def test_connection_goes_on_after_a_refused_upload(self):
        self.write("a.txt")
        with self.daemon.connection() as connection:
            for _ in range(2):
                connection.request("POST", files_url("/x"), b"y" * 300_000, OCTETS)
                sock = connection.sock
                self.assertRefused(Answer(connection.getresponse()), NO_SIGNATURE)
                connection.request("GET", files_url("a.txt"), headers=WITH_TOKEN)
                self.assertEqual(Answer(connection.getresponse()).body, b"content")
                self.assertIs(connection.sock, sock)

    def test_refusal_comes_in_place_of_continue(self):
        with self.daemon.socket() as sock:
            lines = [f"POST {files_url('x')} HTTP/1.1", "Host: x", "Content-Length: 1000", "Expect: 100-continue"]
            sock.sendall("\r\n".join([*lines, "", ""]).encode())
            response = http.client.HTTPResponse(sock)
            response.begin()
            self.assertRefused(Answer(response), NO_SIGNATURE)

    def test_ambiguous_framing(self):
        for lines in [
            "Content-Length: 1\r\nTransfer-Encoding: chunked",
            "Content-Length: 1\r\nContent-Length: 2",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
        ]:
            request = f"POST /init HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n1\r\nx\r\n0\r\n\r\n"
            answer = self.daemon.raw(request.encode())
            self.assertProblem(answer, 400, "ambiguous request body")
            self.assertEqual(answer.headers["Connection"], "close")

    def test_not_http(self):
        for request in [
            b"GET\r\n\r\n",
            b"GET /health\r\n\r\n",
            b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /health HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n",
            b"POST /init HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
            b"POST /init HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ]:
            with self.subTest(request=request), self.daemon.socket() as sock:
                sock.sendall(request)
                self.assertNotRegex(sock.recv(1000), rb"^HTTP/1.1 2")
        for request in [b"", b"\r\n\r\n", b"\x00\xff\r\n\r\n", b"GET /files?path=x"]:
            with self.daemon.socket() as sock:
                sock.sendall(request)
        self.assertEqual(self.ask("GET", "/health").status, 204)


class Open(DaemonTest):
    """Neither a file nor the environment has a token."""

    token = None

    def test_everything_is_allowed(self):
        self.assertIn("every request is allowed", self.daemon.log)
        self.write("a.txt")
        for headers in [{}, {"X-Access-Token": "any"}]:
            self.assertEqual(self.ask("GET", files_url("a.txt"), headers=headers).body, b"content")
            self.assertWritten(self.ask("POST", files_url("/b"), b"b", {**OCTETS, **headers}), "/b")
        self.assertEqual(self.ask("GET", "/health").status, 204)
        self.assertProblem(self.ask("GET", "/metrics"), 404, "not found")

    def test_what_cannot_be_read_is_still_refused(self):
        self.assertRefused(self.ask("GET", "/files?path=a&path=b"), MALFORMED, 400)
        self.assertRefused(self.ask("POST", "/files?path=%f", b"x", OCTETS), MALFORMED, 400)


class Downloads(DaemonTest):
    def get(self, path, user=None):
        return self.ask("GET", files_url(path, user), headers=WITH_TOKEN)

    def test_headers(self):
        self.write("a.txt", b"hello")
        answer = self.get("a.txt")
        self.assertEqual(answer.body, b"hello")
        self.assertEqual(answer.headers["Content-Type"], "application/octet-stream")
        self.assertEqual(answer.headers["Content-Length"], "5")
        self.assertEqual(answer.headers["Content-Disposition"], "inline; filename=a.txt")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_disposition_of_odd_names(self):
        for name in [*ODD_NAMES[1:], "evil\r\nSet-Cookie: a=b", "a\x7fb", "x" * 255, "é" * 127]:
            with self.subTest(name=name):
                self.write(name)
                answer = self.get("/home/user/" + name)
                self.assertEqual((answer.status, answer.body), (200, b"content"))
                self.assertNotIn("Set-Cookie", answer.headers)
                disposition = answer.headers["Content-Disposition"]
                plain = re.fullmatch(r"inline; filename=([A-Za-z0-9.~+_-]+)", disposition)
                quoted, extended = r'filename="([ -!#-$&-\[\]-~]*)"', r"filename\*=UTF-8''([!-~]+)"
                both = re.fullmatch(f"inline; {quoted}; {extended}", disposition)
                self.assertTrue(plain or both, disposition)
                self.assertEqual(plain[1] if plain else unquote(both[2]), name)

    def test_missing(self):
        self.write("file")
        for path, seen in [
            ("/nope", "/nope"),
            ("nope 中", "/home/user/nope 中"),
            ("/a/b/c", "/a/b/c"),
            ('/"q\\', '/"q\\'),
            ("/home/user/file/below", "/home/user/file/below"),
        ]:
            answer = self.get(path)
            self.assertEqual(answer.status, 404)
            self.assertEqual(answer.headers["Content-Type"], "application/json")
            expected = json.dumps({"code": 404, "message": f"path '{seen}' does not exist"},
                                  separators=(",", ":"), ensure_ascii=False)
            self.assertEqual(answer.body.decode(), expected)

    def test_homes(self):
        for directory in ["home/user", "home/ada", "root"]:
            (self.daemon.root / directory).mkdir(parents=True, exist_ok=True)
            (self.daemon.root / directory / "who").write_text(directory)
        self.assertEqual(self.get("who").body, b"home/user")
        self.assertEqual(self.get("./who", "user").body, b"home/user")
        self.assertEqual(self.get("who", "ada").body, b"home/ada")
        self.assertEqual(self.get("who", "root").body, b"root")
        self.assertEqual(self.get("//home/.//ada/./who", "root").body, b"home/ada")
        for user in ["..", ".", "a/b", "../root", "a\0b"]:
            self.assertProblem(self.get("who", user), 400, "invalid username")

    def test_not_a_file(self):
        self.daemon.home("directory").mkdir(parents=True, exist_ok=True)
        os.mkfifo(self.daemon.home("fifo"))
        self.assertProblem(self.get("directory"), 400, "path '/home/user/directory' is a directory")
        self.assertProblem(self.get("/"), 400, "path '/' is a directory")
        self.assertProblem(self.get(None), 400, "path '/home/user' is a directory")
        self.assertProblem(self.get("fifo"), 400, "path '/home/user/fifo' is not a regular file")

    def test_large_and_empty(self):
        content = random.randbytes(3_000_001)
        self.write("large", content)
        self.assertEqual(self.get("large").body, content)
        self.write("empty", b"")
        answer = self.get("empty")
        self.assertEqual((answer.status, answer.body, answer.headers["Content-Length"]), (200, b"", "0"))


class Beneath(DaemonTest):
    """Nothing outside the root can be read or written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        root, outside = cls.daemon.root, cls.daemon.outside
        (outside / "secret").write_text("secret")
        (root / "inside").mkdir()
        (root / "inside" / "file").write_text("inside")
        (root / "absolute").symlink_to(outside / "secret")
        (root / "relative").symlink_to("../outside/secret")
        (root / "directory").symlink_to(outside)
        (root / "harmless").symlink_to("inside/file")
        (root / "harmless-directory").symlink_to("inside")
        (root / "dangling").symlink_to(outside / "new")
        (root / "magic").symlink_to("/proc/self/root")

    def assertOutsideUntouched(self):
        self.assertEqual([path.name for path in self.daemon.outside.iterdir()], ["secret"])
        self.assertEqual((self.daemon.outside / "secret").read_text(), "secret")

    def both(self, path):
        yield self.ask("GET", files_url(path), headers=WITH_TOKEN)
        yield self.ask("POST", files_url(path), b"written", {**OCTETS, **WITH_TOKEN})
        yield self.ask("POST", files_url(), form(part(b"written", path)), {**FORM, **WITH_TOKEN})
        self.assertOutsideUntouched()

    def test_dots(self):
        for path in ["..", "../../../outside/secret", "/../outside/secret", "/inside/../../outside/secret",
                     "/inside/../inside/file", "/inside/.."]:
            for answer in self.both(path):
                self.assertProblem(answer, 400, "path contains '..'")

    def test_absolute_paths_are_beneath(self):
        self.assertProblem(self.ask("GET", files_url("/etc/passwd"), headers=WITH_TOKEN), 404,
                           "path '/etc/passwd' does not exist")
        real = str(self.daemon.outside / "secret")
        self.assertProblem(self.ask("GET", files_url(real), headers=WITH_TOKEN), 404, f"path '{real}' does not exist")
        written = self.ask("POST", files_url("/etc/passwd"), b"mine", {**OCTETS, **WITH_TOKEN})
        self.assertWritten(written, "/etc/passwd")
        self.assertEqual((self.daemon.root / "etc" / "passwd").read_bytes(), b"mine")

    def test_symbolic_links_are_not_followed(self):
        for path in ["/absolute", "/relative", "/directory/secret", "/directory/new", "/directory/new/new", "/harmless",
                     "/harmless-directory/file", "/dangling", "/magic/etc/passwd", "/directory"]:
            with self.subTest(path=path):
                for answer in self.both(path):
                    self.assertProblem(answer, 400, f"path '{path}' goes through a symbolic link")
        self.assertEqual((self.daemon.root / "inside" / "file").read_text(), "inside")
        self.assertTrue((self.daemon.root / "absolute").is_symlink())

    def test_nul_and_other_bytes(self):
        for target in ["/files?path=/inside/file%00", "/files?path=%00", "/files?path=/inside%00/../x"]:
            for method, body in [("GET", None), ("POST", b"x")]:
                answer = self.ask(method, target, body, {**OCTETS, **WITH_TOKEN})
                self.assertProblem(answer, 400, "path contains a NUL byte")
        self.assertProblem(self.ask("GET", "/files?path=/%ff", headers=WITH_TOKEN), 400, "path is not UTF-8")
        self.assertProblem(self.ask("GET", "/files?path=/%ed%a0%80", headers=WITH_TOKEN), 400, "path is not UTF-8")

    def test_long_names(self):
        for path in ["/" + "x" * 256, "/" + "x/" * 2500, "x" * 5000, "/" + "x" * 256 + "/y"]:
            for answer in self.both(path):
                self.assertEqual(answer.status, 400)
                self.assertIn("too long", answer.json["message"])
        self.assertWritten(self.ask("POST", files_url("/" + "x" * 255), b"", {**OCTETS, **WITH_TOKEN}), "/" + "x" * 255)

    def test_files_as_directories(self):
        answer = self.ask("POST", files_url("/inside/file/new"), b"x", {**OCTETS, **WITH_TOKEN})
        self.assertProblem(answer, 400, "path '/inside/file/new' goes through something that is no directory")
        answer = self.ask("POST", files_url("/inside"), b"x", {**OCTETS, **WITH_TOKEN})
        self.assertProblem(answer, 400, "path '/inside' is a directory")
        self.assertProblem(self.ask("POST", files_url("/"), b"x", {**OCTETS, **WITH_TOKEN}), 400)


class Uploads(DaemonTest):
    SIZES = [0, 1, 4095, 4096, 4097, 65535, 65536, 65537, 3_000_000]

    def post(self, target, body, *headers, chunked=False):
        merged = dict(WITH_TOKEN)
        for each in headers:
            merged.update(each)
        return self.ask("POST", target, body, merged, chunked=chunked)

    def assertNothingNew(self, before):
        self.assertEqual(self.daemon.everything(), before)

    def test_sizes(self):
        for size in self.SIZES:
            content = random.randbytes(size)
            pieces = lambda body: (body[i : i + 1777] for i in range(0, len(body), 1777))
            formed = form(part(content, "ignored"))
            for name, headers, body, chunked in [
                ("octets", OCTETS, content, False),
                ("octets-chunked", OCTETS, pieces(content), True),
                ("form", FORM, formed, False),
                ("form-chunked", FORM, pieces(formed), True),
                ("gzip", {**OCTETS, "Content-Encoding": "gzip"}, gzip.compress(content), False),
                ("gzip-chunked", {**OCTETS, "Content-Encoding": "gzip"}, pieces(gzip.compress(content)), True),
                ("gzip-form", {**FORM, "Content-Encoding": "gzip"}, gzip.compress(formed), False),
            ]:
                with self.subTest(size=size, name=name):
                    path = f"/sizes/{name}/{size}"
                    self.assertWritten(self.post(files_url(path), body, headers, chunked=chunked), path)
                    self.assertEqual((self.daemon.root / path[1:]).read_bytes(), content)
                    self.assertEqual(self.ask("GET", files_url(path), headers=WITH_TOKEN).body, content)

    def test_content_like_a_boundary(self):
        marker = f"\r\n--{BOUNDARY}".encode()
        contents = [
            b"\r", b"\r\n", b"\n", b"\r\r\r", b"\r\n\r\n", b"\r\n--", b"--" + BOUNDARY.encode(), marker[:-1],
            marker[:-1] * 5000, b"\r\n" + marker[:-1] + b"\r", b"\r" * 100_000, b"\r\n-" * 50_000, b"--\r\n",
            f"\n--{BOUNDARY}--\r\n".encode(), marker[:-1] + b"X" + marker[:10], b"x" * 70_000 + marker[:20],
        ]
        for content in contents:
            body = form(part(content, "a"), part(content, "b"))
            for step in [len(body), 1 if len(body) < 2000 else 7919]:
                with self.subTest(content=content[:60], step=step):
                    pieces = (body[i : i + step] for i in range(0, len(body), step))
                    answer = self.post(files_url(), pieces, FORM, chunked=True)
                    self.assertWritten(answer, "/home/user/a", "/home/user/b")
                    self.assertEqual(self.daemon.home("a").read_bytes(), content)
                    self.assertEqual(self.daemon.home("b").read_bytes(), content)

    def test_names_in_the_query(self):
        for name in ODD_NAMES:
            path = "/names/" + name
            for escape in [lambda text: quote(text, safe=""), quote_plus]:
                self.assertWritten(self.post(files_url(path, escape=escape), name.encode(), OCTETS), path)
                self.assertWritten(self.post(files_url(path, escape=escape), form(part(name.encode())), FORM), path)
                self.assertEqual((self.daemon.root / path[1:]).read_bytes(), name.encode())

    def test_names_in_the_form(self):
        names = [name for name in ODD_NAMES if "%41" not in name] + ["100% %2 %zz %41", "a\rb", "中/nested/文"]
        for wire in [httpx_name, html_name]:
            for name in names:
                with self.subTest(name=name, wire=wire.__name__):
                    self.assertWritten(self.post(files_url(), form(part(name.encode(), name, wire=wire)), FORM),
                                       "/home/user/" + name)
                    self.assertEqual(self.daemon.home(name).read_bytes(), name.encode())
        body = form(part(b"", 'go"style\\', wire=lambda name: re.sub(r'(["\\])', r"\\\1", name)))
        self.assertWritten(self.post(files_url(), body, FORM), '/home/user/go"style\\')

    def test_many_files(self):
        parts = [part(f"{i}".encode(), f"/many/{i % 7}/{i}") for i in range(200)]
        parts.insert(3, part(b"no file", name="comment"))
        parts.insert(5, part(b"no file either", "name", name="other"))
        self.assertWritten(self.post(files_url(), form(*parts), FORM), *(f"/many/{i % 7}/{i}" for i in range(200)))
        for i in range(200):
            self.assertEqual((self.daemon.root / f"many/{i % 7}/{i}").read_text(), str(i))

    def test_user(self):
        self.assertWritten(self.post(files_url("a", "ada"), b"x", OCTETS), "/home/ada/a")
        self.assertWritten(self.post(files_url("a", "root"), b"x", OCTETS), "/root/a")
        self.assertWritten(self.post(files_url(None, "ada"), form(part(b"x", "b")), FORM), "/home/ada/b")
        self.assertProblem(self.post(files_url("a", "../x"), b"x", OCTETS), 400, "invalid username")
        self.assertProblem(self.post(files_url(None, "../x"), form(part(b"x", "b")), FORM), 400, "invalid username")

    def test_signed_uploads(self):
        later = int(time.time()) + 100
        url = signed_url("signed 中", "write", "ada", later)
        self.assertWritten(self.ask("POST", url, b"x", OCTETS), "/home/ada/signed 中")
        url = signed_url(None, "write", None, later)
        self.assertWritten(self.ask("POST", url, form(part(b"x", "chosen")), FORM), "/home/user/chosen")
        before = self.daemon.everything()
        for url, message in [
            (signed_url("late", "write", None, 1), EXPIRED),
            (signed_url("late", "read", None, later), WRONG_SIGNATURE),
            (files_url("late"), NO_SIGNATURE),
        ]:
            self.assertRefused(self.ask("POST", url, b"x" * 100_000, OCTETS), message)
        self.assertNothingNew(before)

    def test_what_is_not_an_upload(self):
        before = self.daemon.everything()
        good = part(b"x", "a")
        disposition = b"Content-Disposition: form-data; name=file; filename=a\r\n"
        opened = f"--{BOUNDARY}\r\n".encode()
        for body, headers in [
            (b"x", {}),
            (b"x", {"Content-Type": "text/plain"}),
            (b"x", {"Content-Type": "application/octet-streams"}),
            (b"x", OCTETS),
            (form(good), {"Content-Type": "multipart/form-data"}),
            (form(good), {"Content-Type": "multipart/form-data; boundary="}),
            (form(good), {"Content-Type": f"multipart/form-data; boundary={'x' * 71}"}),
            (form(good), {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}; boundary=x"}),
            (form(good), {"Content-Type": f"multipart/mixed; boundary={BOUNDARY}"}),
            (b"", FORM),
            (form(), FORM),
            (b"preamble\r\n" + form(good), FORM),
            (form(good)[:-4], FORM),
            (good, FORM),
            (form(part(b"x")), FORM),
            (form(part(b"x", "")), FORM),
            (form(part(b"x", "a", name="other")), FORM),
            (form(good, part(b"x", "/home/user/a")), FORM),
            (form(opened + b"\r\nx\r\n"), FORM),
            (form(opened + b"X: y\r\n\r\nx\r\n"), FORM),
            (form(opened + disposition + disposition + b"\r\nx\r\n"), FORM),
            (form(opened + disposition + b" folded\r\n\r\nx\r\n"), FORM),
            (form(opened + b"no colon\r\n" + disposition + b"\r\nx\r\n"), FORM),
            (form(opened + b"X: \x00\r\n" + disposition + b"\r\nx\r\n"), FORM),
            (form(opened + b"X: " + b"y" * 20_000 + b"\r\n" + disposition + b"\r\nx\r\n"), FORM),
            (form(opened + disposition.replace(b"form-data", b"attachment") + b"\r\nx\r\n"), FORM),
            (form(opened + disposition.replace(b"=a", b'="a') + b"\r\nx\r\n"), FORM),
            (form(opened + disposition.replace(b"=a", b"=a; filename=b") + b"\r\nx\r\n"), FORM),
            (form(opened + disposition.replace(b"=a", b"=a; filename*=UTF-8''b") + b"\r\nx\r\n"), FORM),
            (f"--{BOUNDARY}xx\r\n".encode() + form(good), FORM),
        ]:
            with self.subTest(body=body[:150], headers=headers):
                self.assertProblem(self.post(files_url(), body, headers), 400)
        for second in [good, part(b"x", "b")]:
            self.assertProblem(self.post(files_url("/a"), form(good, second), FORM), 400, "several files for one path")
        self.assertNothingNew(before)

    def test_gzip_problems(self):
        before = self.daemon.everything()
        packed = gzip.compress(b"hello" * 1000)
        zipped = {**OCTETS, "Content-Encoding": "gzip"}
        for body in [b"", b"hello", packed[:-1], packed[:20], packed + b"trailing", packed[:-8] + b"\0" * 8]:
            self.assertProblem(self.post(files_url("/z"), body, zipped), 400, "malformed gzip body")
        self.assertProblem(self.post(files_url("/z"), b"", {**OCTETS, "Content-Encoding": "br"}), 415)
        self.assertProblem(self.post(files_url("/z"), gzip.compress(b"\0" * (LIMIT + 1)), zipped), 413)
        self.assertNothingNew(before)
        self.assertWritten(self.post(files_url("/z"), packed + packed, zipped), "/z")
        self.assertEqual((self.daemon.root / "z").read_bytes(), b"hello" * 2000)

    def test_limit(self):
        content = random.randbytes(LIMIT)
        self.assertWritten(self.post(files_url("/full"), content, OCTETS), "/full")
        before = self.daemon.everything()
        more = content + b"x"
        pieces = lambda: (more[i : i + 100_000] for i in range(0, len(more), 100_000))
        for answer in [
            self.post(files_url("/over"), more, OCTETS),
            self.post(files_url("/over"), more * 5, OCTETS),
            self.post(files_url("/over"), pieces(), OCTETS, chunked=True),
            self.post(files_url(), form(part(b"x", "small"), part(content, "over")), FORM),
        ]:
            self.assertProblem(answer, 413, f"upload is larger than {LIMIT} bytes")
        self.assertNothingNew(before)
        self.assertEqual((self.daemon.root / "full").read_bytes(), content)

    def test_overwriting(self):
        self.write("over", b"old")
        os.chmod(self.daemon.home("over"), 0o751)
        inode = self.daemon.home("over").stat().st_ino
        with open(self.daemon.home("over"), "rb") as reader:
            self.assertWritten(self.post(files_url("over"), b"new", OCTETS), "/home/user/over")
            self.assertEqual(reader.read(), b"old")
        self.assertEqual(self.daemon.home("over").read_bytes(), b"new")
        self.assertNotEqual(self.daemon.home("over").stat().st_ino, inode)
        self.assertEqual(self.daemon.home("over").stat().st_mode & 0o7777, 0o751)

    def test_readers_and_writers_at_once(self):
        contents = [bytes([number]) * 300_000 for number in range(8)]
        self.write("shared", contents[0])
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            writes = [pool.submit(self.post, files_url("shared"), content, OCTETS) for content in contents * 3]
            reads = [pool.submit(self.ask, "GET", files_url("shared"), None, WITH_TOKEN) for _ in range(24)]
            for write in writes:
                self.assertWritten(write.result(), "/home/user/shared")
            for read in reads:
                self.assertIn(read.result().body, contents)

    def start_upload(self, sock, path, headers, body, length):
        lines = [f"POST {files_url(path)} HTTP/1.1", "Host: x", f"X-Access-Token: {TOKEN}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines.append(f"Content-Length: {length}" if length else "Transfer-Encoding: chunked")
        sock.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    def wait_for_temporary(self, daemon, exists):
        until = time.monotonic() + 20
        while exists != any(TEMPORARY in name for name in daemon.everything()):
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)

    def test_interrupted_upload_leaves_nothing(self):
        self.write("kept", b"old")
        before = self.daemon.everything()
        half = form(part(b"one", "first"), part(b"x" * 100_000, "second"))[:50_000]
        for path, headers, body, length in [
            ("kept", OCTETS, b"x" * 50_000, 100_000),
            ("kept", OCTETS, b"a\r\n" + b"x" * 10 + b"\r\n5\r\nab", None),
            (None, FORM, half, 200_000),
        ]:
            with self.daemon.socket() as sock:
                self.start_upload(sock, path, headers, body, length)
                self.wait_for_temporary(self.daemon, True)
                self.assertEqual(self.daemon.home("kept").read_bytes(), b"old")
            self.wait_for_temporary(self.daemon, False)
            self.assertNothingNew(before)
        self.assertEqual(self.daemon.home("kept").read_bytes(), b"old")

    def test_stop_in_the_middle_of_an_upload(self):
        for number in [signal.SIGTERM, signal.SIGINT]:
            daemon = Daemon()
            self.addCleanup(daemon.kill)
            with daemon.socket() as sock:
                self.start_upload(sock, "/half", OCTETS, b"x" * 50_000, 100_000)
                self.wait_for_temporary(daemon, True)
                left = daemon.root / "half"
                status, temporary, log = daemon.stop(number)
            self.assertEqual((status, temporary, left.exists()), (0, [], False), log)


class Process(unittest.TestCase):
    def run_and_fail(self, *arguments, environment=None):
        done = subprocess.run([BINARY, *arguments], capture_output=True, timeout=60,
                              env={**os.environ, **(environment or {})})
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, b"")
        self.assertIn(b"controller: ", done.stderr)
        return done.stderr.decode()

    def test_never_silently_open(self):
        with tempfile.TemporaryDirectory() as directory:
            root = ["--root", directory, "--port", "0"]
            files = {}
            for name, content in [("empty", b""), ("newline", b"\n"), ("long", b"x" * 257), ("good", b"good-token")]:
                files[name] = os.path.join(directory, name)
                pathlib.Path(files[name]).write_bytes(content)
            self.run_and_fail(*root, "--token-file", os.path.join(directory, "absent"))
            self.run_and_fail(*root, "--token-file", directory)
            self.assertIn("empty", self.run_and_fail(*root, "--token-file", files["empty"]))
            self.assertIn("empty", self.run_and_fail(*root, "--token-file", files["newline"]))
            self.assertNotIn("xxx", self.run_and_fail(*root, "--token-file", files["long"]))
            self.assertIn("empty", self.run_and_fail(*root, environment={"SANDGATE_ACCESS_TOKEN": ""}))
            self.run_and_fail(*root, "--open", environment={"SANDGATE_ACCESS_TOKEN": ""})
            self.run_and_fail(*root, "--open", environment={"SANDGATE_ACCESS_TOKEN": "good-token"})
            self.run_and_fail(*root, "--open", "--token-file", files["good"])

    def test_options(self):
        with tempfile.TemporaryDirectory() as directory:
            for arguments in [
                [],
                ["--open"],
                ["--root", os.path.join(directory, "absent"), "--open"],
                ["--root", directory, "--open", "--port", "65536"],
                ["--root", directory, "--open", "--port", "-1"],
                ["--root", directory, "--open", "--port", ""],
                ["--root", directory, "--open", "--max-upload", "1G"],
                ["--root", directory, "--open", "--max-upload", "99999999999999999999"],
                ["--root", directory, "--open", "--host", "example"],
                ["--root", directory, "--open", "--token", "x"],
                ["--root", directory, "--open", "more"],
            ]:
                self.run_and_fail(*arguments)
        for option in ["--help", "--version"]:
            self.assertEqual(subprocess.run([BINARY, option], capture_output=True).returncode, 0)

    def test_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken, tempfile.TemporaryDirectory() as directory:
            port = str(taken.getsockname()[1])
            self.assertIn("Address already in use", self.run_and_fail("--root", directory, "--open", "--port", port))

    def test_token_from_the_environment(self):
        daemon = Daemon(token=None, environment={"SANDGATE_ACCESS_TOKEN": TOKEN})
        self.addCleanup(daemon.kill)
        self.assertEqual(daemon.ask("GET", "/x", headers=WITH_TOKEN).status, 404)
        self.assertEqual(daemon.ask("GET", "/x").status, 401)
        process = pathlib.Path(f"/proc/{daemon.process.pid}")
        if process.joinpath("exe").samefile(BINARY):  # under valgrind it is valgrind's own environment
            self.assertNotIn(TOKEN.encode(), process.joinpath("environ").read_bytes())
        status, _, log = daemon.stop()
        self.assertEqual(status, 0)
        self.assertNotIn(TOKEN, log)

    def test_only_one_newline_is_removed(self):
        for token in ["ends-with-space ", "x" * 256]:
            daemon = Daemon(token=token)
            self.addCleanup(daemon.kill)
            self.assertEqual(daemon.ask("GET", "/x").status, 401)
            self.assertEqual(daemon.stop()[0], 0)


class Log(unittest.TestCase):
    def test_lines(self):
        daemon = Daemon()
        self.addCleanup(daemon.kill)
        daemon.ask("POST", files_url("/log/a\x1b[31m\"\n中"), b"hello", {**OCTETS, **WITH_TOKEN})
        daemon.ask("GET", files_url("/log/a\x1b[31m\"\n中"), headers=WITH_TOKEN)
        daemon.ask("GET", signed_url("/nope", "read"))
        daemon.ask("GET", "/x%0aforged%22?secret=query", headers={"X-Access-Token": "wrong"})
        daemon.ask("GET", "/files%3Fpath=a&signature=" + sign("a", "read"), headers={})
        daemon.raw(f"GET /x HTTP/1.1\r\nHost: x\r\nX-Access-Token: {TOKEN}\r\nX-Access-Token: b\r\n\r\n".encode())
        status, _, log = daemon.stop()
        self.assertEqual(status, 0)
        ours, wrong = (hashlib.sha256(token.encode()).hexdigest()[:8] for token in [TOKEN, "wrong"])
        name = r"/log/a\x1b[31m\"\x0a\xe4\xb8\xad"
        expected = [
            f'method=POST route="/files" file="{name}" status=200 received=5 sent=N token={ours}',
            f'method=GET route="/files" file="{name}" status=200 received=0 sent=N token={ours}',
            'method=GET route="/files" file="/nope" status=404 received=0 sent=N token=-',
            f'method=GET route="/x\\x0aforged\\"" file="" status=401 received=0 sent=N token={wrong}',
            'method=GET route="/files" file="" status=401 received=0 sent=N token=-',
            'method=GET route="/x" file="" status=400 received=0 sent=N token=repeated',
        ]
        # A line is written after its answer was sent, so another thread's may come first.
        self.assertCountEqual(re.sub(r"sent=\d+", "sent=N", log).splitlines(), expected)
        self.assertIn(f"received=0 sent=5 token={ours}", log)
        for secret in [TOKEN, "v1_", "signature", "secret", "query"]:
            self.assertNotIn(secret, log)


if __name__ == "__main__":
    unittest.main()
