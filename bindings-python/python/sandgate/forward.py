"""Removes an edge's credentials from a request before the edge forwards it, so that code in the sandbox never sees
them.

`header` rewrites one header line, and `target` the target. `HEADERS` names the headers that are removed or may be
rewritten. `query`, `cookies` and `host` do the same for a part.
"""

from ._sandgate import FORWARD_HEADERS, TRAFFIC_COOKIE, TRAFFIC_HEADER, TRAFFIC_PARAMETER
from ._sandgate import forward_cookies as cookies
from ._sandgate import forward_header as header
from ._sandgate import forward_host as host
from ._sandgate import forward_query as query
from ._sandgate import forward_target as target

__all__ = [
    "HEADERS",
    "TRAFFIC_COOKIE",
    "TRAFFIC_HEADER",
    "TRAFFIC_PARAMETER",
    "cookies",
    "header",
    "host",
    "query",
    "target",
]

#: In lower case.
HEADERS = tuple(FORWARD_HEADERS)
