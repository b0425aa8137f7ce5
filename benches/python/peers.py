"""The same work with Python's own means."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import parse_qs

from inputs import NOW, SEED, TOKEN


def hashlib_sign(path: str, operation: str, user: str, expires: int | str) -> str:
    digest = hashlib.sha256(f"{path}:{operation}:{user}:{TOKEN}:{expires}".encode()).digest()
    return "v1_" + base64.b64encode(digest).rstrip(b"=").decode("ascii")


def hashlib_verify(presented: str, path: str, operation: str, user: str, expires: int, now: int) -> bool:
    right = hashlib_sign(path, operation, user, expires)
    return hmac.compare_digest(presented, right) and now <= expires


def urllib_check(target: str) -> str | None:
    """The path that a signed target grants, or None. What a controller does without this package."""
    path, _, query = target.partition("?")
    if path != "/files":
        return None
    values = parse_qs(query, keep_blank_values=True)
    if any(len(several) > 1 for several in values.values()):
        return None
    file, signature, expires = values["path"][0], values["signature"][0], values["signature_expiration"][0]
    user = values.get("username", [""])[0]
    right = hashlib_sign(file, "read", user, expires)
    return file if hmac.compare_digest(signature, right) and int(expires) >= NOW else None


def hmac_derive(sandbox_id: str) -> str:
    return hmac.digest(SEED, sandbox_id.encode(), "sha256").hex()


def hmac_verify(sandbox_id: str, presented: str) -> bool:
    return hmac.compare_digest(hmac_derive(sandbox_id), presented)
