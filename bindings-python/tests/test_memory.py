"""A million calls leak no memory."""

import subprocess
import sys
from pathlib import Path

import pytest
from calls import CONTROLLER, V1_KEY, V2_KEY
from leaks import HOT, REST, refused


def grown(name, calls):
    leaks = Path(__file__).parent / "leaks.py"
    command = [sys.executable, leaks, name, str(calls)]
    return int(subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout)


@pytest.mark.slow
@pytest.mark.parametrize("name", HOT)
def test_a_million_calls_do_not_leak(name):
    # The smallest object has 16 bytes: leaked each time, they would be 16 MB.
    assert grown(name, 1_000_000) < 1_000_000


@pytest.mark.slow
@pytest.mark.parametrize("name", REST)
def test_a_hundred_thousand_calls_do_not_leak(name):
    assert grown(name, 100_000) < 1_000_000


def test_the_measure_detects_a_leak():
    # 16 bytes each, less what the process had free: more than the tests above allow.
    assert grown("a leak", 100_000) > 1_000_000


def test_reference_counts_do_not_change():
    """Reference counts of the arguments, whether the call succeeds or fails."""
    arguments = ["/path/of/its/own", b"/path/of/its/own", 10**6, object()]

    def call_with(argument):
        for _ in range(100):
            refused(lambda: V1_KEY.sign(argument, "read", argument, argument))()
            refused(lambda: V2_KEY.sign(argument, "read", argument, argument))()
            refused(lambda: CONTROLLER.check(argument, argument, access_token=[argument], now=argument))()

    def references():
        return [sys.getrefcount(argument) for argument in arguments]

    before = references()
    for place in range(len(arguments)):
        call_with(arguments[place])
    assert references() == before
