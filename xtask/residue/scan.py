"""Checks whether keys stay in the memory of a process that has made and dropped them.

    python3 scan.py PROGRAM [ARGUMENT…]

PROGRAM makes and uses each kind of key from the secrets below, writes `live` while they exist, then `wiped` when it disposed of them (if
it can) and `dropped` when they are gone, and waits for a line on its standard input after each. Meanwhile all memory that it can write to
is searched for runs of 8 bytes: of the root of a v2 seed, which no live keyring needs, and, after `live`, of every seed, token, key and
hash state. It then runs again with the argument `leak`: Rust skips the drop of a token that is on the stack, C does not wipe a key, and
Python and Node keep 8 bytes of one. That must be found.

A program in a language whose interpreter keeps texts writes `live, and the interpreter keeps` and the kinds of text, such as `token`.
Those are reported, and are no error.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

#: Not texts, so that neither a program nor an interpreter has them by itself.
V1_SEED = bytes((at * at * 7 + at * 31 + 11) % 256 for at in range(32))
V2_SEED = bytes((at * at * 13 + at * 57 + 101) % 256 for at in range(60))
#: Shorter and longer than a block: a verifier holds its bytes, or a state and the bytes after it.
WEBHOOK_SECRET = bytes((at * at * 17 + at * 43 + 5) % 256 for at in range(40))
LONG_WEBHOOK_SECRET = bytes((at * at * 19 + at * 37 + 3) % 256 for at in range(90))
ID = b"i94gcaqbpvohfr764s5l"
CANARY = b"canary of the residue check"
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


def states(name: str, key: bytes) -> dict[str, bytes]:
    """The two states of HMAC that stand for a key, as words of this machine and as bytes."""
    found = {}
    block = hashlib.sha256(key).digest() if len(key) > 64 else key
    for side, pad in (("inner", 0x36), ("outer", 0x5C)):
        state = compress(bytes(byte ^ pad for byte in block.ljust(64, b"\0")))
        found[f"{name}, {side} state, words"] = struct.pack("<8I", *state)
        found[f"{name}, {side} state, bytes"] = struct.pack(">8I", *state)
    return found


def swapped(content: bytes) -> bytes:
    """As words of this machine."""
    words = len(content) // 4
    return struct.pack(f"<{words}I", *struct.unpack_from(f">{words}I", content))


def forms(name: str, key: bytes) -> dict[str, bytes]:
    """The forms of a key in memory: its bytes, its words, its padded blocks, and its two HMAC states."""
    found = {f"{name}, padded with {pad:#x}": bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C)}
    found |= {f"{name}, {form}, words": swapped(content) for form, content in list(found.items())}
    return found | {f"{name}, bytes": key, f"{name}, words": swapped(key)} | states(name, key)


def text(name: str, content: str) -> dict[str, bytes]:
    """A token as text, and as the words in which SHA-256 reads it."""
    found = {f"{name}, text": content.encode()}
    # At each place of a word.
    return found | {f"{name}, words from {at}": swapped(content.encode()[at:]) for at in range(4)}


def base64url(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def decoded(name: str, key: bytes, bits: int) -> dict[str, bytes]:
    """What decoding a token computes on the way: the value of each character, eight of them in a word, and the key as long words."""
    number, characters = int.from_bytes(key, "big"), -(-len(key) * 8 // bits)
    number <<= characters * bits - len(key) * 8
    values = bytes(number >> bits * at & 2**bits - 1 for at in reversed(range(characters)))
    eights = b"".join(
        sum(value << bits * (7 - at) for at, value in enumerate(values[first : first + 8])).to_bytes(8, "little")
        for first in range(0, len(values) - 7, 8)
    )
    longs = struct.pack("<4Q", *struct.unpack(">4Q", key))
    return {f"{name}, values of characters": values, f"{name}, eight values": eights, f"{name}, long words": longs}


def needles() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Values that no live key needs, and values that must be gone after all keys were dropped."""
    v2_root = mac(b"sandgate/2", V2_SEED)
    never = forms("v2 root", v2_root)
    gone = forms("v1 seed", V1_SEED)
    # The message of an HMAC, and never a key.
    gone |= {"v2 seed, bytes": V2_SEED, "v2 seed, words": swapped(V2_SEED)}
    for purpose, message in (("access", ID), ("traffic", b"sandbox-traffic-" + ID)):
        token = mac(V1_SEED, message)
        gone |= {f"v1 {purpose} token, bytes": token, f"v1 {purpose} token, words": swapped(token)}
        gone |= text(f"v1 {purpose} token", token.hex()) | decoded(f"v1 {purpose} token", token, 4)
    of_id = len(ID).to_bytes(2, "big") + ID + bytes(4)
    for purpose, children in (("access", ["file-url"]), ("traffic", ["traffic-pass", "signed-host"])):
        purpose_root = expand(v2_root, purpose.encode())
        key = expand(purpose_root, of_id)
        gone |= forms(f"v2 {purpose} root", purpose_root)
        gone |= forms(f"v2 {purpose} key", key)
        # Without its public prefix.
        gone |= text(f"v2 {purpose} token", base64url(key)) | decoded(f"v2 {purpose} token", key, 6)
        for child in children:
            gone |= forms(f"v2 {child} key", expand(key, child.encode()))
    gone |= text("v2 traffic root token", base64url(expand(v2_root, b"traffic")))
    for name, secret in (("webhook secret", WEBHOOK_SECRET), ("long webhook secret", LONG_WEBHOOK_SECRET)):
        gone |= {f"{name}, bytes": secret, f"{name}, words": swapped(secret)}
    state = compress(LONG_WEBHOOK_SECRET[:64])
    gone |= {"long webhook secret, state, words": struct.pack("<8I", *state), "long webhook secret, state, bytes": struct.pack(">8I", *state)}
    return never, never | gone


