"""What is compared: ours, and the others that do the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import itsdangerous
import jwt
from e2b.sandbox.signature import get_signature as sdk_get_signature
from inputs import BASE, END, ESCAPED_PATH, ID, NOW, PATH, SEED, TOKEN
from peers import hashlib_sign, hashlib_verify, hmac_derive, hmac_verify, urllib_check
from servers import Served

import sandgate
from sandgate.e2b import get_signature

key = sandgate.v1.FileUrlKey(TOKEN)
keyring = sandgate.v1.Keyring(SEED)
signature = key.sign(PATH, "read", "user", END)
token = keyring.access_token(ID)
token_v2 = sandgate.v2.Keyring({"a": SEED}).access_token(ID)
key_v2 = sandgate.v2.FileUrlKey(token_v2)
signature_v2 = key_v2.sign(PATH, "read", "user", END)

CLAIMS = {"op": "read", "path": PATH, "user": "user"}
signer = itsdangerous.TimestampSigner(TOKEN)
signed = signer.sign(PATH)
web_token = jwt.encode(CLAIMS | {"exp": 4_000_000_000}, TOKEN, algorithm="HS256")

controller, controller_v2 = sandgate.Controller(TOKEN), sandgate.Controller(token_v2)
query = {
    "path": ESCAPED_PATH,
    "username": "user",
    "signature": hashlib_sign(ESCAPED_PATH, "read", "user", END),
    "signature_expiration": str(END),
}
#: As the Python SDK writes it.
target = f"/files?{urlencode(query)}"
target_v2 = key_v2.url(BASE, ESCAPED_PATH, user="user", expires=END).removeprefix(BASE)
served = Served(target, TOKEN, NOW)

assert hashlib_sign(PATH, "read", "user", END) == signature
assert hmac_derive(ID) == token and hmac_verify(ID, token)
assert hashlib_verify(signature, PATH, "read", "user", END, NOW)
assert get_signature(PATH, "read", "user", TOKEN) == sdk_get_signature(PATH, "read", "user", TOKEN)
assert urllib_check(target) == ESCAPED_PATH and urllib_check(target.replace("v1_", "v1_a")) is None
allowed = controller.check("GET", target, now=NOW)
assert allowed.grant and allowed.grant.path == ESCAPED_PATH

ROWS = {
    "Controller.check, a signed target": {
        "sandgate": 'controller.check("GET", target, now=NOW)',
        "urllib.parse, hashlib, compare_digest": "urllib_check(target)",
        "PyJWT; no query": 'jwt.decode(web_token, TOKEN, algorithms=["HS256"])',
    },
    "v2 Controller.check, a signed target": {
        "sandgate": 'controller_v2.check("GET", target_v2, now=NOW)',
    },
    "ASGI, a signed request": {
        "sandgate": "served.guarded()",
        "the app without a guard": "served.bare()",
        "urllib.parse, hashlib, compare_digest in the app": "served.by_hand()",
    },
    "the SDK's get_signature": {
        "sandgate": 'get_signature(PATH, "read", "user", TOKEN, 60)',
        "the SDK": 'sdk_get_signature(PATH, "read", "user", TOKEN, 60)',
    },
    "v1 sign": {
        "sandgate": 'key.sign(PATH, "read", "user", END)',
        "hashlib": 'hashlib_sign(PATH, "read", "user", END)',
        "itsdangerous": "signer.sign(PATH)",
    },
    "v1 verify": {
        "sandgate": 'key.verify(signature, PATH, "read", "user", END, now=NOW)',
        "hashlib, compare_digest": 'hashlib_verify(signature, PATH, "read", "user", END, NOW)',
        "itsdangerous": "signer.unsign(signed, max_age=86400)",
        "PyJWT": 'jwt.decode(web_token, TOKEN, algorithms=["HS256"])',
    },
    "v2 sign": {"sandgate": 'key_v2.sign(PATH, "read", "user", END)'},
    "v2 verify": {"sandgate": 'key_v2.verify(signature_v2, PATH, "read", "user", END, now=NOW)'},
    "v1 derive a token": {
        "sandgate": "keyring.access_token(ID)",
        "hmac": "hmac_derive(ID)",
    },
    "v1 verify a token": {
        "sandgate": "keyring.verify_access_token(ID, token)",
        "hmac, compare_digest": "hmac_verify(ID, token)",
    },
}
#: What the calls name.
NAMES: dict[str, Any] = globals()
