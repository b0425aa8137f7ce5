"""`completion`."""

from __future__ import annotations

import argparse
from pathlib import Path

from .answers import Answer

SHELLS = ("bash", "zsh")


def show(options: argparse.Namespace) -> Answer:
    """The script for a shell, which the package brings along."""
    return {"script": Path(__file__).with_name(f"completion.{options.shell}").read_text("utf-8").removesuffix("\n")}
