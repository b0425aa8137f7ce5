"""`pytest --bare` runs the tests that need only the package, pytest and hypothesis, and skips slow ones."""

from fnmatch import fnmatch

from hypothesis import settings

# The machine may be busy, and nothing may be written to the directory of the tests.
settings.register_profile("here", deadline=None, database=None)
settings.load_profile("here")

#: They need the SDKs, fake clocks or web frameworks.
NEED_PEERS = ["test_fake_clocks.py", "test_sdk.py", "test_pages.py", "test_*_servers.py", "test_readme_endpoints.py"]


def pytest_addoption(parser):
    parser.addoption("--bare", action="store_true", help="without the SDKs, web frameworks, and slow tests")


def pytest_ignore_collect(collection_path, config):
    if config.getoption("--bare") and any(fnmatch(collection_path.name, name) for name in NEED_PEERS):
        return True
    return None


def pytest_collection_modifyitems(config, items):
    if config.getoption("--bare"):
        left_out = [item for item in items if item.get_closest_marker("slow") or item.get_closest_marker("peers")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
