"""Wire format v2: the stronger scheme, beside v1."""

from ._sandgate import v2 as _v2
from ._signed import Signed

FileUrlKey = _v2.FileUrlKey
Keyring = _v2.Keyring
TrafficKey = _v2.TrafficKey
TrafficKeyring = _v2.TrafficKeyring
is_access_token = _v2.is_access_token
traffic_root = _v2.traffic_root

__all__ = ["FileUrlKey", "Keyring", "Signed", "TrafficKey", "TrafficKeyring", "is_access_token", "traffic_root"]
