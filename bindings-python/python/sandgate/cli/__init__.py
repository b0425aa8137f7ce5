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
    try:
        options, unknown = parser().parse_known_args(arguments)
        if unknown:
            options.parser.error("unrecognized arguments")
    except SystemExit as done:
        # Help, the version or wrong use, which argparse has printed.
        return int(done.code or 0) if _print("") else 2
    except OSError as error:
        return 0 if _may_be_unwritten(error) else 2
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
    try:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # An answer that the terminal cannot show must not become a failure.
            sys.stdout.reconfigure(errors="backslashreplace")
        print(answer, end="\n" if answer else "", flush=True)
        return True
    except OSError as error:
        return _may_be_unwritten(error)


def _may_be_unwritten(error: OSError) -> bool:
    # Python flushes standard output again when it exits, and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        # The reader has seen enough.
        return True
    _complain(f"standard output: {error.strerror}")
    return False
