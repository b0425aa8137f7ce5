"""Wire format v2: the stronger scheme, beside v1."""

from typing import final

from ._sandgate import Grant, _Lifetime, _Text, _Time
from .e2b import Operation

__all__ = ["FileUrlKey", "Keyring", "TrafficKey", "TrafficKeyring", "traffic_root"]

@final
class Keyring:
    def __new__(cls, seeds: dict[str, str] | dict[str, bytes] | dict[_Text, _Text], /) -> Keyring: ...
    def access_token(self, sandbox_id: _Text, /, *, generation: int | None = None) -> str: ...
    def traffic_token(self, sandbox_id: _Text, /, *, generation: int | None = None) -> str: ...
    def verify_access_token(
        self, sandbox_id: _Text, presented: _Text, /, *, generation: int | None = None
    ) -> None: ...
    def verify_traffic_token(
        self, sandbox_id: _Text, presented: _Text, /, *, generation: int | None = None
    ) -> None: ...
    def is_valid_access_token(
        self, sandbox_id: _Text, presented: _Text, /, *, generation: int | None = None
    ) -> bool: ...
    def is_valid_traffic_token(
        self, sandbox_id: _Text, presented: _Text, /, *, generation: int | None = None
    ) -> bool: ...
    def traffic(self) -> TrafficKeyring: ...

@final
class FileUrlKey:
    def __new__(
        cls, access_token: _Text, /, *, leeway: int | None = None, max_lifetime: int | None = None
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
        directory: _Text | None = None,
        max_bytes: int | None = None,
        content_sha256: bytes | None = None,
        context: _Text | None = None,
    ) -> str: ...
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
    ) -> None: ...
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
    ) -> bool: ...
    def verify_query(
        self,
        query: _Text,
        operation: Operation | None = None,
        *,
        context: _Text | None = None,
        now: _Time | None = None,
    ) -> Grant: ...

@final
class TrafficKey:
    def __new__(
        cls,
        traffic_token: _Text,
        /,
        *,
        leeway: int | None = None,
        max_lifetime: int | None = None,
        signed_host_max_lifetime: int | None = None,
        controller_port: int | None = None,
    ) -> TrafficKey: ...
    def issue_pass(
        self,
        port: int,
        /,
        *,
        expires: _Time | None = None,
        expires_in: _Lifetime | None = None,
        now: _Time | None = None,
        context: _Text | None = None,
    ) -> str: ...
    def issue_signed_host(
        self,
        sandbox_id: _Text,
        port: int,
        /,
        *,
        expires: _Time | None = None,
        expires_in: _Lifetime | None = None,
        now: _Time | None = None,
    ) -> str: ...
    def verify_pass(
        self, presented: _Text, port: int, /, *, context: _Text | None = None, now: _Time | None = None
    ) -> int: ...
    def verify_signed_host(
        self, label: _Text, sandbox_id: _Text, port: int, /, *, now: _Time | None = None
    ) -> int: ...

@final
class TrafficKeyring:
    def __new__(cls, root: _Text, /, *more: _Text) -> TrafficKeyring: ...
    def traffic_token(self, sandbox_id: _Text, /, *, generation: int | None = None) -> str: ...
    def verify_traffic_token(
        self, sandbox_id: _Text, presented: _Text, /, *, generation: int | None = None
    ) -> None: ...
    def is_valid_traffic_token(
        self, sandbox_id: _Text, presented: _Text, /, *, generation: int | None = None
    ) -> bool: ...

def traffic_root(key_id: _Text, seed: _Text, /) -> str: ...
