"""E2B's Python SDK, which these variables point at your own platform: E2B_API_URL, E2B_SANDBOX_URL and E2B_API_KEY."""

from driver import serve
from e2b import Sandbox

serve(Sandbox)
