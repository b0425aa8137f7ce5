"""Copies the vectors with wrong answers, for a lane that expects every door's tests to notice.

    python3 poison.py VECTORS OUT middle|last|both|unknown

`middle` and `last` change the expected answer of that case of each array, `both` those of two cases, and print the changed cases, one per
line. `unknown` adds an array that nobody tests to each file, and prints these arrays.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Case = Any
REFUSAL = {"status": 401, "gate": "route", "code": "invalid", "message": "unauthorized"}


def set_to(**fields: Any) -> Callable[[Case], Case]:
    return lambda case: {**case, **fields}


def another(name: str) -> Callable[[Case], Case]:
    """Changes the first letter of a text after its prefix."""

    def change(case: Case) -> Case:
        text = case[name]
        at = max(text.rfind("."), text.rfind("_"), -1) + 1
        return {**case, name: text[:at] + ("b" if text[at] == "a" else "a") + text[at + 1 :]}

    return change


def toggle(name: str, one: Any, other: Any) -> Callable[[Case], Case]:
    return lambda case: {**case, name: other if case[name] == one else one}


def guard(case: Case) -> Case:
    """The opposite decision."""
    is_edge, refused = case["gate"] == "edge", "status" in case["expect"]
    allowed = {"passed": "public", "carrier": None, "route": "1-a"} if is_edge else {"allowed": "open", "grant": None}
    return {**case, "expect": allowed if refused else REFUSAL}


def wake(case: Case) -> Case:
    return {**case, "expect": {**REFUSAL, "gate": "wake", "status": 403} if "wakes" in case["expect"] else {"wakes": True}}


def guard_text(case: Case) -> Case:
    """The same decision, for another reason."""
    expect = dict(case["expect"])
    name = next(name for name in ("message", "passed", "allowed", "preflight") if name in expect)
    expect[name] = not expect[name] if name == "preflight" else f"{expect[name]}x"
    return {**case, "expect": expect}


def steps(name: str, change: Callable[[Any], Any]) -> Callable[[Case], Case]:
    def changed(case: Case) -> Case:
        *before, last = case["steps"]
        return {**case, "steps": [*before, {**last, name: change(last[name])}]}

    return changed


def verified(case: Case) -> Case:
    return {**case, "expect": REFUSAL if "verified" in case["expect"] else {"verified": True}}


def created(case: Case) -> Case:
    return {**case, "refused": "template_too_old" if case["refused"] is None else None}


def refused_carrier(case: Case) -> Case:
    assert case["result"] != "ok" and case["carrier"] is not None, case
    return {**case, "carrier": "query" if case["carrier"] == "host" else "host"}


#: By array: how the case in the middle is changed, and the last one.
CHANGES: dict[str, dict[str, tuple[Callable[[Case], Case], Callable[[Case], Case]]]] = {
    "e2b-v1.json": {
        "derive": (another("access_token"), another("traffic_token")),
        "sign": (another("signature"), another("signature")),
        "verify": (toggle("result", "ok", "invalid"), toggle("result", "ok", "expired")),
        "controller": (toggle("allowed", True, False), toggle("allowed", True, False)),
        "file_endpoint": (toggle("result", "ok", "invalid signature"), toggle("result", "ok", "signature is expired")),
        "urls": (toggle("result", "ok", "invalid"), toggle("result", "ok", "expired")),
        "hosts": (toggle("error", None, "a host that is refused"), set_to(port=81)),
        "invalid_sandbox_ids": (lambda _: "abc", lambda _: "a" * 63),
        "weak_seeds": (lambda _: "exactly 16 bytes", lambda _: "a seed that is long enough"),
    },
    "v2.json": {
        "derive": (another("access_token"), another("traffic_root")),
        "file_urls": (toggle("result", "ok", "invalid"), toggle("result", "ok", "expired")),
        "edge": (refused_carrier, toggle("result", "ok", "invalid")),
        "directories": (toggle("valid", True, False), toggle("valid", True, False)),
        "labels": (another("label"), another("pass")),
    },
    "guard.json": {"rows": (guard, guard_text)},
    "life.json": {
        "initialize": (steps("expect", lambda expect: REFUSAL if "outcome" in expect else {"outcome": "kept"}),
                       steps("then", lambda then: "open" if then == "waiting" else "waiting")),
        "wake": (wake, wake),
        "shorten": (toggle("short", None, "abc"), toggle("short", None, "abc")),
        "creation": (created, created),
        "webhook": (verified, verified),
        "webhook_sign": (another("signature"), another("signature")),
    },
}


def middle(cases: list[Case], change: Callable[[Case], Case]) -> int:
    """The number of the first case from the middle on that this change is for."""
    for number in range(len(cases) // 2, len(cases)):
        if change is not refused_carrier or cases[number]["result"] != "ok" and cases[number]["carrier"] is not None:
            return number
    raise SystemExit("no case in the second half can be changed")


def poison(name: str, vectors: dict[str, Any], kind: str) -> list[str]:
    """Changes the vectors of one file, and returns what it changed."""
    if kind == "unknown":
        vectors["planted"] = [{"planted": 1}]
        return [f"{name}/planted"]
    arrays = {array for array, cases in vectors.items() if isinstance(cases, list)}
    if arrays != CHANGES[name].keys():
        raise SystemExit(f"{name}: say how to change a case of {sorted(arrays ^ CHANGES[name].keys())}")
    changed = []
    for array, changes in CHANGES[name].items():
        cases = vectors[array]
        wanted = {"middle": middle(cases, changes[0]), "last": len(cases) - 1}
        for place, change in zip(wanted, changes):
            if kind not in (place, "both"):
                continue
            number = wanted[place]
            new = change(cases[number])
            if new == cases[number]:
                raise SystemExit(f"{name}/{array}/{number} was not changed")
            cases[number] = new
            changed.append(f"{name}/{array}/{number}")
    return changed


def main(vectors: Path, out: Path, kind: str) -> None:
    files = sorted(file.name for file in vectors.glob("*.json"))
    if files != sorted(CHANGES):
        raise SystemExit(f"say how to change {sorted(set(files) ^ CHANGES.keys())}")
    out.mkdir(parents=True, exist_ok=True)
    for name in files:
        content = json.loads((vectors / name).read_text(encoding="utf-8"))
        print("\n".join(poison(name, content, kind)))
        # With a line per value, as the tests in JavaScript expect of large numbers.
        (out / name).write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[3] not in ("middle", "last", "both", "unknown"):
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
