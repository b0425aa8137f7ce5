"""An SDK signs a URL, the controller in the sandbox verifies it and acts on what it was granted, and on nothing else.

It prints:

    /home/user/report.pdf as user
    401 {"code":401,"message":"invalid signature"}
"""

from __future__ import annotations

from sandgate import Controller, DeniedError, v1

SANDBOX_ID = "i94gcaqbpvohfr764s5l"


def download_url(access_token: str, path: str) -> str:
    key = v1.FileUrlKey(access_token)
    return key.url(f"https://49983-{SANDBOX_ID}.e2b.app", path, user="user", expires_in=60)


def answer(controller: Controller, target: str) -> str:
    """`target` is the path and query of the request line as received."""
    try:
        grant = controller.check("GET", target).grant
    except DeniedError as denied:
        return f"{denied.status} {denied.body}"
    return f"{grant.path} as {grant.user}" if grant else "not a file route"


def main() -> None:
    access_token = v1.Keyring("a secret of at least 16 bytes").access_token(SANDBOX_ID)
    url = download_url(access_token, "/home/user/report.pdf")
    target = url.removeprefix(f"https://49983-{SANDBOX_ID}.e2b.app")

    controller = Controller(access_token)
    print(answer(controller, target))
    print(answer(controller, target.replace("report", "secret")))


main()
