"""Checks whether keys stay in the memory of a process that has made and dropped them.

    python3 scan.py PROGRAM [ARGUMENT…]

PROGRAM makes each kind of key from the seeds below, writes `live` while they exist and `dropped` when they are gone, and waits for a
line on its standard input after each. Meanwhile its heap and stack, all that it can write to, is searched: for the root of a v2 seed, which
no live keyring needs, and, after they are dropped, for every key and every state that stands for one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
import subprocess
import sys

V1_SEED = b"the v1 seed of the residue check"
V2_SEED = b"the v2 seed of the residue check, with more than 32 bytes"
ID = b"i94gcaqbpvohfr764s5l"
MASK = 0xFFFFFFFF


def primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


def root(number: int, power: int) -> int:
    """The first 32 bits of the fraction of a square or a cube root."""
    scaled = number << (32 * power)
    low, high = 0, 1 << 48
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**power <= scaled else (low, middle - 1)
    return low & MASK


INITIAL = [root(prime, 2) for prime in primes(8)]
ROUNDS = [root(prime, 3) for prime in primes(64)]


def turn(word: int, by: int) -> int:
    return (word >> by | word << (32 - by)) & MASK


def compress(block: bytes) -> list[int]:
    """The state of SHA-256 after one block (FIPS 180-4), which hashlib does not show."""
    words = list(struct.unpack(">16I", block))
    for at in range(16, 64):
        s0 = turn(words[at - 15], 7) ^ turn(words[at - 15], 18) ^ words[at - 15] >> 3
        s1 = turn(words[at - 2], 17) ^ turn(words[at - 2], 19) ^ words[at - 2] >> 10
        words.append((words[at - 16] + s0 + words[at - 7] + s1) & MASK)
    a, b, c, d, e, f, g, h = INITIAL
    for constant, word in zip(ROUNDS, words):
        t1 = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + constant + word
        t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = (t1 + t2) & MASK, a, b, c, (d + t1) & MASK, e, f, g
    return [(one + other) & MASK for one, other in zip(INITIAL, (a, b, c, d, e, f, g, h))]


def mac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def expand(key: bytes, info: bytes) -> bytes:
    return mac(key, info + b"\x01")


def forms(name: str, key: bytes) -> dict[str, bytes]:
    """The forms of a key in memory: its bytes, its words, its padded blocks, and its two HMAC states."""
    found = {f"{name}, padded with {pad:#x}": bytes(byte ^ pad for byte in key[:32]) for pad in (0x36, 0x5C)}
    if len(key) == 32:
        found[f"{name}, bytes"] = key
        found[f"{name}, words"] = struct.pack("<8I", *struct.unpack(">8I", key))
    block = hashlib.sha256(key).digest() if len(key) > 64 else key
    for side, pad in (("inner", 0x36), ("outer", 0x5C)):
        state = compress(bytes(byte ^ pad for byte in block.ljust(64, b"\0")))
        found[f"{name}, {side} state"] = struct.pack("<8I", *state)
    return found


def needles() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Values that no live key needs, and values that must be gone after all keys were dropped."""
    v2_root = mac(b"sandgate/2", V2_SEED)
    never = forms("v2 root", v2_root)
    # The seed itself belongs to the program, and is in its text.
    gone = {name: form for name, form in forms("v1 seed", V1_SEED).items() if "state" in name or "padded" in name}
    of_id = len(ID).to_bytes(2, "big") + ID + bytes(4)
    for purpose, children in (("access", ["file-url"]), ("traffic", ["traffic-pass", "signed-host"])):
        purpose_root = expand(v2_root, purpose.encode())
        key = expand(purpose_root, of_id)
        gone |= forms(f"v2 {purpose} root", purpose_root)
        # A sandbox's token contains its key in base64; this searches for the raw bytes.
        gone |= forms(f"v2 {purpose} key", key)
        for child in children:
            gone |= forms(f"v2 {child} key", expand(key, child.encode()))
    return never, never | gone


def writable(pid: int) -> bytes:
    memory = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as mem:
        for line in maps:
            area = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if area is None or "[v" in line:
                continue
            start, end = (int(edge, 16) for edge in area.groups())
            while start < end:
                mem.seek(start)
                try:
                    piece = mem.read(min(end - start, 1 << 24))
                except OSError:
                    break
                memory.append(piece)
                start += len(piece)
    return b"".join(memory)


def check(pid: int, wanted: dict[str, bytes]) -> list[str]:
    memory = writable(pid)
    assert INITIAL[0] == 0x6A09E667 and b"canary of the residue check" in memory, "the memory is not that of the process"
    return [name for name, needle in wanted.items() if needle in memory]


def main(command: list[str]) -> int:
    assert compress(b"abc\x80" + bytes(59) + b"\x18") == list(struct.unpack(">8I", hashlib.sha256(b"abc").digest()))
    never, gone = needles()
    found: dict[str, list[str]] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None and program.stdout is not None
        for stage, wanted in (("live", never), ("dropped", gone)):
            said = program.stdout.readline().strip()
            if said != stage:
                raise SystemExit(f"the program said {said!r} and not {stage!r}")
            found[stage] = check(program.pid, wanted)
            if stage == "live" and not check(program.pid, gone):
                raise SystemExit("no key was found while they were live: nothing would be found afterwards either")
            program.stdin.write("\n")
            program.stdin.flush()
    for stage, names in found.items():
        for name in names:
            print(f"{stage}: {name}")
    print(f"{len(gone)} forms of keys looked for, {sum(map(len, found.values()))} found: {' '.join(command[-1:])}")
    return 1 if any(found.values()) or program.returncode else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
