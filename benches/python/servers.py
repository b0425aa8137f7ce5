"""One request to an ASGI app: guarded by this package, by hand, and not at all. No event loop: nothing waits."""

from __future__ import annotations

from typing import Any

from peers import urllib_check

from sandgate import Controller
from sandgate.asgi import ControllerMiddleware

START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
BODY = {"type": "http.response.body", "body": b""}


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await send(START)
    await send(BODY)


async def checking_app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    target = f"{scope['raw_path'].decode('ascii')}?{scope['query_string'].decode('ascii')}"
    if urllib_check(target) is None:
        raise AssertionError("refused")
    await app(scope, receive, send)


class Served:
    """Sends a request with the headers of a usual client."""

    def __init__(self, target: str, token: str, now: int) -> None:
        path, _, query = target.partition("?")
        self.scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (b"host", b"49983-i94gcaqbpvohfr764s5l.e2b.app"),
                (b"user-agent", b"python-httpx/0.28"),
                (b"accept", b"*/*"),
                (b"accept-encoding", b"gzip, deflate"),
                (b"connection", b"keep-alive"),
            ],
        }
        self.app = ControllerMiddleware(app, Controller(token), clock=lambda: now)
        self.sent = 0

    async def receive(self) -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent = message.get("status", self.sent)

    def run(self, app: Any) -> None:
        self.sent = 0
        try:
            app(dict(self.scope), self.receive, self.send).send(None)
        except StopIteration:
            pass
        if self.sent != 200:
            raise AssertionError(f"answered {self.sent}")

    def guarded(self) -> None:
        self.run(self.app)

    def bare(self) -> None:
        self.run(app)

    def by_hand(self) -> None:
        self.run(checking_app)
