"""A refusal has the class that its importer sees, however often and under whatever name the package is imported."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sandgate

PACKAGE = Path(sandgate.__file__).parent

BEGIN = """
import importlib, pickle, sys

def import_again():
    for name in [name for name in sys.modules if name.partition(".")[0] == "sandgate"]:
        del sys.modules[name]
    return importlib.import_module("sandgate")

def refused(package):
    '''One refusal of each kind that the extension makes.'''
    key = package.v1.FileUrlKey("token")
    for call in [
        lambda: key.verify("v1_x", "/a"),
        lambda: key.verify_query("path=%zz"),
        lambda: key.verify(key.sign("/a", expires=1), "/a", expires=1),
        lambda: package.Controller("token").check("GET", "/metrics"),
        lambda: package.creation.decide(),
    ]:
        try:
            call()
        except Exception as error:
            yield error

KINDS = ["InvalidError", "MalformedError", "ExpiredError", "MissingError", "CreationRefusedError"]

def agree(raising, *seen_by):
    errors = list(refused(raising))
    assert len(errors) == len(KINDS)
    for package in seen_by:
        for error, kind in zip(errors, KINDS):
            assert type(error) is getattr(package.errors, kind) is getattr(package, kind), error
            assert isinstance(error, package.SandgateError)
            assert type(pickle.loads(pickle.dumps(error))) is type(error)
        assert type(raising.v1.FileUrlKey("token").signed("/a")) is package.v1.Signed is package.v2.Signed
    return errors
"""


def run(script, *options, **keywords):
    command = [sys.executable, *options, "-c", BEGIN + script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, **keywords)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


@pytest.fixture
def vendored(tmp_path):
    """A directory with a copy of the package as `vendored.sandgate`."""
    (tmp_path / "vendored").mkdir()
    (tmp_path / "vendored" / "sandgate").mkdir()
    shutil.copytree(PACKAGE, tmp_path / "vendored" / "sandgate", dirs_exist_ok=True)
    return tmp_path


def test_imported_again_it_has_the_same_classes():
    run("""
import sandgate as old
agree(old, old)
new = import_again()
assert new is not old and new.errors is not old.errors
agree(old, old, new)
agree(new, old, new)
newest = import_again()
agree(old, old, new, newest)
agree(newest, old, new, newest)
""")


def test_imported_again_before_anything_is_refused():
    run("""
import sandgate as old
new = import_again()
agree(old, old, new)
agree(new, old, new)
""")


def test_reloaded_it_has_the_same_classes():
    run("""
import sandgate
before = sandgate.errors.DeniedError
importlib.reload(sandgate.errors)
assert sandgate.errors.DeniedError is before
agree(sandgate, sandgate)
""")


def test_a_refusal_imports_nothing():
    run("""
import sandgate
agree(sandgate, sandgate)
for name in [name for name in sys.modules if name.partition(".")[0] == "sandgate"]:
    del sys.modules[name]
sys.modules["sandgate"] = None  # An import would fail.
assert [type(error).__name__ for error in refused(sandgate)] == KINDS
""")


@pytest.mark.parametrize("first", ["sandgate", "vendored.sandgate"])
def test_a_copy_under_another_name_has_its_own_classes(vendored, first):
    run(
        f"""
first = importlib.import_module({first!r})
import sandgate, vendored.sandgate as copy
assert copy.DeniedError is not sandgate.DeniedError
assert copy.DeniedError.__module__ == "vendored.sandgate.errors"
mine, its = agree(sandgate, sandgate), agree(copy, copy)
assert not any(isinstance(error, copy.SandgateError) for error in mine)
assert not any(isinstance(error, sandgate.SandgateError) for error in its)
new = import_again()
agree(new, sandgate, new)
agree(copy, copy)
""",
        cwd=vendored,
    )


def test_a_copy_needs_no_other(vendored):
    run(
        """
sys.modules["sandgate"] = None  # An import would fail.
import vendored.sandgate as copy, vendored.sandgate.asgi, vendored.sandgate.wsgi, vendored.sandgate.cli
agree(copy, copy)
""",
        cwd=vendored,
    )
    command = [sys.executable, "-m", "vendored.sandgate", "token", "abc", "--v1"]
    environment = {"SANDGATE_SEED": "a seed of at least 16 bytes"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=vendored, env=environment)
    token = sandgate.v1.Keyring("a seed of at least 16 bytes").access_token("abc")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{token}\n", "")


def test_a_link_under_another_name_has_the_same_classes(vendored):
    """It is the same file, which a process loads once: every importer catches the exceptions."""
    (vendored / "linked").symlink_to(PACKAGE)
    run("import sandgate, linked\nagree(sandgate, sandgate, linked)\nagree(linked, sandgate, linked)", cwd=vendored)
