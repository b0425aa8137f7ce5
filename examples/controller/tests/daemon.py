"""The built daemon (CONTROLLER_BIN), started for tests and tested over HTTP. Standard library only.

    CONTROLLER_BIN=build/controller python3 -m unittest discover --start-directory tests
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from wire import TOKEN

BINARY = os.environ.get("CONTROLLER_BIN", "build/controller")
LIMIT = 4 * 1024 * 1024
TEMPORARY = ".controller-upload-"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Daemon:
    def __init__(self, *options, token=TOKEN, environment=None, root=None, stderr=None, prepare=None):
        """`root` is one that another daemon had, `stderr` where the log goes instead of into a file, and `prepare` is
        called in the new process."""
        self._stack = contextlib.ExitStack()
        directory = pathlib.Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.outside = directory / "outside"
        self.outside.mkdir()
        self.root = root or directory / "root"
        self.root.mkdir(exist_ok=True)
        self._log = directory / "log"
        arguments = [BINARY, "--root", str(self.root), "--port", "0", "--max-upload", str(LIMIT), *options]
        if token is not None:
            self.token_file = directory / "token"
            self.token_file.write_text(token + "\n")
            arguments += ["--token-file", str(self.token_file)]
        with open(self._log, "wb") as log:
            self.process = subprocess.Popen(
                arguments, stdout=subprocess.PIPE, stderr=stderr or log, preexec_fn=prepare,
                env={**os.environ, **(environment or {})},
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

    def raw(self, request, method=None):
        """Sends these bytes unchanged."""
        with self.socket() as sock:
            sock.sendall(request)
            response = http.client.HTTPResponse(sock, method=method)
            response.begin()
            return Answer(response)

    def home(self, name):
        return self.root / "home" / "user" / name

    def everything(self):
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if not path.is_dir())

    def wait_for_temporary(self, exists):
        until = time.monotonic() + 20
        while exists != any(TEMPORARY in name for name in self.everything()):
            assert time.monotonic() < until, self.everything()
            time.sleep(0.01)

    def wait_for_log(self, text):
        until = time.monotonic() + 20
        while text not in self.log:
            assert time.monotonic() < until, self.log
            time.sleep(0.01)

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self):
        """For a test that failed before it stopped the daemon, or that does not check its end."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self._stack.close()

    def hang_up(self, *tokens):
        """Writes the tokens, if there are any, sends SIGHUP and returns what the daemon says about it."""
        if tokens:
            new = self.token_file.with_name("new-token")
            new.write_text("".join(token + "\n" for token in tokens))
            new.replace(self.token_file)
        before = len(self.said())
        self.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + 20
        while not re.search("read again|stay as they were$", "\n".join(said := self.said()[before:])):
            assert time.monotonic() < until, self.log
            time.sleep(0.005)
        return said

    def said(self):
        """The log lines about the daemon itself, not about a request."""
        return [line for line in self.log.splitlines() if line.startswith("controller: ")]

    def stop(self, signal_number=signal.SIGTERM):
        self.process.send_signal(signal_number)
        status = self.process.wait(60)
        self.process.stdout.close()
        left = [name for name in self.everything() if TEMPORARY in name]
        log = self.log
        self._stack.close()
        return status, left, log


class OwnDaemonTest(unittest.TestCase):
    """A daemon for each test, which starts and stops it."""

    def start(self, *arguments, **keywords):
        daemon = Daemon(*arguments, **keywords)
        self.addCleanup(daemon.kill)
        return daemon

    def stop(self, daemon, *secrets):
        status, left, log = daemon.stop()
        self.assertEqual((status, left), (0, []), log)
        for secret in secrets:
            self.assertNotIn(secret, log)
        return log


class DaemonTest(unittest.TestCase):
    """A daemon for the class. Checks its clean end, and that its log contains no secret."""

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
        for secret in [*(cls.token or TOKEN).split("\n"), "v1_", "v2.", "signature"]:
            assert secret not in log, log

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

    def assertNothingNew(self, before):
        self.assertEqual(self.daemon.everything(), before)

    def assertWritten(self, answer, *paths):
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        expected = [{"name": path.rsplit("/", 1)[1], "path": path, "type": "file"} for path in paths]
        self.assertEqual(answer.json, expected)
