"""Traffic credentials of wire format v2, written only from its description."""

import base64
import hmac

SEED = b"a seed of at least 32 bytes, kept secret"
KID = "a"
ID = "iab12cd34ef56"
PUBLIC_ID = "pub456"


def mac(key, message):
    return hmac.digest(key, message, "sha256")


def expand(key, info):
    return mac(key, info + b"\x01")


def text(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def root(name):
    return expand(mac(b"sandgate/2", SEED), name)


def key(name, generation=0):
    sandbox = ID.encode()
    return expand(root(name), len(sandbox).to_bytes(2, "big") + sandbox + generation.to_bytes(4, "big"))


TRAFFIC_ROOT = f"sg2r.{KID}.{text(root(b'traffic'))}"


def traffic_token(generation=0):
    return f"sg2t.{KID}.{text(key(b'traffic', generation))}"


def access_token():
    return f"sg2a.{KID}.{text(key(b'access'))}"


def claims(port, expires):
    return b"".join(
        bytes([number]) + len(value).to_bytes(2, "big") + value
        for number, value in [(5, expires.to_bytes(8, "big")), (10, port.to_bytes(2, "big"))]
    )


def traffic_pass(port, expires):
    tag = mac(expand(key(b"traffic"), b"traffic-pass"), claims(port, expires))
    return f"sg2p.{KID}.{port}.{expires}.{text(tag)}"


def signed_label(port, expires):
    tag = mac(expand(key(b"traffic"), b"signed-host"), claims(port, expires))[:16]
    digits = ""
    for _ in range(7):
        expires, digit = divmod(expires, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return f"{port}-{ID}-{KID}{digits}{base64.b32encode(tag).decode().lower().rstrip('=')}"
