"""What an edge takes out of a request before it forwards it: what runs in the sandbox has no business with it."""

from ._sandgate import TRAFFIC_COOKIE, TRAFFIC_HEADER, TRAFFIC_PARAMETER
from ._sandgate import forward_cookies as cookies
from ._sandgate import forward_host as host
from ._sandgate import forward_query as query

__all__ = ["TRAFFIC_COOKIE", "TRAFFIC_HEADER", "TRAFFIC_PARAMETER", "cookies", "host", "query"]
