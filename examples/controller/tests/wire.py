"""The bytes that a client sends: signed URLs, forms, names that are hard to escape."""

import base64
import hashlib
from urllib.parse import quote

TOKEN = "5f2c1b8e0d7a49633bb6e1f4c0a8d95e7712f0c3a4b5968712fedcba98765432"
BOUNDARY = "----formdata-0123456789abcdef"

UNAUTHORIZED = "unauthorized access, please provide a valid access token or method signing if supported"
MISMATCH = "access token present in header but does not match"
NO_SIGNATURE = "missing signature query parameter"
WRONG_SIGNATURE = "invalid signature"
EXPIRED = "signature is already expired"
MALFORMED = "malformed request"

ODD_NAMES = [
    "plain.txt",
    "with space",
    "per%cent %41 100%",
    "it's",
    "(parens)",
    "~tilde~",
    "co:lon",
    'quo"te"s',
    "back\\slash",
    "中文 文件.txt",
    "emoji 🦊.bin",
    "new\nline",
    "se;mi, co=mma",
    "plus+amp&hash#question?",
    "-dash",
]


def sign(path, operation, user="", expires=None, token=TOKEN):
    message = f"{path}:{operation}:{user}:{token}"
    if expires is not None:
        message += f":{expires}"
    return "v1_" + base64.b64encode(hashlib.sha256(message.encode()).digest()).decode().rstrip("=")


def files_url(path=None, user=None, signature=None, expires=None, escape=lambda text: quote(text, safe="")):
    pairs = [("path", path), ("username", user), ("signature", signature), ("signature_expiration", expires)]
    query = "&".join(f"{name}={escape(str(value))}" for name, value in pairs if value is not None)
    return "/files" + ("?" + query if query else "")


def signed_url(path, operation, user=None, expires=None, **how):
    return files_url(path, user, sign(path or "", operation, user or "", expires), expires, **how)


def httpx_name(name):
    """httpx/_multipart.py: backslashes doubled, quotes and control characters as %XX."""
    table = {chr(code): f"%{code:02X}" for code in range(0x20) if code != 0x1B}
    return "".join({'"': "%22", "\\": "\\\\", **table}.get(character, character) for character in name)


def html_name(name):
    """The HTML standard's form encoding: browsers, and FormData in Node."""
    return name.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22")


def part(content, filename=None, name="file", wire=httpx_name):
    disposition = f'form-data; name="{name}"'
    if filename is not None:
        disposition += f'; filename="{wire(filename)}"'
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\nContent-Type: application/octet-stream\r\n\r\n"
    return head.encode() + content + b"\r\n"


def form(*parts):
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


OCTETS = {"Content-Type": "application/octet-stream"}
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
WITH_TOKEN = {"X-Access-Token": TOKEN}
