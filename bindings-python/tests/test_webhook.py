"""Webhooks: the kinds of headers, bodies in pieces, secrets, and wrong use. `test_life_table.py` has the whole table."""

import base64
import hashlib
import threading
from collections import UserDict
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandgate import DeniedError, InvalidError, MalformedError, MissingError, webhook

SECRET = "the secret of the webhook"
BODY = b'{"type":"sandbox.lifecycle.killed"}'
SIGNATURE = webhook.sign(SECRET, BODY)
VERIFIER = webhook.Verifier(SECRET)
PAIRS = [("E2B-Signature", SIGNATURE), (b"e2b-signature-version", b"v1"), ("Content-Type", "application/json")]


def message(pairs):
    made = Message()
    for name, value in pairs:
        made.add_header(name, value)
    return made


class MultiDict:
    """As those of frameworks: `items` has a repeated header twice, and iteration its names."""

    def __init__(self, pairs):
        self.pairs = pairs

    def items(self):
        return iter(self.pairs)

    def __iter__(self):
        return iter(dict(self.pairs))


KINDS = [list, tuple, iter, dict, lambda pairs: UserDict(pairs), MultiDict, lambda pairs: [list(pair) for pair in pairs]]


def expected(secret, body):
    return base64.b64encode(hashlib.sha256(secret + body).digest()).decode().rstrip("=")


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_headers_may_be_a_mapping_or_pairs(kind):
    VERIFIER.verify(kind(PAIRS), BODY)
    assert VERIFIER.is_valid(kind(PAIRS), BODY) is True
    assert VERIFIER.is_valid(kind(PAIRS[:1]), BODY) is True
    assert VERIFIER.is_valid(kind(PAIRS), BODY + b"\n") is False
    with pytest.raises(MissingError):
        VERIFIER.verify(kind(PAIRS[1:]), BODY)
    with pytest.raises(MalformedError):
        VERIFIER.verify(kind([PAIRS[0], ("e2b-signature-version", "v2")]), BODY)


@pytest.mark.parametrize("kind", [list, MultiDict, message])
def test_a_repeated_header_is_refused(kind):
    for lines in ([PAIRS[0], PAIRS[0]], [PAIRS[0], ("e2b-signature", "")], [PAIRS[0], *[("e2b-signature-version", "v1")] * 2]):
        with pytest.raises(MalformedError) as refused:
            VERIFIER.verify(kind(lines), BODY)
        assert (refused.value.gate, refused.value.status) == ("webhook", 400)


def test_a_verification_takes_pieces_and_may_finish_again():
    verification = VERIFIER.start(PAIRS)
    for byte in BODY:
        with pytest.raises(InvalidError):
            verification.finish()
        verification.update(bytes([byte]))
    assert verification.finish() is None
    assert verification.finish() is None
    verification.update(b" ")
    with pytest.raises(InvalidError):
        verification.finish()


def test_start_refuses_what_no_body_can_make_right():
    with pytest.raises(MissingError):
        VERIFIER.start([])
    with pytest.raises(MalformedError):
        VERIFIER.start({"e2b-signature": SIGNATURE + "="})


def test_each_of_eight_secrets_verifies():
    secrets = [f"secret number {number} of eight" for number in range(8)]
    verifier = webhook.Verifier(*secrets)
    for secret in secrets:
        verifier.verify({"e2b-signature": webhook.sign(secret.encode(), BODY)}, BODY)
    assert not verifier.is_valid(PAIRS, BODY)
    with pytest.raises(ValueError, match="^secret: a webhook verifier must hold at most 8 secrets$"):
        webhook.Verifier(*secrets, SECRET)


@pytest.mark.parametrize("secret", ["", b"", "fifteen bytes.."])
def test_a_short_secret_is_wrong_use(secret):
    for call in webhook.Verifier, lambda given: webhook.Verifier(SECRET, given), lambda given: webhook.sign(given, BODY):
        with pytest.raises(ValueError, match="^secret: the secret of a webhook must have at least 16 bytes$"):
            call(secret)


@pytest.mark.parametrize("body", ["text", bytearray(b"x"), memoryview(b"x"), None, {}], ids=lambda body: type(body).__name__)
def test_a_body_must_be_bytes(body):
    kind = type(body).__name__
    for call in (lambda: VERIFIER.verify(PAIRS, body), lambda: VERIFIER.is_valid(PAIRS, body), lambda: webhook.sign(SECRET, body)):
        with pytest.raises(TypeError, match=f"^body: must be bytes, as received, not {kind}$"):
            call()
    with pytest.raises(TypeError, match=f"^piece: must be bytes, as received, not {kind}$"):
        VERIFIER.start(PAIRS).update(body)


@pytest.mark.parametrize("headers", [None, 1, "e2b-signature: x", b"x", ["e2b-signature"], [("a", "b", "c")], {"e2b-signature": 1}])
def test_other_headers_are_wrong_use(headers):
    with pytest.raises(TypeError, match="^(headers|a header's value): must be "):
        VERIFIER.verify(headers, BODY)


def test_an_error_of_items_is_not_hidden():
    class Broken:
        def items(self):
            raise AttributeError("inside items")

    with pytest.raises(AttributeError, match="^inside items$"):
        VERIFIER.verify(Broken(), BODY)


@given(st.binary(min_size=16, max_size=150), st.lists(st.binary(max_size=150), max_size=5), st.text(max_size=50))
def test_any_pieces_are_signed_as_hashlib_does(secret, pieces, other):
    body = b"".join(pieces)
    signature = webhook.sign(secret, body)
    assert signature == expected(secret, body)
    verification = webhook.Verifier(SECRET, secret).start({webhook.SIGNATURE_HEADER: signature, webhook.VERSION_HEADER: webhook.VERSION})
    for piece in pieces:
        verification.update(piece)
    verification.finish()
    assert not webhook.Verifier(secret).is_valid({webhook.SIGNATURE_HEADER: other}, body)


def test_threads_share_a_verification():
    piece = b"x" * 1000
    verification = VERIFIER.start({"e2b-signature": webhook.sign(SECRET, piece * 400)})
    threads = [threading.Thread(target=lambda: [verification.update(piece) for _ in range(100)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verification.finish()


def test_a_refusal_keeps_nothing_of_the_request():
    with pytest.raises(DeniedError) as refused:
        VERIFIER.verify({"e2b-signature": "A" * 43}, BODY)
    error = refused.value
    assert (error.gate, error.code, error.status, error.args) == ("webhook", "invalid", 401, ("webhook",))
    assert error.body == '{"code":401,"message":"invalid webhook signature"}'
