"""What the pages show works as shown."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]
PAGES = {
    "README.md": PACKAGE / "README.md",
    "the root README.md": PACKAGE.parent / "README.md",
    "docs/migration.md": PACKAGE.parent / "docs" / "migration.md",
}


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_page(name):
    """All blocks of a page, one after the other, as a reader would type them."""
    code = blocks(PAGES[name])
    assert code
    scope = {"__name__": "page"}
    for block in code:
        exec(compile(block, name, "exec"), scope)
