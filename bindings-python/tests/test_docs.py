"""The examples of the docstrings and the example scripts work as shown."""

import ast
import doctest
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest
import sandgate
import sandgate.e2b
from sandgate import _sandgate

PACKAGE = Path(__file__).parents[1]
GLOBALS = {"sandgate": sandgate}


def members(owner):
    public = getattr(owner, "__all__", None) or [name for name in vars(owner) if not name.startswith("_")]
    for name in public:
        value = vars(owner)[name]
        if callable(value) or inspect.isclass(value) or inspect.ismodule(value) or inspect.isdatadescriptor(value):
            yield f"{owner.__name__}.{name}", value
            if inspect.isclass(value) or inspect.ismodule(value):
                yield from members(value)


def documented():
    """Returns the docstrings of the extension, which doctest does not find, and of the Python modules."""
    found = dict(members(_sandgate))
    for name in "creation", "e2b", "errors", "forward", "wake", "webhook":
        module = importlib.import_module(f"sandgate.{name}")
        found |= {f"sandgate.{name}": module, **dict(members(module))}
    return {name: inspect.getdoc(value) for name, value in found.items()}


EXAMPLES = {name: text for name, text in documented().items() if text and ">>>" in text}


@pytest.mark.parametrize("name", EXAMPLES)
def test_docstring_examples_print_as_shown(name):
    scope = {**GLOBALS, **vars(sandgate.creation)}
    test = doctest.DocTestParser().get_doctest(EXAMPLES[name], scope, name, None, 0)
    said = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=said.append)
    assert test.examples and not said, "".join(said)


def test_every_class_of_the_extension_has_an_example():
    without = {"Allowed", "Explanation", "Grant", "Passed", "SandboxState", "Verification"}  # They are answers, or in another's.
    classes = {name for name, value in members(_sandgate) if inspect.isclass(value)}
    assert {name.rpartition(".")[2] for name in classes - EXAMPLES.keys()} == without


def test_every_public_member_of_the_extension_is_documented():
    bare = [name for name, value in members(_sandgate) if not inspect.getdoc(value)]
    internal = {"refusal_status", "refusal_message", "refusal_body"}
    assert {name.rpartition(".")[2] for name in bare} == internal


SCRIPTS = sorted((PACKAGE / "examples").glob("*.py"))


def example(script):
    """Marks the servers among the examples: they need web frameworks."""
    marks = [pytest.mark.peers] if script.name.startswith(("guard_", "webhook_")) else []
    return pytest.param(script, id=script.name, marks=marks)


@pytest.mark.parametrize("script", [example(script) for script in SCRIPTS])
def test_example_script_prints_as_shown(script):
    """The script prints what its docstring shows."""
    run = subprocess.run([sys.executable, script], stdout=subprocess.PIPE, text=True, timeout=120, check=True)
    shown = ast.get_docstring(ast.parse(script.read_text())).partition("It prints:\n\n")[2]
    assert shown and run.stdout.strip() == inspect.cleandoc(shown).strip()


def test_there_are_examples():
    assert len(SCRIPTS) >= 2