class Search:
    """The program that searches, compiled once."""

    def __init__(self, folder: str) -> None:
        self.program = Path(folder) / "search"
        source = Path(__file__).with_name("search.c")
        subprocess.run(["cc", "-O2", "-o", self.program, source], check=True)

    def __call__(self, pid: int, wanted: dict[str, bytes]) -> list[str]:
        """The names of what is there in part."""
        names = ["the canary", *wanted]
        lines = "\n".join(content.hex() for content in (CANARY, *wanted.values()))
        done = subprocess.run([self.program, str(pid)], input=lines, capture_output=True, text=True, check=True)
        found = [names[int(number)] for number in done.stdout.split()]
        if "the canary" not in found:
            raise SystemExit("the memory is not that of the process")
        return found[1:]


def is_kept(name: str, kinds: str) -> bool:
    """Whether this is a text that the interpreter keeps."""
    return "token, text" in name and "tokens" in kinds


def scan(search: Search, command: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """What was found in each stage, and what the interpreter keeps."""
    never, gone = needles()
    found: dict[str, list[str]] = {}
    kept: set[str] = set()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None and program.stdout is not None
        stage, _, kinds = program.stdout.readline().strip().partition(", and the interpreter keeps ")
        if stage != "live" or not search(program.pid, gone):
            raise SystemExit(f"{stage!r}: no key was found while they were live, so that nothing would be found afterwards either")
        found[stage] = search(program.pid, never)
        while stage != "dropped":
            print(file=program.stdin, flush=True)
            stage = program.stdout.readline().strip()
            if stage not in ("wiped", "dropped"):
                raise SystemExit(f"the program said {stage!r}")
            names = search(program.pid, gone)
            kept |= {name for name in names if is_kept(name, kinds)}
            found[stage] = [name for name in names if not is_kept(name, kinds)]
        print(file=program.stdin, flush=True)
    if program.returncode:
        raise SystemExit(f"the program ended with {program.returncode}")
    return found, sorted(kept)


def main(command: list[str]) -> int:
    assert compress(b"abc\x80" + bytes(59) + b"\x18") == list(struct.unpack(">8I", hashlib.sha256(b"abc").digest()))
    with tempfile.TemporaryDirectory() as folder:
        search = Search(folder)
        found, kept = scan(search, command)
        leaked, _ = scan(search, [*command, "leak"])
    for stage, names in found.items():
        for name in names:
            print(f"{stage}: {name}")
    for name in kept:
        print(f"kept by the interpreter: {name}")
    count = sum(map(len, found.values()))
    print(f"{len(needles()[1])} forms of keys looked for, {count} found: {' '.join(command[-1:])}")
    if not leaked["dropped"]:
        print("what the program leaks on purpose was not found")
    return 1 if count or not leaked["dropped"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
