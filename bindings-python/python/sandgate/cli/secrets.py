"""Where secrets come from: a file, standard input, or the environment."""

from __future__ import annotations

import argparse
import os
import sys

SEED = "SANDGATE_SEED"
ACCESS_TOKEN = "SANDGATE_ACCESS_TOKEN"
TRAFFIC_TOKEN = "SANDGATE_TRAFFIC_TOKEN"
PRESENTED = "SANDGATE_PRESENTED"


class WrongUse(Exception):
    """Wrong use of the command: the message goes to standard error, and the status is 2."""


def add(parser: argparse.ArgumentParser, option: str, variable: str, what: str) -> None:
    """Adds the option that names the file of a secret."""
    text = f"the file of {what}, one per line, or - for standard input; without it, ${variable}"
    made = parser.add_argument(option, metavar="FILE", help=text)
    # For shtab, which writes the completion scripts.
    made.complete = {"bash": "_shtab_compgen_files", "zsh": "_files"}  # type: ignore[attr-defined]


def read(options: argparse.Namespace, option: str, variable: str) -> list[bytes]:
    """Returns the secrets, one per line. A line may end with CRLF, and empty lines do not count."""
    file = getattr(options, option.removeprefix("--").replace("-", "_"))
    if file is not None:
        name, text = option, _contents(option, file)
    elif variable in os.environ:
        name, text = f"${variable}", os.fsencode(os.environ[variable])
    else:
        raise WrongUse(f"{option}: must name a file, or ${variable} must be set")
    if text.startswith(b"\xef\xbb\xbf"):
        # It would be a part of the secret, and nobody could see it.
        raise WrongUse(f"{name}: must not begin with a byte order mark")
    lines = [line.removesuffix(b"\r") for line in text.split(b"\n") if line.removesuffix(b"\r")]
    if not lines:
        raise WrongUse(f"{name}: must hold a secret, and is empty")
    return lines


def read_one(options: argparse.Namespace, option: str, variable: str) -> bytes:
    """Returns the only secret."""
    secrets = read(options, option, variable)
    if len(secrets) != 1:
        raise WrongUse(f"{option}: must hold one secret, on one line")
    return secrets[0]


def _contents(option: str, file: str) -> bytes:
    try:
        if file == "-":
            if sys.stdin is None:
                raise WrongUse(f"{option}: must name a file, because standard input is closed")
            return sys.stdin.buffer.read()
        with open(file, "rb") as opened:
            return opened.read()
    except OSError as error:
        # Without the name: a secret may have been given in place of a file.
        raise WrongUse(f"{option}: must name a file that can be read ({error.strerror})") from None
    except ValueError:
        raise WrongUse(f"{option}: must be the name of a file") from None
