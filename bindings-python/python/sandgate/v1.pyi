"""Wire format v1: what E2B and Novita sandboxes speak today."""

from typing import final

from ._sandgate import Grant, _Lifetime, _Text, _Time
from ._signed import Signed as Signed
from .e2b import Operation

__all__ = ["FileUrlKey", "Keyring", "Signed"]

@final
class Keyring:
    """1 to 8 seeds of at least 16 bytes each: the first one derives tokens, all verify them.

    >>> keyring = sandgate.v1.Keyring("a seed of at least 16 bytes")
    >>> token = keyring.access_token("i94gcaqbpvohfr764s5l")
    >>> keyring.verify_access_token("i94gcaqbpvohfr764s5l", token)
    >>> keyring.is_valid_access_token("another", token)
    False
    """
    def __new__(cls, seed: _Text, /, *more: _Text) -> Keyring: ...
    def access_token(self, sandbox_id: _Text, /) -> str:
        """Derives the sandbox's access token, 64 hex digits."""
    def traffic_token(self, sandbox_id: _Text, /) -> str:
        """Derives the sandbox's traffic token, 64 hex digits."""
    def verify_access_token(self, sandbox_id: _Text, presented: _Text, /) -> None:
        """Raises unless a seed derives this access token."""
    def verify_traffic_token(self, sandbox_id: _Text, presented: _Text, /) -> None:
        """Raises unless a seed derives this traffic token."""
    def is_valid_access_token(self, sandbox_id: _Text, presented: _Text, /) -> bool:
        """Whether a seed derives this access token."""
    def is_valid_traffic_token(self, sandbox_id: _Text, presented: _Text, /) -> bool:
        """Whether a seed derives this traffic token."""

@final
class FileUrlKey:
    """The key that signs and verifies file URLs, from an access token.

    A URL is for one operation ("read", the default, or "write") on one path, as one user. `expires` is the last second for
    which it is valid, an int or an aware datetime; `expires_in` counts from now instead. Without either it never expires.

    >>> key = sandgate.v1.FileUrlKey("the sandbox's access token")
    >>> key.sign("/a.txt", user="user", expires=1800000000)
    'v1_oyctafac/YFCvxnZgSPq7bLu0LE4iNBtyBcQiOPwml0'
    """
    def __new__(cls, access_token: _Text, /) -> FileUrlKey: ...
    def sign(
        self,
        path: _Text,
        operation: Operation | None = None,
        user: _Text | None = None,
        expires: _Time | None = None,
        *,
        expires_in: _Lifetime | None = None,
        now: _Time | None = None,
    ) -> str:
        """Returns the signature, 46 characters. It refuses `expires_in` without `now`, because the caller could not know the
        expiry that was signed: `signed` returns both.
        """
    def signed(
        self,
        path: _Text,
        operation: Operation | None = None,
        user: _Text | None = None,
        expires: _Time | None = None,
        *,
        expires_in: _Lifetime | None = None,
        now: _Time | None = None,
    ) -> Signed:
        """Returns the signature and the expiry that was signed, `Signed(signature, expires)`."""
    def url(
        self,
        base: _Text,
        path: _Text,
        operation: Operation | None = None,
        user: _Text | None = None,
        expires: _Time | None = None,
        *,
        expires_in: _Lifetime | None = None,
        now: _Time | None = None,
    ) -> str:
        """Returns the signed URL, `{base}/files?path=…`. `base` is the URL of the sandbox's controller,
        `https://49983-{sandbox_id}.{domain}`.
        """
    def verify(
        self,
        signature: _Text,
        path: _Text,
        operation: Operation | None = None,
        user: _Text | None = None,
        expires: _Time | None = None,
        *,
        now: _Time | None = None,
    ) -> None:
        """Raises unless the signature is that of this URL, and the URL has not expired."""
    def is_valid(
        self,
        signature: _Text,
        path: _Text,
        operation: Operation | None = None,
        user: _Text | None = None,
        expires: _Time | None = None,
        *,
        now: _Time | None = None,
    ) -> bool:
        """Whether the signature is that of this URL, and the URL has not expired."""
    def verify_query(
        self, query: _Text, operation: Operation | None = None, *, now: _Time | None = None
    ) -> Grant:
        """Returns what a raw query grants; raises if it grants nothing. The raw query is the bytes between `?` and `#`, still
        percent-encoded.
        """
