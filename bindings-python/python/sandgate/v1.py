"""Wire format v1: what E2B and Novita sandboxes speak today."""

from ._sandgate import v1 as _v1
from ._signed import Signed

FileUrlKey = _v1.FileUrlKey
Keyring = _v1.Keyring

__all__ = ["FileUrlKey", "Keyring", "Signed"]
