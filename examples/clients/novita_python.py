"""Novita's Python SDK, which these variables point at your own platform: NOVITA_API_URL, NOVITA_SANDBOX_URL and NOVITA_API_KEY."""

from driver import serve
from novita_sandbox.core import Sandbox


def routing_headers(id):
    """The object that create() returns sends these headers itself; the object that connect() returns does not."""
    return {"headers": {"Novita-Sandbox-Id": id, "Novita-Sandbox-Port": "49983"}}


serve(Sandbox, routing_headers)
