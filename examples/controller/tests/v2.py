"""A client of wire format v2, written only from its description: tokens and signed URLs."""

import base64
import hashlib
import hmac
from urllib.parse import quote

SEED = bytes(range(32))
OTHER_SEED = bytes(range(100, 132))
SANDBOX = "iab12cd34ef56"


def mac(key, message):
    return hmac.digest(key, message, "sha256")


def expand(key, info):
    return mac(key, info + b"\x01")


def text(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def access_token(seed=SEED, kid="a", sandbox_id=SANDBOX, generation=0):
    root = expand(mac(b"sandgate/2", seed), b"access")
    name = sandbox_id.encode()
    key = expand(root, len(name).to_bytes(2, "big") + name + generation.to_bytes(4, "big"))
    return f"sg2a.{kid}.{text(key)}"


TOKEN = access_token()
OTHER_TOKEN = access_token(OTHER_SEED, "b")
WITH_TOKEN = {"X-Access-Token": TOKEN}

SIGNATURE_TOO_LONG = "signature lifetime is too long"
OUT_OF_SCOPE = "signature does not cover this path"
WRONG_CONTENT = "content does not have the signed SHA-256"


def sign(operation, path, expires, user=None, directory=None, max_bytes=None, sha256=None, token=TOKEN):
    _, kid, key = token.split(".")
    claims = [
        (1, operation.encode()),
        (2, path.encode() if directory is None else None),
        (3, None if directory is None else directory.encode()),
        (4, None if user is None else user.encode()),
        (5, expires.to_bytes(8, "big")),
        (7, None if max_bytes is None else max_bytes.to_bytes(8, "big")),
        (8, sha256),
    ]
    message = b"".join(
        bytes([number]) + len(value).to_bytes(2, "big") + value for number, value in claims if value is not None
    )
    file_url_key = expand(base64.urlsafe_b64decode(key + "="), b"file-url")
    return f"v2.{kid}.{text(mac(file_url_key, message))}"


def query(path, expires, signature, user=None, directory=None, max_bytes=None, sha256=None):
    pairs = [
        ("path", path),
        ("username", user),
        ("signature", signature),
        ("signature_expiration", expires),
        ("signature_directory", directory),
        ("signature_max_bytes", max_bytes),
        ("signature_sha256", None if sha256 is None else sha256.hex()),
    ]
    return "&".join(f"{name}={quote(str(value), safe='')}" for name, value in pairs if value is not None)


def signed_url(operation, path, expires, token=TOKEN, **claims):
    return "/files?" + query(path, expires, sign(operation, path, expires, token=token, **claims), **claims)


def sha256(content):
    return hashlib.sha256(content).digest()
