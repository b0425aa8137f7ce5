"""The stubs repeat the docstrings of the module, for editors, which read only stubs.

    python tests/stub_docs.py    rewrites them from the installed package
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1] / "python/sandgate"
STUBS = ("_sandgate", "v1", "v2", "wake", "webhook")

Documented = ast.ClassDef | ast.FunctionDef


def documented(stub: str) -> tuple[str, str]:
    """Returns a stub as it is, and as it should be."""
    text = (PACKAGE / f"{stub}.pyi").read_text()
    lines = text.splitlines()
    # From the end, so that earlier line numbers stay valid.
    for node, described in sorted(_described(stub, ast.parse(text)), key=lambda found: -found[0].lineno):
        first, last = node.body[0], node.body[-1]
        replaced = isinstance(node, ast.FunctionDef) or ast.get_docstring(node) is not None
        begin = min(part.lineno for part in (first, *getattr(first, "decorator_list", []))) - 1
        end = (last if isinstance(node, ast.FunctionDef) else first).end_lineno if replaced else begin
        before = lines[begin][: first.col_offset].rstrip() if replaced else ""
        lines[begin:end] = ([before] if before else []) + _docstring(described, node.col_offset + 4)
    return text, "\n".join(lines) + "\n"


def _described(stub: str, tree: ast.Module) -> Iterator[tuple[Documented, str]]:
    module = importlib.import_module(f"sandgate.{stub}")
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            of = getattr(module, node.name)
            if described := _own(of):
                yield node, described
            for inner in node.body:
                if isinstance(node, ast.ClassDef) and isinstance(inner, ast.FunctionDef):
                    if not inner.name.startswith("__") and (described := _own(getattr(of, inner.name))):
                        yield inner, described


def _own(of: Any) -> str | None:
    return inspect.cleandoc(of.__doc__) if of.__doc__ else None


def _docstring(described: str, indent: int) -> list[str]:
    first, *rest = described.splitlines()
    space = " " * indent
    if not rest:
        return [f'{space}"""{first}"""']
    return [f'{space}"""{first}', *(f"{space}{line}".rstrip() for line in rest), f'{space}"""']


if __name__ == "__main__":
    for stub in STUBS:
        (PACKAGE / f"{stub}.pyi").write_text(documented(stub)[1])
