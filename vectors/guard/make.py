"""Writes ../guard.json: requests as received, and the answer of every guard. `python3 vectors/guard/make.py`, with
`--check` only to compare.

Each row says what is expected in its own words; the slow rule of rule.py must agree, or nothing is written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import controller_rows
import edge_rows
import rule
from credentials import ID, KID, NOW, V1_SEED, V2_SEED, v1_access_token, v2_access_token


def refused_or(answer: object) -> dict[str, object]:
    try:
        return answer()  # type: ignore[operator]
    except rule.Refused as refused:
        return refused.answer


def answer_at(now: int, answer: object, target: str) -> object:
    rule.NOW = now
    try:
        return answer(target)  # type: ignore[operator]
    finally:
        rule.NOW = NOW


def in_words(expect: dict[str, object]) -> str:
    """An answer in the form of the rows."""
    if "status" in expect:
        return " ".join(str(part) for part in (expect["status"], expect["gate"], expect["code"]) if part is not None)
    if "preflight" in expect:
        return "preflight"
    if "passed" in expect:
        return " ".join(str(part) for part in (expect["passed"], expect["carrier"]) if part is not None)
    grant = expect["grant"]
    if grant is None:
        return str(expect["allowed"])
    assert isinstance(grant, dict)
    until = f" until {grant['expires']}" if grant["expires"] is not None else ""
    user = f" {grant['user']}" if grant["user"] is not None else ""
    return f"{expect['allowed']} {grant['operation']} {grant['path']}{user}{until}"


def row(gate: str, note: str, method: str, target: str, headers: list[list[str]], words: str, rest: dict[str, object]) -> dict[str, object]:
    def answer(target: str) -> dict[str, object]:
        if gate == "edge":
            return refused_or(lambda: rule.edge(method, target, headers))
        return refused_or(lambda: rule.controller(str(rest["deployment"]), method, target, headers))

    expect = answer(target)
    if in_words(expect) != words:
        raise SystemExit(f"{note}: {method} {target} {headers}\n  expected {words!r}\n  the rule says {in_words(expect)!r}")
    made = {"note": note, "gate": gate, **rest, "method": method, "target": target, "headers": headers}
    length = next((int(value) for name, value in headers if name == "Content-Length"), 0)
    chunked = any(name == "Transfer-Encoding" for name, _ in headers)
    made["body"] = "{}" if length == 2 else "2\r\n{}\r\n0\r\n\r\n" if chunked else ""
    normal = rule.normalised(target)
    if normal != target and answer(normal) != expect:
        made["normalised"] = {"target": normal, "expect": answer(normal)}
    if any(answer_at(time, answer, target) != expect for time in (NOW - 10**8, NOW + 10**9)):
        made["timed"] = True
    return {**made, "expect": expect}


def main() -> None:
    rows = []
    for note, deployment, method, target, headers, words in controller_rows.rows():
        given = [["Host", "controller.test"], *headers]
        rows.append(row("controller", note, method, target, given, words, {"deployment": deployment}))
    for note, method, target, headers, words, goes_on in edge_rows.rows():
        made = row("edge", note, method, target, headers, words, {})
        if goes_on is not None:
            made["expect"]["forwarded"] = goes_on  # type: ignore[index]
        rows.append(made)
    table = {
        "now": NOW,
        "controllers": {
            "v1": {"access_tokens": [v1_access_token(ID)]},
            "v2": {"access_tokens": [v2_access_token(ID)]},
            "open": {"access_tokens": []},
        },
        "edge": {
            "v1_seed": V1_SEED,
            "v2_kid": KID,
            "v2_seed_hex": V2_SEED.hex(),
            "carriers": ["header", "host", "query", "cookie"],
            "versions": ["v1", "v2"],
            "sandboxes": rule.SANDBOXES,
        },
        "rows": rows,
    }
    lines = ",\n  ".join(json.dumps(made) for made in rows)
    head = json.dumps({name: value for name, value in table.items() if name != "rows"}, indent=1)
    text = f"{head[:-2]},\n \"rows\": [\n  {lines}\n ]\n}}\n"
    assert json.loads(text) == table
    path = Path(__file__).parent.with_name("guard.json")
    if "--check" not in sys.argv:
        path.write_text(text)
    elif path.read_text() != text:
        raise SystemExit("vectors/guard.json is not what vectors/guard/make.py writes")
    print(f"{len(rows)} rows")


if __name__ == "__main__":
    main()
