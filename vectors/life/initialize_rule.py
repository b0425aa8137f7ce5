"""The life cycle of a controller, slow and simple, to check the rows' expectations.

It shares no code with the project: only the page that describes the rule. Python's own `json`, `hashlib` and `re` do the work.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MESSAGES = {
    "malformed": "malformed request",
    "missing": "access token reset not authorized",
    "invalid": "access token validation failed",
}
MEMBERS = ("accessToken", "timestamp")


class Refused(Exception):
    pass


@dataclass
class Controller:
    """`tokens` is empty if it is open or waits."""

    waiting: bool = False
    tokens: list[str] = field(default_factory=list)
    applied: tuple[datetime, int] | None = None

    def initialize(self, body: bytes, expected_hash: bytes) -> str:
        token, timestamp = read(body)
        answer = self.authorize(token, expected_hash)
        if timestamp is not None:
            if self.applied is not None and timestamp <= self.applied:
                return "stale"
            self.applied = timestamp
        self.waiting = False
        if answer == "replaced" and token is not None:
            self.tokens = [token]
        if answer == "cleared":
            self.tokens = []
        return answer

    def authorize(self, token: str | None, expected_hash: bytes) -> str:
        first = not self.tokens and expected_hash == b""
        expected = hashlib.sha512((token or "").encode()).hexdigest().encode() == expected_hash
        if token is None:
            if first and not self.waiting:
                return "kept"
            if expected or first:
                return "cleared"
            raise Refused("missing")
        if token in self.tokens:
            return "kept"
        if expected or first:
            return "replaced"
        raise Refused("invalid")


def no_constant(name: str) -> object:
    raise ValueError(name)


def pairs(members: list[tuple[str, object]]) -> list[tuple[str, object]]:
    return members


def read(body: bytes) -> tuple[str | None, tuple[datetime, int] | None]:
    try:
        text = body.decode("utf-8")
        # An object is a list of pairs here, so that nothing is lost.
        members = json.loads(text, object_pairs_hook=pairs, parse_constant=no_constant, strict=True)
    except ValueError:
        raise Refused("malformed") from None
    except RecursionError:
        raise Refused("malformed") from None
    if not text.strip(" \t\r\n").startswith("{") or depth(text) > 64:
        raise Refused("malformed")
    found: dict[str, object] = {}
    for name, value in members:
        folded = name.replace("\u017f", "s").replace("\u212a", "k")
        for known in MEMBERS:
            if folded.isascii() and folded.lower() == known.lower():
                if name != known or known in found:
                    raise Refused("malformed")
                found[known] = value
    token, timestamp = (found.get(known) for known in MEMBERS)
    if any(value is not None and not isinstance(value, str) for value in (token, timestamp)):
        raise Refused("malformed")
    assert token is None or isinstance(token, str)
    assert timestamp is None or isinstance(timestamp, str)
    if token is not None:
        spelt = re.search(r'"accessToken"\s*:\s*"((?:[^"\\]|\\.)*)"|\\u[0-9a-fA-F]{4}[^"]*"\s*:\s*"((?:[^"\\]|\\.)*)"', text)
        if spelt is None or "\\" in (spelt[1] or spelt[2] or "") or not can_be_required(token):
            raise Refused("malformed")
    if timestamp is not None and ("\\" in text.partition("timestamp")[2].split('"')[2]):
        raise Refused("malformed")
    return token, None if timestamp is None else instant(timestamp)


def depth(text: str) -> int:
    """The deepest nesting, the outer object included. Brackets in strings do not count."""
    text = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    deepest = level = 0
    for character in text:
        level += (character in "[{") - (character in "]}")
        deepest = max(deepest, level)
    return deepest


def can_be_required(token: str) -> bool:
    if not 1 <= len(token.encode()) <= 256 or token.startswith(("sg2t.", "sg2r.")):
        return False
    if not token.startswith("sg2a."):
        return True
    shape = re.fullmatch(r"sg2a\.[0-9a-z]\.[A-Za-z0-9_-]{42}([A-Za-z0-9_-])", token)
    # The last of 43 characters carries four bits: the canonical spelling has zeros after them.
    return shape is not None and shape[1] in "AEIMQUYcgkosw048"


def instant(text: str) -> tuple[datetime, int]:
    """The minute in UTC without its fraction of an hour lost, and the nanoseconds."""
    shape = re.fullmatch(
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))",
        text,
    )
    if shape is None:
        raise Refused("malformed")
    year, month, day, hour, minute, second = (int(part) for part in shape.groups()[:6])
    east = timedelta(hours=int(shape[9] or 0), minutes=int(shape[10] or 0))
    if int(shape[9] or 0) > 23 or int(shape[10] or 0) > 59:
        raise Refused("malformed")
    try:
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        raise Refused("malformed") from None
    return moment - (east if shape[8] != "-" else -east), int((shape[7] or "").ljust(9, "0"))
