"""The decision at creation: which credentials a sandbox gets, or why it is not created."""

from __future__ import annotations

from typing import NamedTuple

from . import _sandgate

__all__ = ["Credentials", "decide"]


class Credentials(NamedTuple):
    """The credentials to issue."""

    access_token: bool
    traffic_token: bool


def decide(
    *, secure: object = True, allow_public_traffic: object = True, envd_version: str | bytes | None = None
) -> Credentials:
    """Decides which credentials a new sandbox gets. A sandbox that should be secure is secure or is not created
    (`CreationRefusedError`).

    `secure` is on unless it is `False`; `allow_public_traffic` is on unless it is falsy. Omit an argument that the
    request does not have. A version that is not valid Unicode counts as unknown.

    >>> decide(envd_version="0.6.4")
    Credentials(access_token=True, traffic_token=False)
    """
    return Credentials(*_sandgate.decide(secure is not False, bool(allow_public_traffic), envd_version))
