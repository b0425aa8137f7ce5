"""Prints as JSON the public names of a package: what `__all__` lists in each public module, and the members of classes.

Names carry the module: `v1.Keyring.access_token`. Stubs take precedence over sources. Members that begin with `_` and
those that a class inherits are left out.
"""

import ast
import json
import sys
from pathlib import Path

PACKAGE = Path(sys.argv[1])


def tree(module: str) -> ast.Module:
    files = [PACKAGE / f"{module}{extension}" for extension in (".pyi", ".py")]
    return ast.parse(next(file for file in files if file.exists()).read_text())


def listed(module: ast.Module) -> list[str]:
    for node in module.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == "__all__" and node.value:
            return ast.literal_eval(node.value)
    return []


def definition(module: str, name: str) -> ast.AST | None:
    """The class or function of this name, in the module or where the module imports it from."""
    for node in tree(module).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == name:
            return node
        if isinstance(node, ast.ImportFrom) and node.level and node.module:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return definition(node.module, alias.name)
    return None


def members(node: ast.AST | None) -> list[str]:
    found = []
    for member in node.body if isinstance(node, ast.ClassDef) else []:
        if isinstance(member, ast.FunctionDef):
            found.append(member.name)
        elif isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name):
            found.append(member.target.id)
    return [name for name in found if not name.startswith("_")]


modules = sorted({file.stem for file in PACKAGE.iterdir() if file.suffix in {".py", ".pyi"}})
public = [name for name in modules if not name.startswith("_") and name != "cli"]
found = set()
for module in ["__init__", *public]:
    for name in listed(tree(module)) or listed(ast.parse((PACKAGE / f"{module}.py").read_text())):
        if module == "__init__" and name in public:
            continue
        prefix = "" if module == "__init__" else f"{module}."
        # Those that the package itself exports have their row under that name.
        if module == "errors":
            prefix = ""
        found.add(prefix + name)
        found.update(f"{prefix}{name}.{member}" for member in members(definition(module, name)))
print(json.dumps(sorted(found)))
