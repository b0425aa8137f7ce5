"""The host of a sandbox: it hands tokens to the daemon over the init socket, and publishes the expected hash."""

import contextlib
import hashlib
import http.client
import json
import pathlib
import socket
import tempfile
import time

from daemon import Answer, OwnDaemonTest

# The answer of a waiting daemon to almost everything, to the byte.
WAITING = b'{"code":401,"message":"envd not initialized"}'
NOT_FOUND = b'{"code":404,"message":"not found"}'
MALFORMED = b'{"code":400,"message":"malformed request"}'
MISMATCH = b'{"code":401,"message":"access token validation failed"}'
NO_RESET = b'{"code":401,"message":"access token reset not authorized"}'
NO_HASH = b'{"code":503,"message":"the expected hash cannot be read"}'


def sha512(token):
    return hashlib.sha512(token.encode()).hexdigest()


def body_of(token=None, **members):
    return json.dumps({**({} if token is None else {"accessToken": token}), **members}).encode()


class Host:
    """A directory with the socket and the file of the hash, which no daemon removes."""

    def __init__(self):
        self._directory = tempfile.TemporaryDirectory()
        self.directory = pathlib.Path(self._directory.name)
        self.path = self.directory / "init.sock"
        self.hash_file = self.directory / "hash"
        self.options = ["--init-socket", str(self.path)]

    def publish(self, content):
        new = self.hash_file.with_name("new-hash")
        new.write_text(content)
        new.replace(self.hash_file)

    def socket(self):
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(60)
        sock.connect(str(self.path))
        return sock

    def ask(self, method, target, body=None, headers=None, chunked=False):
        with contextlib.closing(http.client.HTTPConnection("x", timeout=60)) as connection:
            connection.sock = self.socket()
            connection.request(method, target, body, headers or {}, encode_chunked=chunked)
            return Answer(connection.getresponse())

    def init(self, token=None, **members):
        return self.ask("POST", "/init", body_of(token, **members))

    def close(self):
        self._directory.cleanup()


class HostTest(OwnDaemonTest):
    """Checks that no log has a token that a test handed over."""

    def setUp(self):
        self.host = Host()
        self.addCleanup(self.host.close)

    def start(self, *options, waits=True, hashed=False, **keywords):
        options = [*self.host.options, *(["--expected-hash", str(self.host.hash_file)] if hashed else []), *options]
        if waits:
            options, keywords = [*options, "--wait"], {"token": None, **keywords}
        return super().start(*options, **keywords)

    def assertAnswer(self, answer, status, body=b""):
        self.assertEqual((answer.status, answer.body), (status, body))

    def assertApplied(self, daemon, answer, outcome):
        self.assertAnswer(answer, 204)
        until = time.monotonic() + 20  # the log has its own thread
        while daemon.said()[-1:] != [f"controller: init: {outcome}"]:
            self.assertLess(time.monotonic(), until, daemon.log)
            time.sleep(0.005)

    def status(self, daemon, token):
        return daemon.ask("GET", "/metrics", headers={} if token is None else {"X-Access-Token": token}).status

    def assertRequires(self, daemon, token, *others):
        """An allowed request for an unknown route gets 404."""
        self.assertEqual(self.status(daemon, token), 404)
        for other in [None, *others]:
            self.assertEqual(self.status(daemon, other), 401)

    def assertWaits(self, daemon, *tokens):
        for headers in [{}, *({"X-Access-Token": token} for token in tokens)]:
            for method, target in [("GET", "/metrics"), ("GET", "/files?path=/a"), ("POST", "/files?path=/a"),
                                   ("PUT", "/files?path=/a"), ("GET", "/"), ("POST", "/health"), ("GET", "/health/")]:
                self.assertAnswer(daemon.ask(method, target, headers=headers), 401, WAITING)
        self.assertAnswer(daemon.ask("GET", "/health"), 204)
