"""`initialize` wipes the old keys at once: they are not in the memory of the process that goes on."""

import re
import subprocess
import sys

OLD, NEW = "the old token of the residue test", "the new token of the residue test"

#: Makes each token from its reverse, and overwrites its own texts.
SCRIPT = """
import ctypes, hashlib, sys
from sandgate import Controller

def wipe(text):
    ctypes.memset(id(text) + bytes.__basicsize__ - 1, 0, len(text))

def tell(stage):
    print(stage, flush=True)
    sys.stdin.readline()

def hold(reversed_token):
    token = reversed_token[::-1]
    controller = Controller(token)
    wipe(token)
    return controller

def replace(controller, reversed_token):
    token = reversed_token[::-1]
    # Joined in one step, so that no other copy is made.
    body = b"".join((b'{"accessToken":"', token, b'"}'))
    expected = hashlib.sha512(token).hexdigest()
    assert controller.initialize(body, expected) == "replaced"
    wipe(token)
    wipe(body)

tell("imported")
controller = hold(sys.argv[1].encode())
tell("held")
replace(controller, sys.argv[2].encode())
tell("replaced")
del controller
tell("dropped")
"""


def memory(pid):
    """All that the process can write to."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as mem:
        for line in maps:
            area = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if area and "[v" not in line:
                start, end = (int(edge, 16) for edge in area.groups())
                mem.seek(start)
                yield mem.read(end - start)


def test_only_the_current_token_is_in_memory():
    command = [sys.executable, "-c", SCRIPT, OLD[::-1], NEW[::-1]]
    found = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        for stage in "imported", "held", "replaced", "dropped":
            assert program.stdout.readline().strip() == stage
            areas = list(memory(program.pid))
            assert any(OLD[::-1].encode() in area for area in areas), "the memory is not that of the process"
            found[stage] = [any(token.encode() in area for area in areas) for token in (OLD, NEW)]
            program.stdin.write("\n")
            program.stdin.flush()
    expected = {"imported": (False, False), "held": (True, False), "replaced": (False, True), "dropped": (False, False)}
    assert {stage: tuple(seen) for stage, seen in found.items()} == expected
