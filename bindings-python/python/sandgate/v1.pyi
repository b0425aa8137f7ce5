"""Wire format v1: what E2B and Novita sandboxes speak today."""

from typing import final

from ._sandgate import Grant, _Lifetime, _Text, _Time
from .e2b import Operation

__all__ = ["FileUrlKey", "Keyring"]

@final
class Keyring:
    def __new__(cls, seed: _Text, /, *more: _Text) -> Keyring: ...
    def access_token(self, sandbox_id: _Text, /) -> str: ...
    def traffic_token(self, sandbox_id: _Text, /) -> str: ...
    def verify_access_token(self, sandbox_id: _Text, presented: _Text, /) -> None: ...
    def verify_traffic_token(self, sandbox_id: _Text, presented: _Text, /) -> None: ...
    def is_valid_access_token(self, sandbox_id: _Text, presented: _Text, /) -> bool: ...
    def is_valid_traffic_token(self, sandbox_id: _Text, presented: _Text, /) -> bool: ...

@final
class FileUrlKey:
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
    ) -> str: ...
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
    ) -> str: ...
    def verify(
        self,
        signature: _Text,
        path: _Text,
        operation: Operation | None = None,
        user: _Text | None = None,
        expires: _Time | None = None,
        *,
        now: _Time | None = None,
    ) -> None: ...
    def is_valid(
        self,
        signature: _Text,
        path: _Text,
        operation: Operation | None = None,
        user: _Text | None = None,
        expires: _Time | None = None,
        *,
        now: _Time | None = None,
    ) -> bool: ...
    def verify_query(
        self, query: _Text, operation: Operation | None = None, *, now: _Time | None = None
    ) -> Grant: ...
