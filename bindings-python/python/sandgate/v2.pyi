"""Wire format v2: stronger than v1."""

from collections.abc import Mapping
from typing import final

from ._sandgate import Grant, _Lifetime, _Text, _Time
from ._signed import Signed as Signed
from .e2b import Operation

__all__ = ["FileUrlKey", "Keyring", "Signed", "TrafficKey", "TrafficKeyring", "is_access_token", "traffic_root"]

@final
class Keyring:
    """1 to 8 seeds of at least 32 bytes each by their key ids, one of `[0-9a-z]`: the first one derives tokens, all verify
    them. Generations start at 0; a new generation revokes the credentials of the previous one.

    >>> keyring = sandgate.v2.Keyring({"a": "a seed of at least 32 bytes, kept secret"})
    >>> token = keyring.access_token("i94gcaqbpvohfr764s5l")
    >>> token[:7], len(token)
    ('sg2a.a.', 50)
    >>> keyring.is_valid_access_token("i94gcaqbpvohfr764s5l", token, generation=1)
    False
    """
    def __new__(cls, seeds: Mapping[str, _Text] | Mapping[bytes, _Text] | Mapping[_Text, _Text], /) -> Keyring: ...
    def access_token(self, sandbox_id: _Text, /, *, generation: int | None = None) -> str:
        """Derives the sandbox's access token, 50 characters."""
    def traffic_token(self, sandbox_id: _Text, /, *, generation: int | None = None) -> str:
        """Derives the sandbox's traffic token, 50 characters. Its generation is counted separately."""
    def verify_access_token(
        self, sandbox_id: _Text, presented: _Text, /, *, generation: int | None = None
    ) -> None:
        """Raises unless this is the sandbox's access token."""
    def verify_traffic_token(
        self, sandbox_id: _Text, presented: _Text, /, *, generation: int | None = None
    ) -> None:
        """Raises unless this is the sandbox's traffic token."""
    def is_valid_access_token(
        self, sandbox_id: _Text, presented: _Text, /, *, generation: int | None = None
    ) -> bool:
        """Whether this is the sandbox's access token."""
    def is_valid_traffic_token(
        self, sandbox_id: _Text, presented: _Text, /, *, generation: int | None = None
    ) -> bool:
        """Whether this is the sandbox's traffic token."""
    def traffic(self) -> TrafficKeyring:
        """Returns the keyring for an edge. It serves only traffic, and opens no controller."""

