"""The examples of the pages work as shown."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]
PAGES = {
    "README.md": PACKAGE / "README.md",
    "the root README.md": PACKAGE.parent / "README.md",
    "docs/migration.md": PACKAGE.parent / "docs" / "migration.md",
}


def blocks(page, language="python"):
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_page_examples_work_as_shown(name):
    """Runs all blocks of a page in their order, as a reader would type them."""
    code = blocks(PAGES[name])
    assert code
    scope = {"__name__": "page"}
    for block in code:
        exec(compile(block, name, "exec"), scope)


def test_the_shell_block_prints_what_its_comments_show(tmp_path):
    """The block that calls the command `sandgate`, run in an empty directory."""
    [block] = [block for block in blocks(PAGES["README.md"], "sh") if "sandgate keygen" in block]
    shown = re.findall(r"^# (.*)$", block, re.MULTILINE)
    assert shown
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = ["sh", "-e", "-c", block]
    run = subprocess.run(command, cwd=tmp_path, env={"PATH": path}, capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stdout.splitlines(), run.stderr) == (0, shown, "")
