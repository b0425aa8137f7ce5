"""The Python package compared with hashlib, hmac, the SDK and its peers, interleaved in one process. Prints JSON.

    pip install -r requirements.txt, and the wheel; then: python bench.py [--once]

Compare only ratios: each is one of the minima of many rounds that interleave all candidates.
"""

from __future__ import annotations

import json
import platform
import sys
import timeit
from importlib.metadata import version
from statistics import median

from rows import NAMES, ROWS

PEERS = ["e2b", "itsdangerous", "PyJWT"]


def measure(rounds: int, calls: int) -> list[dict[str, object]]:
    """The least and the median nanoseconds per call, over rounds that interleave all candidates."""
    timers = [(row, name, timeit.Timer(call, globals=NAMES)) for row, named in ROWS.items() for name, call in named.items()]
    turns: list[list[float]] = [[] for _ in timers]
    for at in range(rounds):
        if at % 50 == 0 and rounds > 1:
            print(f"Python: round {at} of {rounds}", file=sys.stderr)
        for (_, _, timer), took in zip(timers, turns):
            took.append(timer.timeit(calls) / calls * 1e9)
    return [
        {"row": row, "name": name, "ours": name.startswith("sandgate"), "least": min(took), "median": median(took)}
        for (row, name, _), took in zip(timers, turns)
    ]


def main() -> None:
    rounds, calls = (1, 1) if sys.argv[1:] == ["--once"] else (300, 200)
    versions = {"CPython": platform.python_version(), **{peer: version(peer) for peer in PEERS}}
    report = {"language": "Python", "rounds": rounds, "versions": versions, "rows": measure(rounds, calls)}
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main()
