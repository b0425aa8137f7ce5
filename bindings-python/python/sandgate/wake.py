"""Who may wake a paused sandbox.

A sandbox with auto-resume is started by an incoming request. The party that holds its access secrets, the API server, decides
with `check` before it starts anything; an edge asks it.
"""

from ._sandgate import wake as _wake

check = _wake.check

__all__ = ["check"]
