"""The signing function of E2B's Python SDK, for an SDK that replaces its own by changing one import.

    from sandgate.e2b import get_signature

The dictionary and the exceptions are the SDK's. With an access token of v2 (`sg2a.…`) the signature is one of v2, and an
expiration is required. A lifetime of 0 ends with the current second; the SDK of Novita reads it as never.
"""

from __future__ import annotations

from typing import Literal, Optional, TypedDict

from ._sandgate import get_signature

__all__ = ["Operation", "Signature", "get_signature"]

Operation = Literal["read", "write"]


class Signature(TypedDict):
    """What `get_signature` returns."""

    signature: str
    #: Unix seconds, or None.
    expiration: Optional[int]
