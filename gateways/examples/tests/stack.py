"""Real programs on loopback: a gateway, the authorization service, and one sandbox with the C daemon, `http.server` and an echo."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

import credentials

EXAMPLES = pathlib.Path(__file__).resolve().parents[1]
SERVICE = os.environ["SANDGATE_GATEWAY"]
CONTROLLER = os.environ["CONTROLLER_BIN"]
#: The most that the example controller takes in one upload.
LIMIT = 128 * 1024 * 1024


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Echo:
    """An app in the sandbox: answers with the head that arrived, or, after an upgrade, with the bytes that arrive.

    Its answer has the header line that a request asks for in `X-Answer`. It takes every upgrade, and names it in `X-Upgrade`.
    """

    def __init__(self):
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._answer, args=[self._server.accept()[0]], daemon=True).start()

    def _answer(self, connection):
        with connection, connection.makefile("rb") as reader, contextlib.suppress(OSError):
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = reader.readline()
                if not line:
                    return
                head += line
            upgrade = b", ".join(re.findall(rb"\nupgrade: *(.*?)\r", head.lower()))
            if upgrade:
                switching = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: %b\r\nX-Upgrade: %b\r\nConnection: Upgrade\r\n\r\n"
                connection.sendall(switching % (upgrade, upgrade))
                while data := reader.read1(4096):
                    connection.sendall(data)
                return
            more = b"".join(re.findall(rb"(?i)\nx-answer: *(.*?\r\n)", head))
            answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\n%bContent-Length: %d\r\n\r\n"
            connection.sendall(answer % (more, len(head)) + head)

    def close(self):
        self._server.close()


class Stack:
    """`ports` has: gateway (the client's), service, admin, controller, files (http.server) and echo."""

    def __init__(self):
        self._ends = contextlib.ExitStack()
        self.folder = pathlib.Path(self._ends.enter_context(tempfile.TemporaryDirectory()))
        self.folder.chmod(0o755)
        self.processes = {}
        echo = self._ends.enter_context(contextlib.closing(Echo()))
        self.ports = {name: free_port() for name in ("gateway", "service", "admin", "files")}
        self.ports["echo"] = echo.port
        self._sandbox()

    def start(self, name, arguments, **how):
        process = subprocess.Popen(arguments, cwd=self.folder, **how)
        self.processes[name] = process
        self._ends.callback(self.end, name)
        return process

    def end(self, name):
        """Ends a process that this stack started."""
        process = self.processes.pop(name, None)
        if process:
            process.terminate()
            process.wait(120)
            if process.stdout:
                process.stdout.close()

    def _sandbox(self):
        site, root = self.folder / "site", self.folder / "root"
        site.mkdir()
        root.mkdir()
        (site / "hello.txt").write_text("hello\n")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        files = [sys.executable, "-m", "http.server", str(self.ports["files"])]
        self.start("files", [*files, "--bind", "127.0.0.1", "--directory", str(site)], **quiet)
        (self.folder / "token").write_text(credentials.access_token() + "\n")
        controller = [CONTROLLER, "--root", str(root), "--port", "0", "--token-file", "token", "--max-upload", str(LIMIT)]
        process = self.start("controller", controller, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = process.stdout.readline().decode()
        self.ports["controller"] = int(re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", line)[1])
        wait_for(self.ports["files"])

    def service(self, config):
        """Starts the authorization service with an example's configuration, on this stack's ports."""
        (self.folder / "traffic-roots").write_text(credentials.TRAFFIC_ROOT + "\n")
        known = f"[sandboxes.{credentials.ID}]\n[sandboxes.{credentials.PUBLIC_ID}]\nrestricted = false\n"
        (self.folder / "sandboxes.toml").write_text(known)
        self.write("gateway.toml", config)
        log = open(self.folder / "service.log", "wb")
        self._ends.enter_context(log)
        process = self.start("service", [SERVICE, "--config", "gateway.toml"], stdout=subprocess.PIPE, stderr=log)
        json.loads(process.stdout.readline())

    def write(self, name, text):
        """Writes an example's file with the ports of this stack in place of its own."""
        own = {8000: "gateway", 9001: "service", 9100: "admin", 49983: "controller", 8080: "files", 8081: "echo"}
        replaced = re.sub(r"(127\.0\.0\.1:|port_value: |http://:)(\d+)", lambda at: at[1] + str(self.ports[own[int(at[2])]]), text)
        (self.folder / name).write_text(replaced)

    def close(self):
        self._ends.close()


def wait_for(port):
    for _ in range(6000):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens on port {port}")


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode("latin-1")

    @property
    def json(self):
        return json.loads(self.body)


def ask(port, method, target, headers, body=None):
    """One request with exactly these header lines."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        chunked = body is not None and not isinstance(body, bytes)
        length = [("Transfer-Encoding", "chunked")] if chunked else [("Content-Length", str(len(body)))] if body is not None else []
        for name, value in [*headers, *length]:
            connection.putheader(name, value)
        connection.endheaders(body, encode_chunked=chunked)
        return Answer(connection.getresponse())
