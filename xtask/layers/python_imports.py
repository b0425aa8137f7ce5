"""Prints as JSON which files of a package import which others: {"package/a.py": ["package/b.py"]}.

Every import counts: those in functions, and those for type checkers alone.
"""

import ast
import json
import sys
from pathlib import Path


def imports(package: Path, file: Path) -> set[Path]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names = [name.name.split(".") for name in node.names]
            found.update(resolved(package.parent, name) for name in names if name[0] == package.name)
        elif isinstance(node, ast.ImportFrom):
            base = file.parents[node.level - 1] if node.level else package.parent
            module = node.module.split(".") if node.module else []
            if node.level or module[0] == package.name:
                found.update(resolved(base, [*module, name.name]) for name in node.names)
    return {target for target in found if target and target != file}


def resolved(base: Path, names: list[str]) -> Path | None:
    """The file of the longest part of the name that is a module; None if that is a compiled one."""
    for length in range(len(names), -1, -1):
        module = base.joinpath(*names[:length])
        if (module / "__init__.py").exists():
            return module / "__init__.py"
        if length and module.with_suffix(".py").exists():
            return module.with_suffix(".py")
        if length and module.with_suffix(".pyi").exists():
            return None
    return None


package = Path(sys.argv[1])
files = sorted(package.rglob("*.py"))
print(json.dumps({str(file): sorted(map(str, imports(package, file))) for file in files}))