@final
class FileUrlKey:
    """The key to sign and verify file URLs, derived from an access token of v2.

    A URL is for one operation ("read", the default, or "write") on one path or a whole `directory`, as one `user`.
    `expires` is the last second for which it is valid, an int or an aware datetime; `expires_in` counts from now instead.
    An upload can be limited to `max_bytes`, or to the content with this `content_sha256`. `context` is a value that both
    sides know and the URL does not carry.

    >>> key = sandgate.v2.FileUrlKey("sg2a.a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    >>> signature = key.sign("/in/a.txt", operation="write", directory="/in/", expires=1800000060)
    >>> key.is_valid(signature, "/in/b.txt", operation="write", directory="/in/", expires=1800000060, now=1800000000)
    True
    """
    def __new__(
        cls, access_token: _Text, /, *, leeway: _Lifetime | None = None, max_lifetime: _Lifetime | None = None
    ) -> FileUrlKey: ...
    def sign(
        self,
        path: _Text,
        operation: Operation | None = None,
        user: _Text | None = None,
        expires: _Time | None = None,
        *,
        expires_in: _Lifetime | None = None,
        now: _Time | None = None,
        directory: _Text | None = None,
        max_bytes: int | None = None,
        content_sha256: bytes | None = None,
        context: _Text | None = None,
    ) -> str:
        """Returns the signature, 48 characters. It refuses `expires_in` without `now`, because the caller could not know the
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
        directory: _Text | None = None,
        max_bytes: int | None = None,
        content_sha256: bytes | None = None,
        context: _Text | None = None,
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
        directory: _Text | None = None,
        max_bytes: int | None = None,
        content_sha256: bytes | None = None,
        context: _Text | None = None,
    ) -> str:
        """Returns the signed URL, `{base}/files?path=…`. With a directory, an empty path is omitted, and the client adds it."""
    def verify(
        self,
        signature: _Text,
        path: _Text,
        operation: Operation | None = None,
        user: _Text | None = None,
        expires: _Time | None = None,
        *,
        directory: _Text | None = None,
        max_bytes: int | None = None,
        content_sha256: bytes | None = None,
        context: _Text | None = None,
        now: _Time | None = None,
    ) -> None:
        """Raises unless the signature is that of this URL, and the URL is valid now."""
    def is_valid(
        self,
        signature: _Text,
        path: _Text,
        operation: Operation | None = None,
        user: _Text | None = None,
        expires: _Time | None = None,
        *,
        directory: _Text | None = None,
        max_bytes: int | None = None,
        content_sha256: bytes | None = None,
        context: _Text | None = None,
        now: _Time | None = None,
    ) -> bool:
        """Whether the signature is that of this URL, and the URL is valid now."""
    def verify_query(
        self,
        query: _Text,
        operation: Operation | None = None,
        *,
        context: _Text | None = None,
        now: _Time | None = None,
    ) -> Grant:
        """Returns what a raw query grants; raises if it grants nothing. The raw query is the bytes between `?` and `#`, still
        percent-encoded.
        """

@final
class TrafficKey:
    """The key to issue and verify traffic passes and signed hosts, derived from a traffic token of v2.

    >>> key = sandgate.v2.TrafficKey("sg2t.a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    >>> key.verify_pass(key.issue_pass(8080, expires=1800000060), 8080, now=1800000000)
    1800000060
    """
    def __new__(
        cls,
        traffic_token: _Text,
        /,
        *,
        leeway: _Lifetime | None = None,
        max_lifetime: _Lifetime | None = None,
        signed_host_max_lifetime: _Lifetime | None = None,
        controller_port: int | None = None,
    ) -> TrafficKey: ...
    @property
    def kid(self) -> str:
        """The key id of the token."""
    def issue_pass(
        self,
        port: int,
        /,
        *,
        expires: _Time | None = None,
        expires_in: _Lifetime | None = None,
        now: _Time | None = None,
        context: _Text | None = None,
    ) -> str:
        """Returns a pass to a port, valid until the end of the second `expires`."""
    def issue_signed_host(
        self,
        sandbox_id: _Text,
        port: int,
        /,
        *,
        expires: _Time | None = None,
        expires_in: _Lifetime | None = None,
        now: _Time | None = None,
    ) -> str:
        """Returns the label of a host that opens a port of the sandbox, valid until the end of the second `expires`.

        The sandbox must be the one to which the token belongs: a label for another sandbox is never valid.
        """
    def verify_pass(
        self, presented: _Text, port: int, /, *, context: _Text | None = None, now: _Time | None = None
    ) -> int:
        """Returns the expiry of a pass that was presented for a port; raises unless the pass is valid now."""
    def verify_signed_host(
        self, label: _Text, sandbox_id: _Text, port: int, /, *, now: _Time | None = None
    ) -> int:
        """Returns the expiry of a signed host that was presented for a port of the sandbox; raises unless it is valid now."""

@final
class TrafficKeyring:
    """1 to 8 traffic roots (`sg2r.…`) with distinct key ids: the first one derives, all verify. They open no controller.

    >>> root = sandgate.v2.traffic_root("a", "a seed of at least 32 bytes, kept secret")
    >>> edge = sandgate.v2.TrafficKeyring(root)
    >>> edge.is_valid_traffic_token("abc", edge.traffic_token("abc"))
    True
    """
    def __new__(cls, root: _Text, /, *more: _Text) -> TrafficKeyring: ...
    def traffic_token(self, sandbox_id: _Text, /, *, generation: int | None = None) -> str:
        """Derives the sandbox's traffic token, 50 characters."""
    def verify_traffic_token(
        self, sandbox_id: _Text, presented: _Text, /, *, generation: int | None = None
    ) -> None:
        """Raises unless this is the sandbox's traffic token."""
    def is_valid_traffic_token(
        self, sandbox_id: _Text, presented: _Text, /, *, generation: int | None = None
    ) -> bool:
        """Whether this is the sandbox's traffic token."""

def is_access_token(token: _Text, /) -> bool:
    """Whether a text claims to be a v2 access token: it begins with `sg2a.`, so it is a v2 token or invalid.

    >>> sandgate.v2.is_access_token("a token of v1")
    False
    """
def traffic_root(key_id: _Text, seed: _Text, /) -> str:
    """Returns the traffic root of a seed, `sg2r.…`, for the configuration of an edge. It is a secret."""
