"""The Python package compared with hashlib, hmac, the SDK and its peers, interleaved in one process.

    pip install -r requirements.txt, and the wheel; then: python bench.py [--once]

Compare only ratios: each is one of the minima of many rounds that interleave all candidates.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import sys
import timeit

import itsdangerous
import jwt
from e2b.sandbox.signature import get_signature as sdk_get_signature

import sandgate
from sandgate.e2b import get_signature

PATH = "/home/user/projects/report-2026/summary.md"
TOKEN = "559fbd076af099f858db66bce0b018fdb723be6c02d8006dfd8956c682146b25"
SEED, ID = b"a seed of at least 32 bytes, kept secret", "i94gcaqbpvohfr764s5l"
END, NOW = 1_800_000_060, 1_800_000_000

key = sandgate.v1.FileUrlKey(TOKEN)
keyring = sandgate.v1.Keyring(SEED)
signature = key.sign(PATH, "read", "user", END)
token = keyring.access_token(ID)
key_v2 = sandgate.v2.FileUrlKey(sandgate.v2.Keyring({"a": SEED}).access_token(ID))
signature_v2 = key_v2.sign(PATH, "read", "user", END)

CLAIMS = {"op": "read", "path": PATH, "user": "user"}
signer = itsdangerous.TimestampSigner(TOKEN)
signed = signer.sign(PATH)
web_token = jwt.encode(CLAIMS | {"exp": 4_000_000_000}, TOKEN, algorithm="HS256")


def hashlib_sign(path: str, operation: str, user: str, expires: int) -> str:
    digest = hashlib.sha256(f"{path}:{operation}:{user}:{TOKEN}:{expires}".encode()).digest()
    return "v1_" + base64.b64encode(digest).rstrip(b"=").decode("ascii")


def hashlib_verify(presented: str, path: str, operation: str, user: str, expires: int, now: int) -> bool:
    right = hashlib_sign(path, operation, user, expires)
    return hmac.compare_digest(presented, right) and now <= expires


def hmac_derive(sandbox_id: str) -> str:
    return hmac.digest(SEED, sandbox_id.encode(), "sha256").hex()


def hmac_verify(sandbox_id: str, presented: str) -> bool:
    return hmac.compare_digest(hmac_derive(sandbox_id), presented)


assert hashlib_sign(PATH, "read", "user", END) == signature
assert hmac_derive(ID) == token and hmac_verify(ID, token)
assert hashlib_verify(signature, PATH, "read", "user", END, NOW)
assert get_signature(PATH, "read", "user", TOKEN) == sdk_get_signature(PATH, "read", "user", TOKEN)

#: What is compared: ours, and the others that do the same.
ROWS = {
    "get_signature": {
        "sandgate.e2b": 'get_signature(PATH, "read", "user", TOKEN, 60)',
        "the SDK": 'sdk_get_signature(PATH, "read", "user", TOKEN, 60)',
    },
    "sign": {
        "sandgate.v1": 'key.sign(PATH, "read", "user", END)',
        "sandgate.v2": 'key_v2.sign(PATH, "read", "user", END)',
        "hashlib": 'hashlib_sign(PATH, "read", "user", END)',
        "itsdangerous": "signer.sign(PATH)",
    },
    "verify": {
        "sandgate.v1": 'key.verify(signature, PATH, "read", "user", END, now=NOW)',
        "sandgate.v2": 'key_v2.verify(signature_v2, PATH, "read", "user", END, now=NOW)',
        "hashlib, compare_digest": 'hashlib_verify(signature, PATH, "read", "user", END, NOW)',
        "itsdangerous": "signer.unsign(signed, max_age=60)",
        "PyJWT": 'jwt.decode(web_token, TOKEN, algorithms=["HS256"])',
    },
    "derive a token": {
        "sandgate.v1": "keyring.access_token(ID)",
        "hmac": "hmac_derive(ID)",
    },
    "verify a token": {
        "sandgate.v1": "keyring.verify_access_token(ID, token)",
        "hmac, compare_digest": "hmac_verify(ID, token)",
    },
}


def measure(rounds: int, calls: int) -> dict[str, dict[str, float]]:
    """The minimum nanoseconds per call, over rounds that interleave all candidates."""
    timers = {row: {name: timeit.Timer(call, globals=globals()) for name, call in calls_.items()} for row, calls_ in ROWS.items()}
    best = {row: dict.fromkeys(named, float("inf")) for row, named in timers.items()}
    for _ in range(rounds):
        for row, named in timers.items():
            for name, timer in named.items():
                best[row][name] = min(best[row][name], timer.timeit(calls) / calls * 1e9)
    return best


def main() -> None:
    once = sys.argv[1:] == ["--once"]
    best = measure(1, 1) if once else measure(300, 300)
    if once:
        return
    for row, named in best.items():
        ours, *_ = named.values()
        print(row)
        for name, nanoseconds in named.items():
            print(f"    {name:24} {nanoseconds:7.0f} ns  {nanoseconds / ours:5.2f} x")


if __name__ == "__main__":
    main()
