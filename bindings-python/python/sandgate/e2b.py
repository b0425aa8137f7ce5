"""The signing function of E2B's Python SDK: an SDK replaces its own by changing one import.

    from sandgate.e2b import get_signature

The dictionary and the exceptions are the SDK's. With a v2 access token (`sg2a.…`) it makes a v2 signature, which
requires an expiration. A lifetime of 0 ends with the current second; Novita's SDK reads it as "never".
"""

from __future__ import annotations

from typing import Literal, Optional, TypedDict

from ._sandgate import get_signature

__all__ = ["Operation", "Signature", "get_signature"]

Operation = Literal["read", "write"]


class Signature(TypedDict):
    """The result of `get_signature`."""

    signature: str
    #: Unix seconds, or None.
    expiration: Optional[int]
