"""The answers that every language must give: `vectors/` of the repository."""

import json
from pathlib import Path

DIRECTORY = Path(__file__).parents[2] / "vectors"
V1 = json.loads((DIRECTORY / "e2b-v1.json").read_text())
V2 = json.loads((DIRECTORY / "v2.json").read_text())


def arrays(vectors):
    return {name for name, value in vectors.items() if isinstance(value, list)}


def ids(cases):
    return [str(number) for number in range(len(cases))]
