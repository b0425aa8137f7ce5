"""The result of `signed`: the same class for both wire formats."""

from __future__ import annotations

from typing import NamedTuple, Optional

from . import _sandgate


class Signed(NamedTuple):
    """A signature and the expiry that was signed. You need both to verify it."""

    signature: str
    #: Unix seconds; None if it never expires.
    expires: Optional[int]


# As in `errors`: a second import gets the class of the first one.
globals().update(_sandgate.keep_classes({"Signed": Signed}))
