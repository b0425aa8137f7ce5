"""Writes ../life.json: how controllers get and lose their token, who wakes a paused sandbox, how webhooks are signed, and what
else happens around a credential. `python3 vectors/life/make.py`, with `--check` only to compare.

Each row says what is expected in its own words; the slow rules must agree, or nothing is written.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.append(str(HERE.with_name("guard")))

import initialize_rows  # noqa: E402
import rule  # noqa: E402
import wake_rows  # noqa: E402
import webhook_rows  # noqa: E402
from credentials import ID, KID, NOW, V1_SEED, V2_SEED, v1_access_token, v2_access_token  # noqa: E402
from initialize_rule import MESSAGES, Controller, Refused  # noqa: E402


def latin1(text: bytes) -> str:
    return text.decode("latin-1")


def state(controller: Controller) -> str | list[str]:
    return controller.tokens or ("waiting" if controller.waiting else "open")


def initialize(note: str, start: str | list[str], steps: list[initialize_rows.Step]) -> dict[str, object]:
    controller = Controller(start == "waiting", list(start) if isinstance(start, list) else [])
    made = []
    for body, expected_hash, words, then in steps:
        try:
            answer = controller.initialize(body, expected_hash)
            expect: dict[str, object] = {"outcome": answer}
        except Refused as refused:
            code = str(refused)
            status = 400 if code == "malformed" else 401
            answer = f"{status} {code}"
            expect = {"status": status, "gate": "init", "code": code, "message": MESSAGES[code]}
        if (answer, state(controller)) != (words, then):
            raise SystemExit(f"{note}: {body!r}\n  expected {words!r}, {then!r}\n  the rule says {answer!r}, {state(controller)!r}")
        made.append({"body": latin1(body), "expected_hash": latin1(expected_hash), "expect": expect, "then": then})
    return {"note": note, "start": start, "steps": made}


def wake(note: str, controller: str, method: str, target: str, headers: list[list[str]], words: str) -> dict[str, object]:
    try:
        expect = wake_rows.answer(controller, method, target, headers)
        answer = "wakes"
    except rule.Refused as refused:
        expect = wake_rows.refusal(refused)
        parts = [expect["status"], expect["code"]] if expect["gate"] == "wake" else [expect["status"], expect["gate"], expect["code"]]
        answer = " ".join(map(str, parts))
    if answer != words:
        raise SystemExit(f"{note}: {controller} {method} {target} {headers}\n  expected {words!r}\n  the rule says {answer!r}")
    return {"note": note, "controller": controller, "method": method, "target": target, "headers": headers, "expect": expect}


def webhook(note: str, secrets: list[bytes], headers: list[tuple[str, str]], body: bytes, words: str) -> dict[str, object]:
    answer = webhook_rows.answer(secrets, headers, body)
    if answer != words:
        raise SystemExit(f"{note}: {headers} {body!r}\n  expected {words!r}\n  the rule says {answer!r}")
    expect = {"verified": True} if answer == "ok" else webhook_rows.refusal(answer)
    lines = [list(line) for line in headers]
    return {"note": note, "secrets": [latin1(secret) for secret in secrets], "headers": lines, "body": latin1(body), "expect": expect}


def webhook_sign() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for length in (0, 1, 15, 16, 17, 31, 32, 64, 65, 300):
        secret = bytes(255 - index % 200 for index in range(length))
        for body in (b"", webhook_rows.BODY, bytes(range(256))):
            made = webhook_rows.signature(secret, body) if length >= 16 else None
            rows.append({"secret": latin1(secret), "body": latin1(body), "signature": made})
    return rows


def shorten() -> list[dict[str, object]]:
    given = {
        ID: ID,
        f"{ID}-2f7b3ac1": ID,
        "a-b-c": "a",
        "a-": "a",
        "a--": "a",
        "a-\xff": "a",
        "0": "0",
        "a" * 63 + "-" + "b" * 300: "a" * 63,
        "a" * 64 + "-b": None,
        "": None,
        "-": None,
        "-abc": None,
        "ABC-1": None,
        "aB": None,
        "a_b-c": None,
        "a.b-c": None,
        " a-b": None,
        "a\x00-b": None,
        "\xe4-b": None,
        "sandbox-traffic-abc": "sandbox",
    }
    for long, short in given.items():
        first = long.split("-", 1)[0]
        assert short == (first if re.fullmatch("[a-z0-9]{1,63}", first) else None), long
    return [{"id": long, "short": short} for long, short in given.items()]


def creation() -> list[dict[str, object]]:
    rows = []
    for secure in (None, True, False):
        for public in (None, True, False):
            for restricted_by_default in (False, True):
                restricted = public is False or (public is None and restricted_by_default)
                insecure = secure is False
                refused = "restricted_needs_secure" if restricted and insecure else None
                rows.append(
                    {
                        "secure": secure,
                        "allow_public_traffic": public,
                        "restricted_by_default": restricted_by_default,
                        "envd_version": "0.6.4",
                        "refused": refused,
                        "access_token": None if refused else not insecure,
                        "traffic_token": None if refused else restricted,
                    }
                )
    return rows


def main() -> None:
    table = {
        "now": NOW,
        "controllers": {"v1": [v1_access_token(ID)], "v2": [v2_access_token(ID)], "open": []},
        "edge": {
            "v1_seed": V1_SEED,
            "v2_kid": KID,
            "v2_seed_hex": V2_SEED.hex(),
            "carriers": ["header", "host", "query", "cookie"],
            "sandboxes": rule.SANDBOXES,
        },
        "initialize": [initialize(*row) for row in initialize_rows.rows()],
        "wake": [wake(*row) for row in wake_rows.rows()],
        "shorten": shorten(),
        "webhook": [webhook(*row) for row in webhook_rows.rows()],
        "webhook_sign": webhook_sign(),
        "creation": creation(),
    }
    head = {name: value for name, value in table.items() if not isinstance(value, list)}
    text = json.dumps(head, indent=1)[:-2]
    for name in ("initialize", "wake", "shorten", "webhook", "webhook_sign", "creation"):
        lines = ",\n  ".join(json.dumps(made) for made in table[name])  # type: ignore[attr-defined]
        text += f",\n \"{name}\": [\n  {lines}\n ]"
    text += "\n}\n"
    assert json.loads(text) == table
    path = HERE.with_name("life.json")
    if "--check" not in sys.argv:
        path.write_text(text)
    elif path.read_text() != text:
        raise SystemExit("vectors/life.json is not what vectors/life/make.py writes")
    print({name: len(value) for name, value in table.items() if isinstance(value, list)})


if __name__ == "__main__":
    main()
