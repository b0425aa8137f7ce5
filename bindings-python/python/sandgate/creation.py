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
    *,
    secure: object = True,
    # An ellipsis is in no request: it stands for an omitted value.
    allow_public_traffic: object = ...,
    restricted_by_default: bool = False,
    envd_version: str | bytes | None = None,
) -> Credentials:
    """Decides which credentials a new sandbox gets. A sandbox that should be secure is secure or is not created
    (`CreationRefusedError`).

    `secure` is on unless it is `False`. `allow_public_traffic` is off if it is falsy, also if it is None. Omit an argument
    that the request does not have. Omitted, `allow_public_traffic` is on, or off if the operator sets
    `restricted_by_default`. A version that is not valid Unicode counts as unknown.

    >>> decide(envd_version="0.6.4")
    Credentials(access_token=True, traffic_token=False)
    >>> decide(envd_version="0.6.4", restricted_by_default=True)
    Credentials(access_token=True, traffic_token=True)
    """
    allowed = None if allow_public_traffic is ... else bool(allow_public_traffic)
    return Credentials(*_sandgate.decide(secure is not False, allowed, restricted_by_default, envd_version))
