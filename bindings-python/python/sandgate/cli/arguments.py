"""What the parser reads. argparse repeats a wrong value in its message, and the value may be a secret."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

#: The beginnings of argparse's messages that contain only names, in addition to those of the readers below.
_NAMES_ALONE = (
    "the following arguments are required: ",
    "one of the arguments ",
    "not allowed with argument ",
    "expected one argument",
    "expected at least one argument",
)


class Parser(argparse.ArgumentParser):
    """A parser whose messages show no value."""

    _given: Sequence[str] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self._given = sys.argv[1:] if args is None else args
        return super().parse_known_args(args, namespace)

    def add_argument(self, *names: str, **more: Any) -> argparse.Action:
        made = super().add_argument(*names, **more)
        if not made.option_strings and made.choices is None:
            # For shtab, which writes the completion scripts: without an action, zsh offers no options where an argument may stand.
            made.complete = {"zsh": "()"}  # type: ignore[attr-defined]
        return made

    def error(self, message: str) -> NoReturn:
        if sys.stderr is None:
            # argparse would print its usage to standard output.
            self.exit(2)
        near = self._nearest()
        super().error(_without_values(message, self.prog) + (f"; did you mean {near}?" if near else ""))

    def _nearest(self) -> str | None:
        """Returns the option that the first unknown one resembles: the name of an option is no secret."""
        known = list(self._option_string_actions)
        names = (word.partition("=")[0] for word in self._given if word.startswith("--"))
        unknown = next((name for name in names if name not in known), "")
        return next(iter(get_close_matches(unknown, known, n=1)), None)


def _without_values(message: str, program: str) -> str:
    name, separator, problem = message.removeprefix("argument ").partition(": ")
    if message.startswith(_NAMES_ALONE):
        return message
    if message.startswith("argument ") and separator:
        known = problem.startswith((*_NAMES_ALONE, "must be "))
        return f"{name}: {problem if known else f'must be as `{program} --help` says'}"
    return f"the arguments must be those of `{program} --help`"


def integer(text: str) -> int:
    """An integer."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be an integer") from None


def text(text: str) -> str:
    """Text, which is UTF-8 on the command line."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("must be UTF-8") from None
    return text


def hexadecimal(text: str) -> bytes:
    """Bytes in hexadecimal digits."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be hexadecimal digits, two for each byte") from None


def one_of(*choices: str) -> Callable[[str], str]:
    """One of these words."""

    def read(word: str) -> str:
        if word not in choices:
            raise argparse.ArgumentTypeError(f"must be {' or '.join(choices)}")
        return word

    return read
