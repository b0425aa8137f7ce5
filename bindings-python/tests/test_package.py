"""The installed package."""

import importlib
import importlib.metadata
import inspect
import sys
from pathlib import Path

import pytest
import sandgate

FILES = {str(file) for file in importlib.metadata.files("sandgate") or []}


def test_the_installed_package_is_tested_and_not_the_sources():
    assert Path(sandgate.__file__).is_relative_to(sys.prefix)


def test_one_wheel_is_for_all_versions():
    wheel = importlib.metadata.distribution("sandgate").read_text("WHEEL") or ""
    tags = [line.partition(": ")[2] for line in wheel.splitlines() if line.startswith("Tag: ")]
    assert tags and all(tag.startswith("cp310-abi3-") for tag in tags)


def test_free_threaded_builds_do_not_take_that_wheel():
    """The module declares that it needs no GIL, but this build of it cannot be loaded there."""
    tags = pytest.importorskip("packaging.tags")
    assert "abi3" in {tag.abi for tag in tags.cpython_tags((3, 13), ["cp313"], ["any"])}
    assert "abi3" not in {tag.abi for tag in tags.cpython_tags((3, 13), ["cp313t"], ["any"])}


def test_the_licences_and_the_types_are_inside():
    names = {Path(file).name for file in FILES}
    assert {"LICENSE-APACHE", "LICENSE-MIT", "py.typed", "_sandgate.pyi", "v1.pyi", "v2.pyi", "wake.pyi", "webhook.pyi"} <= names


def test_nothing_else_is_installed():
    outside = {file for file in FILES if not file.startswith(("sandgate/", "sandgate-"))}
    assert outside <= {"../../../bin/sandgate"}


def test_it_needs_no_other_package():
    assert not importlib.metadata.requires("sandgate")


def test_the_metadata_has_the_readme():
    metadata = importlib.metadata.metadata("sandgate")
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["License-Expression"] == "Apache-2.0 OR MIT"
    assert metadata.get_payload().startswith("# sandgate")


@pytest.mark.parametrize(
    "name", ["", ".asgi", ".cli", ".creation", ".e2b", ".errors", ".forward", ".v1", ".v2", ".wake", ".webhook", ".wsgi"]
)
def test_every_name_in_all_exists_and_is_documented(name):
    module = importlib.import_module(f"sandgate{name}")
    assert module.__doc__
    for public in getattr(module, "__all__", []):
        there = getattr(module, public)
        assert there.__doc__ or not (inspect.isroutine(there) or inspect.isclass(there))


def test_all_names_of_the_package_exist():
    assert all(hasattr(sandgate, name) for name in sandgate.__all__)
    assert callable(sandgate.e2b.get_signature)
