"""What `signed` returns, the same class for both wire formats."""

from __future__ import annotations

from typing import NamedTuple, Optional

from . import _sandgate


class Signed(NamedTuple):
    """A signature and the end that was signed. Verifying it takes both."""

    signature: str
    #: Unix seconds; None: it never ends.
    expires: Optional[int]


# As in `errors`: a second import gets the class of the first.
globals().update(_sandgate.keep_classes({"Signed": Signed}))
