"""Novita's Python SDK, pointed at a platform of one's own by NOVITA_API_URL, NOVITA_SANDBOX_URL and NOVITA_API_KEY."""

from driver import serve
from novita_sandbox.core import Sandbox


def routing_headers(id):
    """A sandbox made by create() sends these itself, one made by connect() does not."""
    return {"headers": {"Novita-Sandbox-Id": id, "Novita-Sandbox-Port": "49983"}}


serve(Sandbox, routing_headers)
