"""Typical forwarders with httpx after the edge's middleware, and an upstream that records requests."""

import socketserver
import threading
from contextlib import contextmanager

import httpx
from frameworks import edge, lookup

from sandgate import asgi, wsgi

#: Hop-by-hop headers.
HOP_BY_HOP = {"connection", "content-length", "transfer-encoding"}


def going_on(headers):
    return [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]


def asgi_forwarder(port):
    async def forward(scope, receive, send):
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        headers = going_on((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.request(scope["method"], f"http://127.0.0.1:{port}{target}", headers=headers)
        await send({"type": "http.response.start", "status": answer.status_code, "headers": []})
        await send({"type": "http.response.body", "body": answer.content})

    return asgi.EdgeMiddleware(forward, edge(), lookup)


def wsgi_forwarder(port):
    def forward(environ, start_response):
        target = environ.get("REQUEST_URI", environ.get("RAW_URI"))
        names = [name for name in environ if name.startswith("HTTP_")]
        headers = going_on((name.removeprefix("HTTP_").replace("_", "-"), environ[name]) for name in names)
        with httpx.Client(trust_env=False) as client:
            answer = client.request(environ["REQUEST_METHOD"], f"http://127.0.0.1:{port}{target}", headers=headers)
        start_response(f"{answer.status_code} OK", [("Content-Length", str(len(answer.content)))])
        return [answer.content]

    return wsgi.EdgeMiddleware(forward, edge(), lookup)


class Upstream:
    """The complete head of each request that has arrived."""

    def __init__(self, port, arrived):
        self.port, self.arrived = port, arrived

    def take(self):
        taken = list(self.arrived)
        self.arrived.clear()
        return taken


@contextmanager
def upstream():
    arrived = []

    class Recording(socketserver.StreamRequestHandler):
        def handle(self):
            lines = []
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                lines.append(line)
            arrived.append(b"".join(lines))
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Recording) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield Upstream(server.server_address[1], arrived)
        finally:
            server.shutdown()
            thread.join()
