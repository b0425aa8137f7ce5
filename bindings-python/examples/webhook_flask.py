"""Flask as a receiver of webhooks: it verifies the raw body, and parses it afterwards.

It prints:

    204
    401 {"code":401,"message":"invalid webhook signature"}
    413
"""

from __future__ import annotations

import json

from flask import Flask, Response, request

from sandgate import DeniedError, webhook

SECRET = "the secret of the webhook"
VERIFIER = webhook.Verifier(SECRET, "the secret before that one")

app = Flask("receiver")
app.config["MAX_CONTENT_LENGTH"] = 1_000_000


@app.post("/events")
def receive() -> Response:
    # Before `request.form` or `request.json`, which may consume the body.
    body = request.get_data(cache=False)
    try:
        VERIFIER.verify(request.headers, body)
    except DeniedError as denied:
        return Response(denied.body, denied.status, mimetype="application/json")
    event = json.loads(body)
    assert event["type"].startswith("sandbox.lifecycle.")
    return Response(status=204)


def main() -> None:
    body = b'{"type":"sandbox.lifecycle.killed"}'
    headers = {"e2b-signature": webhook.sign(SECRET, body), "e2b-signature-version": "v1"}
    client = app.test_client()
    for sent in body, body.replace(b":", b": "), bytes(1_000_001):
        answer = client.post("/events", data=sent, headers=headers)
        print(f"{answer.status_code} {answer.text if answer.is_json else ''}".rstrip())


main()
