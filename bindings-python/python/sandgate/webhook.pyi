"""Webhooks: the signature under which E2B sends lifecycle events.

The signature is a plain hash with the secret in front, not an HMAC, and it holds no time. Parse a verified body with a strict
JSON parser such as `json.loads`, which refuses a body that someone extended. Remember the ids of the events that you have
handled.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias, final

from ._sandgate import _Text

__all__ = ["SIGNATURE_HEADER", "VERSION", "VERSION_HEADER", "Verification", "Verifier", "sign"]

SIGNATURE_HEADER: str
VERSION_HEADER: str
VERSION: str

_Headers: TypeAlias = Mapping[str, _Text] | Mapping[bytes, _Text] | Iterable[tuple[_Text, _Text]]

@final
class Verifier:
    """1 to 8 secrets of at least 16 bytes each, of which any may have signed a webhook: several while one is replaced.

    `headers` are those of the request: a mapping such as `request.headers`, or pairs of a name and a value. `body` is the bytes
    as received, before anything parses them.

    >>> secret, body = "the secret of the webhook", b'{"type":"sandbox.lifecycle.killed"}'
    >>> verifier = sandgate.webhook.Verifier(secret)
    >>> headers = {"e2b-signature": sandgate.webhook.sign(secret, body), "e2b-signature-version": "v1"}
    >>> verifier.verify(headers, body)
    >>> verifier.is_valid(headers, body + b" ")
    False
    """
    def __new__(cls, secret: _Text, /, *more: _Text) -> Verifier: ...
    def verify(self, headers: _Headers, body: bytes, /) -> None:
        """Raises unless a secret signed this body."""
    def is_valid(self, headers: _Headers, body: bytes, /) -> bool:
        """Whether a secret signed this body."""
    def start(self, headers: _Headers, /) -> Verification:
        """Begins to verify a body that comes in pieces. Raises if the headers are refused whatever the body. Do not act on a piece
        before `finish` returns, and limit how much you read.

        >>> secret = "the secret of the webhook"
        >>> headers = {"e2b-signature": sandgate.webhook.sign(secret, b"a body in pieces")}
        >>> verification = sandgate.webhook.Verifier(secret).start(headers)
        >>> for piece in b"a body ", b"in pieces":
        ...     verification.update(piece)
        >>> verification.finish()
        """

@final
class Verification:
    """The verification of a body that comes in pieces: `Verifier.start` returns one."""
    def update(self, piece: bytes, /) -> None:
        """Takes the next piece of the body, bytes."""
    def finish(self) -> None:
        """Raises unless the pieces so far are the signed body."""

def sign(secret: _Text, body: bytes, /) -> str:
    """Signs the body of a webhook, as a platform that sends events does: 43 characters for the header `e2b-signature`. Send
    `e2b-signature-version: v1` beside it.

    >>> sandgate.webhook.sign("the secret of the webhook", b'{"type":"sandbox.lifecycle.killed"}')
    '3HX+9ZpU3ubwOg4c/I4RJjxNMUgwgml8y+a87MvYWJA'
    """
