"""FastAPI in a sandbox: the controller's rule before the endpoints, which act on the path and user that were verified.

It prints:

    200 {"path":"/home/user/report.pdf","user":"user"}
    401 {"code":401,"message":"invalid signature"}
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.testclient import TestClient

from sandgate import Allowed, Controller, Grant, v1
from sandgate.asgi import ControllerMiddleware

SANDBOX_ID = "i94gcaqbpvohfr764s5l"
ACCESS_TOKEN = v1.Keyring("a secret of at least 16 bytes").access_token(SANDBOX_ID)

app = FastAPI()
app.add_middleware(ControllerMiddleware, controller=Controller(ACCESS_TOKEN))


def granted(request: Request) -> Grant:
    """What the request may do. Allowed is also what asks for no file, with the access token, such as HEAD in v1."""
    allowed: Allowed = request.state.sandgate
    if allowed.grant is None:
        raise HTTPException(404)
    return allowed.grant


@app.get("/files")
async def read_file(grant: Annotated[Grant, Depends(granted)]) -> dict[str, str | None]:
    return {"path": grant.path, "user": grant.user}


def main() -> None:
    key = v1.FileUrlKey(ACCESS_TOKEN)
    url = key.url(f"https://49983-{SANDBOX_ID}.e2b.app", "/home/user/report.pdf", user="user", expires_in=60)

    client = TestClient(app)
    for asked in url, url.replace("report", "secret"):
        answer = client.get(asked)
        print(answer.status_code, answer.text)


main()
