"""Only one interpreter of a process can have the module: the first one that imports it. The others get an
ImportError."""

import subprocess
import sys

import pytest

SCRIPT = """
import sys
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

HERE = '''
try:
    import sandgate
    print(sandgate.fingerprint("abc"), flush=True)
except ImportError as error:
    print("ImportError", error, flush=True)
'''

def main():
    exec(HERE, {})

def other(own_gil):
    if sys.version_info >= (3, 13):
        made = interpreters.create("isolated" if own_gil else "legacy")
    else:
        made = interpreters.create(isolated=own_gil)
    interpreters.run_string(made, HERE)

"""


def run(calls):
    made = subprocess.run([sys.executable, "-c", SCRIPT + calls], capture_output=True, text=True, timeout=120, check=True)
    return made.stdout.splitlines()


def refused(line):
    return line.startswith("ImportError") and "subinterpreters" in line


@pytest.mark.parametrize("own_gil", [False, True])
def test_a_second_interpreter_is_refused(own_gil):
    before, beside, after = run(f"main(); other({own_gil}); main()")
    assert (before, after) == ("ba7816bf", "ba7816bf") and refused(beside)


def test_the_first_interpreter_can_import():
    first, main, second = run("other(False); main(); other(False)")
    assert first == "ba7816bf" and refused(main) and refused(second)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the interpreters of a process share one GIL")
def test_an_interpreter_with_its_own_gil_cannot_import():
    alone, main = run("other(True); main()")
    assert refused(alone) and main == "ba7816bf"
