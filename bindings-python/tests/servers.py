"""Real servers around the apps of `frameworks.py`, and a client that sends exactly the given bytes."""

import asyncio
import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import hypercorn.asyncio
import uvicorn
import werkzeug.serving


#: Where `requirements/older.txt` is installed.
OLDER = Path(sys.prefix) / "older"

#: Seconds. Long, because a machine that runs other suites beside this one may need them; nothing waits without a reason.
PATIENCE = 120


class Answer(NamedTuple):
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Server(NamedTuple):
    port: int

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method, target, headers=(), body=None):
        """`headers` is a list of pairs. A body that is not bytes is sent in chunks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            names = {name.lower() for name, _ in headers}
            connection.putrequest(method, target, skip_host="host" in names, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            chunked = body is not None and not isinstance(body, bytes)
            if chunked:
                connection.putheader("Transfer-Encoding", "chunked")
            elif body is not None:
                connection.putheader("Content-Length", str(len(body)))
            # A server that refuses may close before it has read the body; its answer still arrives.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.endheaders(body, encode_chunked=chunked)
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()


def send(port, request):
    """Sends these bytes, and returns everything that is received."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        # A server that refuses before it has read the body may reset the connection.
        with suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                received += piece
    return received


def listen():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    return listener


def wait_for(is_ready, problem):
    end = time.monotonic() + PATIENCE
    while not is_ready():
        assert time.monotonic() < end, problem
        time.sleep(0.02)


@contextmanager
def served_by_uvicorn(app, **options):
    with listen() as listener:
        server = uvicorn.Server(uvicorn.Config(app, http="h11", log_level="critical", **options))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            wait_for(lambda: server.started, "uvicorn has not started")
            yield Server(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def served_by_hypercorn(app, **options):
    with listen() as listener:
        server = Server(listener.getsockname()[1])
        config = hypercorn.Config.from_mapping(bind=f"fd://{listener.detach()}", errorlog=None, **options)
        stop = threading.Event()
        serving = hypercorn.asyncio.serve(app, config, shutdown_trigger=lambda: asyncio.to_thread(stop.wait))
        thread = threading.Thread(target=asyncio.run, args=[serving])
        thread.start()
        try:
            # The socket listens already, so that the first request waits for the app.
            yield server
        finally:
            stop.set()
            thread.join()


class Quiet(werkzeug.serving.WSGIRequestHandler):
    def log(self, *_):
        pass


@contextmanager
def served_by_werkzeug(app):
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield Server(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def served_by_process(arguments):
    """A Python process that serves an app of `frameworks.py` on the descriptor of its socket."""
    with listen() as listener:
        command = [sys.executable, *(argument.format(listener.fileno()) for argument in arguments)]
        here = Path(__file__).parent
        process = subprocess.Popen(command, cwd=here, pass_fds=[listener.fileno()])
        server = Server(listener.getsockname()[1])
        try:
            # The socket listens already, so that the first request waits for the app.
            assert server.ask("GET", "/").status
            yield server
        finally:
            process.terminate()
            process.wait(PATIENCE)


def served_by_older_hypercorn(app):
    """A version with one state for all requests of the process."""
    program = (
        f"import sys; sys.path.insert(0, {str(OLDER)!r}); import asyncio, frameworks, hypercorn.asyncio; "
        "assert hypercorn.__file__.startswith(sys.path[0]); "
        "config = hypercorn.Config.from_mapping(bind='fd://{}', errorlog=None); "
        f"asyncio.run(hypercorn.asyncio.serve(frameworks.{app}, config))"
    )
    return served_by_process(["-c", program])


def served_by_waitress(app, module="frameworks"):
    # Otherwise it drops the headers of proxies, which the edge must clean here.
    options = "options = dict(sockets=[socket.socket(fileno={})], threads=8, clear_untrusted_proxy_headers=False); "
    program = f"import {module}, socket, waitress; {options}waitress.serve({module}.{app}, **options)"
    return served_by_process(["-c", program])


def served_by_gunicorn(app, module="frameworks"):
    options = ["--workers", "1", "--threads", "8", "--log-level", "critical", "--no-control-socket"]
    return served_by_process(["-m", "gunicorn", "--bind", "fd://{}", *options, f"{module}:{app}"])
