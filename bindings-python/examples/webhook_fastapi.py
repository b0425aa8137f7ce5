"""FastAPI as a receiver of webhooks: it verifies the raw body, and parses it afterwards.

It prints:

    204
    401 {"code":401,"message":"invalid webhook signature"}
    413
"""

from __future__ import annotations

import json

from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from sandgate import DeniedError, webhook

SECRET = "the secret of the webhook"
VERIFIER = webhook.Verifier(SECRET, "the secret before that one")
LIMIT = 1_000_000

app = FastAPI()


@app.post("/events")
async def receive(request: Request) -> Response:
    # A parameter of a pydantic model would read the body as JSON, and its bytes would be gone.
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LIMIT:
            return Response(status_code=413)
    try:
        VERIFIER.verify(request.headers, body)
    except DeniedError as denied:
        return Response(denied.body, denied.status, media_type="application/json")
    event = json.loads(body)
    assert event["type"].startswith("sandbox.lifecycle.")
    return Response(status_code=204)


def main() -> None:
    body = b'{"type":"sandbox.lifecycle.killed"}'
    headers = {"e2b-signature": webhook.sign(SECRET, body), "e2b-signature-version": "v1"}
    client = TestClient(app)
    for sent in body, body.replace(b":", b": "), bytes(LIMIT + 1):
        answer = client.post("/events", content=sent, headers=headers)
        print(f"{answer.status_code} {answer.text}".rstrip())


main()
