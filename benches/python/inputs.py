"""The inputs of the benches of every language: one usual file URL, one sandbox, one seed."""

PATH = "/home/user/projects/report-2026/summary.md"
#: The same length, with bytes that an SDK escapes.
ESCAPED_PATH = "/home/user/projects/q, (final)/summary.txt"
TOKEN = "559fbd076af099f858db66bce0b018fdb723be6c02d8006dfd8956c682146b25"
SEED, ID = b"a seed of at least 32 bytes, kept secret", "i94gcaqbpvohfr764s5l"
END, NOW = 1_800_000_060, 1_800_000_000
BASE = "https://49983-i94gcaqbpvohfr764s5l.e2b.app"
