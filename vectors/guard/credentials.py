"""The credentials of the table's deployments, made from the formats' description with Python's own hashlib and hmac."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import quote

NOW = 1_800_000_000
ID = "i94gcaqbpvohfr764s5l"
V1_SEED = "a seed of at least 16 bytes"
V2_SEED = bytes(range(32))
KID = "k"


def mac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def expand(key: bytes, info: bytes) -> bytes:
    return mac(key, info + b"\x01")


def claims(*fields: tuple[int, bytes | None]) -> bytes:
    return b"".join(
        bytes([number]) + len(value).to_bytes(2, "big") + value for number, value in fields if value is not None
    )


def u64(number: int) -> bytes:
    return number.to_bytes(8, "big")


# Version 1.
def v1_access_token(sandbox_id: str) -> str:
    return mac(V1_SEED.encode(), sandbox_id.encode()).hex()


def v1_traffic_token(sandbox_id: str) -> str:
    return mac(V1_SEED.encode(), b"sandbox-traffic-" + sandbox_id.encode()).hex()


def v1_signature(token: str, path: str, operation: str, user: str, expires: int | None) -> str:
    message = f"{path}:{operation}:{user}:{token}" + ("" if expires is None else f":{expires}")
    return "v1_" + base64.b64encode(hashlib.sha256(message.encode("latin-1")).digest()).decode().rstrip("=")


# Version 2.
def v2_key(purpose: str, sandbox_id: str, generation: int = 0) -> bytes:
    root = expand(mac(b"sandgate/2", V2_SEED), purpose.encode())
    return expand(root, len(sandbox_id).to_bytes(2, "big") + sandbox_id.encode() + generation.to_bytes(4, "big"))


def v2_access_token(sandbox_id: str, generation: int = 0) -> str:
    return f"sg2a.{KID}.{base64url(v2_key('access', sandbox_id, generation))}"


def v2_traffic_token(sandbox_id: str, generation: int = 0) -> str:
    return f"sg2t.{KID}.{base64url(v2_key('traffic', sandbox_id, generation))}"


def v2_signature(
    sandbox_id: str,
    operation: str,
    path: str | None,
    directory: str | None,
    user: str | None,
    expires: int,
    max_bytes: int | None = None,
) -> str:
    signed = claims(
        (1, operation.encode()),
        (2, None if path is None or directory is not None else path.encode()),
        (3, directory.encode() if directory is not None else None),
        (4, user.encode() if user is not None else None),
        (5, u64(expires)),
        (7, u64(max_bytes) if max_bytes is not None else None),
    )
    return f"v2.{KID}.{base64url(mac(expand(v2_key('access', sandbox_id), b'file-url'), signed))}"


def traffic_pass(sandbox_id: str, port: int, expires: int, generation: int = 0) -> str:
    key = expand(v2_key("traffic", sandbox_id, generation), b"traffic-pass")
    tag = mac(key, claims((5, u64(expires)), (10, port.to_bytes(2, "big"))))
    return f"sg2p.{KID}.{port}.{expires}.{base64url(tag)}"


def signed_part(sandbox_id: str, port: int, expires: int, generation: int = 0) -> str:
    key = expand(v2_key("traffic", sandbox_id, generation), b"signed-host")
    tag = mac(key, claims((5, u64(expires)), (10, port.to_bytes(2, "big"))))[:16]
    digits, rest = "", expires
    for _ in range(7):
        rest, digit = divmod(rest, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return KID + digits + base64.b32encode(tag).decode().lower().rstrip("=")


def query(*pairs: tuple[str, str | int | None]) -> str:
    return "&".join(f"{name}={quote(str(value), safe='', encoding='latin-1')}" for name, value in pairs if value is not None)
