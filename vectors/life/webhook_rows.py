"""The rows about webhooks: what a receiver with these secrets says of headers and a body. The slow rule is `answer`; it shares no
code with the project."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator

SECRET = b"the secret of the webhook"
OLD_SECRET = b"the secret before that one"
BODY = b'{"type":"sandbox.lifecycle.killed","sandboxId":"i94gcaqbpvohfr764s5l"}'
MESSAGES = {
    "missing": "missing webhook signature",
    "malformed": "malformed webhook signature, or a version other than v1",
    "invalid": "invalid webhook signature",
}

Row = tuple[str, list[bytes], list[tuple[str, str]], bytes, str]


def signature(secret: bytes, body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(secret + body).digest()).decode().rstrip("=")


def answer(secrets: list[bytes], headers: list[tuple[str, str]], body: bytes) -> str:
    def values(wanted: str) -> list[str]:
        return [value.strip(" \t") for name, value in headers if name.lower() == wanted]

    signatures, versions = values("e2b-signature"), values("e2b-signature-version")
    if len(signatures) > 1:
        return "malformed"
    if not signatures or signatures[0] == "":
        return "missing"
    if len(versions) > 1 or (versions and versions[0] != "v1"):
        return "malformed"
    if re.fullmatch("[A-Za-z0-9+/]{43}", signatures[0]) is None:
        return "malformed"
    return "ok" if signatures[0] in [signature(secret, body) for secret in secrets] else "invalid"


def refusal(code: str) -> dict[str, object]:
    return {"status": 400 if code == "malformed" else 401, "gate": "webhook", "code": code, "message": MESSAGES[code]}


def rows() -> Iterator[Row]:
    right = signature(SECRET, BODY)
    sent = [("e2b-signature", right), ("e2b-signature-version", "v1")]

    for body in (BODY, b"", b"\x00", bytes(range(256)), b"\xef\xbb\xbf{}", b"{}\n", b"{}\r\n", b"\xe4", b'{"name":"\xc3\xa4"}'):
        yield "any bytes", [SECRET], [("e2b-signature", signature(SECRET, body)), *sent[1:]], body, "ok"
    for length in (*range(16, 40), 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 1000):
        secret = bytes(33 + index % 90 for index in range(length))
        yield "any length of the secret", [secret], [("e2b-signature", signature(secret, BODY))], BODY, "ok"
    for length in (*range(25, 48), 55, 63, 64, 65, 102, 103, 104, 127, 128, 1000, 9000):
        body = b"x" * length
        yield "any length of the body", [SECRET], [("e2b-signature", signature(SECRET, body))], body, "ok"

    yield "no version is sent", [SECRET], sent[:1], BODY, "ok"
    yield "the version comes first", [SECRET], sent[::-1], BODY, "ok"
    yield "names in upper case", [SECRET], [("E2B-SIGNATURE", right), ("E2B-Signature-Version", "v1")], BODY, "ok"
    yield "spaces and tabs around values", [SECRET], [("E2b-Signature", f" \t{right}\t "), ("e2b-signature-version", "\tv1 ")], BODY, "ok"
    others = [("e2b-signatures", "x"), ("x-e2b-signature", "x"), ("e2b_signature", "x"), ("e2b-webhook-id", "1"), ("", "x")]
    yield "other headers", [SECRET], [*others, *sent, *others], BODY, "ok"
    yield "other headers alone", [SECRET], others, BODY, "missing"

    for version in ("", "v2", "V1", "1", "v01", "v1,v1", "v1, v1", "v10", "v1;", "v\u00b9", "v1\x00", '"v1"', "v1\n"):
        yield "another version", [SECRET], [sent[0], ("e2b-signature-version", version)], BODY, "malformed"
    yield "the version twice", [SECRET], [*sent, sent[1]], BODY, "malformed"
    yield "the version twice", [SECRET], [*sent, ("E2B-SIGNATURE-VERSION", "")], BODY, "malformed"
    yield "the signature twice", [SECRET], [sent[0], *sent], BODY, "malformed"
    yield "the signature twice", [SECRET], [*sent, ("E2B-Signature", "")], BODY, "malformed"
    yield "the signature three times", [SECRET], [sent[0], sent[0], *sent], BODY, "malformed"
    yield "a signature of each secret", [SECRET], [sent[0], ("e2b-signature", signature(OLD_SECRET, BODY))], BODY, "malformed"
    yield "joined with a comma", [SECRET], [("e2b-signature", f"{right}, {right}")], BODY, "malformed"
    yield "nothing", [SECRET], [], BODY, "missing"
    yield "nothing but the version", [SECRET], sent[1:], BODY, "missing"
    yield "nothing but another version", [SECRET], [("e2b-signature-version", "v2")], BODY, "missing"
    for empty in ("", " ", "\t"):
        yield "an empty signature", [SECRET], [("e2b-signature", empty), *sent[1:]], BODY, "missing"

    digest = hashlib.sha256(SECRET + BODY).digest()
    mac = hmac.new(SECRET, BODY, hashlib.sha256).digest()
    for digits in (digest, mac):
        text = base64.b64encode(digits).decode()
        for spelling in (digits.hex(), digits.hex().upper(), f"sha256={digits.hex()}", text, text + "==", f"sha256={text}", f"v1={text}", f"v1,{text}"):
            yield "another spelling", [SECRET], [("e2b-signature", spelling)], BODY, "malformed"
    yield "another hash", [SECRET], [("e2b-signature", base64.b64encode(mac).decode().rstrip("="))], BODY, "invalid"
    after = base64.b64encode(hashlib.sha256(BODY + SECRET).digest()).decode().rstrip("=")
    yield "the secret after the body", [SECRET], [("e2b-signature", after)], BODY, "invalid"
    for text in (right[:-1], right + "A", right[:-1] + "-", right[:-1] + "_", right[:-1] + " ", right[:20] + " " + right[21:], right[:-1] + "\x00", "\xff" * 43, right[:-1] + "\xe4"):
        yield "another shape", [SECRET], [("e2b-signature", text)], BODY, "malformed"
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = alphabet.index(right[-1])
    for spare in (1, 2, 3):
        yield "unused bits that are not zero", [SECRET], [("e2b-signature", right[:-1] + alphabet[last | spare])], BODY, "invalid"
    for at in (0, 1, 21, 41):
        other = right[:at] + ("B" if right[at] == "A" else "A") + right[at + 1 :]
        yield "another signature", [SECRET], [("e2b-signature", other)], BODY, "invalid"
    yield "another signature", [SECRET], [("e2b-signature", "A" * 43)], BODY, "invalid"
    yield "the other case", [SECRET], [("e2b-signature", right.swapcase())], BODY, "invalid"

    for body in (b"", BODY + b"\n", BODY[:-1], BODY.replace(b":", b": "), b" " + BODY, BODY.lower()):
        yield "another body", [SECRET], sent, body, "invalid"
    yield "another secret", [OLD_SECRET], sent, BODY, "invalid"
    yield "a byte moves from the body to the secret", [SECRET + BODY[:1]], sent, BODY[1:], "ok"
    yield "another case of the secret", [SECRET.upper()], sent, BODY, "invalid"
    yield "a line feed after the secret", [SECRET + b"\n"], sent, BODY, "invalid"

    yield "the secret is being replaced", [SECRET, OLD_SECRET], sent, BODY, "ok"
    yield "the secret is being replaced", [OLD_SECRET, SECRET], sent, BODY, "ok"
    eight = [b"secret number %d of eight" % number for number in range(8)]
    for secret in eight:
        yield "one of eight", eight, [("e2b-signature", signature(secret, BODY))], BODY, "ok"
    yield "none of eight", eight, sent, BODY, "invalid"
    yield "the same secret twice", [SECRET, SECRET], sent, BODY, "ok"
    yield "no secret at all", [SECRET], [("e2b-signature", signature(b"", BODY))], BODY, "invalid"
