"""The command: make keys and tokens, sign and verify file URLs, passes and signed hosts, and explain why a URL is refused.

Secrets come from a file, from standard input (`-`) or from the environment, and never from an argument, which others on the
machine could read. Exit status: 0 granted or done, 1 refused, 2 wrong use.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Sequence

from .. import DeniedError, SandgateError
from .answers import Answer, in_words
from .parser import parser
from .secrets import WrongUse

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    if sys.stdout is None:
        _complain("standard output is closed")
        return 2
    options = parser().parse_args(arguments)
    try:
        answer: Answer = options.run(options)
    except DeniedError as error:
        answer = {"refused": error.code, "gate": error.gate, "status": error.status, "message": error.message}
    except (WrongUse, SandgateError, TypeError, ValueError, OSError) as error:
        _complain(str(error))
        return 2
    if not _print(json.dumps(answer) if options.json else in_words(answer)):
        return 2
    return 1 if "refused" in answer else 0


def _complain(message: str) -> None:
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    if sys.stderr is not None:
        print(f"sandgate: {message}", file=sys.stderr)


def _print(answer: str) -> bool:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # An answer that the terminal cannot show must not become a failure.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(answer, flush=True)
        return True
    except BrokenPipeError:
        # The reader has seen enough.
        _close_stdout()
        return True
    except OSError as error:
        _close_stdout()
        _complain(f"standard output: {error.strerror}")
        return False


def _close_stdout() -> None:
    """Python flushes standard output again when it exits, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
