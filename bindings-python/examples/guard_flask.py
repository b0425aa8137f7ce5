"""Flask in front of the sandboxes: the edge's rule before an app that forwards, by hosts that are signed for a time.

It prints:

    200 forward to https://8080-i94gcaqbpvohfr764s5l.e2b.app/report
    403 {"sandboxId":"i94gcaqbpvohfr764s5l","message":"traffic access token is already expired","code":403}
"""

from __future__ import annotations

import time

from flask import Flask, request

from sandgate import Edge, Route, SandboxState, v2
from sandgate.wsgi import EdgeMiddleware

SANDBOX_ID = "i94gcaqbpvohfr764s5l"
STATES = {SANDBOX_ID: SandboxState(restricted=True)}
KEYRING = v2.Keyring({"a": "a seed of at least 32 bytes, kept secret"})


def lookup(route: Route) -> SandboxState | None:
    return STATES.get(route.sandbox_id)


app = Flask("edge")
# Flask's own way, which mypy takes for a mistake.
app.wsgi_app = EdgeMiddleware(app.wsgi_app, Edge(v2_keyring=KEYRING.traffic()), lookup)  # type: ignore[method-assign]


@app.get("/<path:path>")
def forward(path: str) -> str:
    # The signature is no longer there.
    return f"forward to {request.url}"


def main() -> None:
    key = v2.TrafficKey(KEYRING.traffic_token(SANDBOX_ID))
    client = app.test_client()
    now = int(time.time())
    for end in now + 60, now - 1:
        host = key.issue_signed_host(SANDBOX_ID, 8080, expires=end) + ".e2b.app"
        answer = client.get(f"https://{host}/report")
        print(answer.status_code, answer.text)


main()
