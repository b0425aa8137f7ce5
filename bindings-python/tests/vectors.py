"""The answers that every language must give: `vectors/` of the repository."""

import json
import os
from pathlib import Path

import pytest

#: A lane puts poisoned copies into another folder.
DIRECTORY = Path(os.environ.get("SANDGATE_VECTORS") or Path(__file__).parents[2] / "vectors")


class File:
    """A file of vectors, and which of its arrays are tested."""

    def __init__(self, name):
        self.name = name
        self.content = json.loads((DIRECTORY / name).read_text(encoding="utf-8"))
        self.tested = set()

    def __getitem__(self, name):
        return self.content[name]

    def case(self, array, number, note=""):
        """The name of a test: `file/array/number`, and what distinguishes the case."""
        return f"{self.name}/{array}/{number} {note}".rstrip()

    def each(self, array, name="case", note=lambda case: "", fewest=1):
        """Runs the test for every case of the array. An array without cases would test nothing."""
        self.tested.add(array)
        cases = self[array]
        assert len(cases) >= fewest
        ids = [self.case(array, number, note(case)) for number, case in enumerate(cases)]
        return pytest.mark.parametrize(name, cases, ids=ids)

    def untested(self):
        arrays = {name for name, value in self.content.items() if isinstance(value, list)}
        return [f"{self.name}/{name}" for name in arrays ^ self.tested]
