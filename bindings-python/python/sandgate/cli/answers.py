"""An answer in words. With `--json` it is printed as it is."""

from __future__ import annotations

from typing import Any

Answer = dict[str, Any]


def in_words(answer: Answer) -> str:
    """Returns the text of an answer, one line unless it has several values."""
    for whole in ("seed", "token", "root", "url", "pass", "host", "fingerprint", "script", "why"):
        if whole in answer:
            return str(answer[whole])
    if "signature" in answer:
        end = answer["expires"]
        return answer["signature"] if end is None else f"{answer['signature']}\nsignature_expiration={end}"
    if "refused" in answer:
        return f"{answer['status']} {answer['message']} ({answer['refused']})"
    return "\n".join(f"{name}: {_on_one_line(str(value))}" for name, value in answer.items() if value is not None)


def _on_one_line(text: str) -> str:
    """A signed path may hold characters that move a cursor, or look like another line of the answer."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
