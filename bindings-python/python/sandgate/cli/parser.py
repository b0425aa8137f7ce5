"""The arguments of the command."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from . import check, completion, issue, keys
from .answers import Answer
from .arguments import Parser, hexadecimal, integer, one_of, text
from .secrets import ACCESS_TOKEN, PRESENTED, SEED, TRAFFIC_TOKEN, add

STATUSES = "Exit status: 0 granted or done, 1 refused, 2 wrong use."


def parser() -> Parser:
    """Returns the parser of the whole command."""
    made = Parser(
        prog="sandgate",
        description="Tokens and file URLs of cloud sandboxes. Secrets come from a file, from standard input (-) or from the "
        "environment, never from an argument.",
        epilog=STATUSES,
        allow_abbrev=False,
    )
    made.add_argument("--version", action=_Version, help="print the version and exit")
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    _of_keys(commands)
    _of_issuing(commands)
    _of_checking(commands)
    shown = _command(commands, "completion", completion.show, "print a completion script for a shell")
    shown.add_argument("shell", choices=completion.SHELLS, type=one_of(*completion.SHELLS))
    return made


class _Version(argparse.Action):
    def __init__(self, option_strings: list[str], dest: str, **more: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **more)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"sandgate {version('sandgate')}")
        except PackageNotFoundError:
            print("sandgate (a copy of unknown version)")
        parser.exit()


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], Answer], says: str) -> Parser:
    # Without abbreviations: `--seed` would be taken for `--seed-file`, and a seed for the name of a file.
    made: Parser = commands.add_parser(
        name, allow_abbrev=False, help=says, description=f"{says[0].upper()}{says[1:]}.", epilog=STATUSES
    )
    made.set_defaults(run=run, parser=made)
    made.add_argument("--json", action="store_true", help="answer with a JSON object")
    return made


def _of_keys(commands: Any) -> None:
    _command(
        commands, "keygen", keys.keygen, "make a random seed; keep it in a secret store, and give it to --seed-file"
    )
    token = _command(commands, "token", keys.token, "derive a sandbox's token, or a traffic root, from the seed")
    token.add_argument("sandbox_id", nargs="?", type=text)
    _seed(token)
    token.add_argument("--traffic-root", action="store_true", help="v2: the traffic root, for the configuration of an edge")
    says = "show 8 hex digits that identify a token and are safe to log"
    shown = _command(commands, "fingerprint", keys.show_fingerprint, says)
    add(shown, "--token-file", PRESENTED, "the token")


def _seed(command: Parser) -> None:
    add(command, "--seed-file", SEED, "the seed")
    command.add_argument("--traffic", action="store_true", help="the traffic token instead of the access token")
    version = command.add_mutually_exclusive_group(required=True)
    version.add_argument("--key-id", metavar="KID", type=text, help="use v2, with this key id")
    version.add_argument("--v1", action="store_true", help="use v1, with a seed that v2 does not have")
    command.add_argument("--generation", type=integer, default=0, metavar="N", help="v2: the generation, 0 by default")


def _of_issuing(commands: Any) -> None:
    sign = _command(
        commands, "sign", issue.sign, "sign a file URL: the signature, and on a second line its expiry, if any, as "
        "signature_expiration={seconds}",
    )
    url = _command(commands, "url", issue.url, "sign a file URL: the whole URL")
    url.add_argument("base", type=text, help="the sandbox's controller, https://49983-{sandbox_id}.{domain}")
    for command in (sign, url):
        command.add_argument("path", type=text)
        command.add_argument("--user", type=text)
        valid = "how long it is valid; 0: only in the current second; v2 requires it"
        command.add_argument("--expires-in", type=integer, metavar="SECONDS", help=valid)
        command.add_argument("--directory", type=text, help="v2: every path below this directory")
        command.add_argument("--max-bytes", type=integer, metavar="N", help="v2: write at most this many bytes")
        command.add_argument("--content-sha256", type=hexadecimal, metavar="HEX", help="v2: write this content only")
        _file(command)
    pass_ = _command(commands, "pass", issue.issue_pass, "issue a traffic pass to a port (v2)")
    host = _command(commands, "host", issue.issue_host, "issue the label of a signed host (v2)")
    host.add_argument("sandbox_id", type=text)
    for command in (pass_, host):
        command.add_argument("port", type=integer)
        command.add_argument("--expires-in", type=integer, required=True, metavar="SECONDS")
        add(command, "--traffic-token-file", TRAFFIC_TOKEN, "the sandbox's traffic token")
    _context(pass_)


def _of_checking(commands: Any) -> None:
    verify = commands.add_parser("verify", allow_abbrev=False, help="verify a URL, a token, a pass or a host", epilog=STATUSES)
    kinds = verify.add_subparsers(required=True, metavar="KIND")
    url = _command(kinds, "url", check.verify_url, "verify a file URL, or its query")
    says = "explain why a file URL is refused, and which change would make it valid"
    why = _command(commands, "explain", check.explain_url, says)
    for command in (url, why):
        command.add_argument("url", help="the URL, or its query")
        _file(command)
        _now(command)
    token = _command(kinds, "token", check.verify_token, "verify a token that was presented")
    token.add_argument("sandbox_id", type=text)
    _seed(token)
    pass_ = _command(kinds, "pass", check.verify_pass, "verify a traffic pass that was presented (v2)")
    host = _command(kinds, "host", check.verify_host, "verify a signed host, or its label (v2)")
    host.add_argument("sandbox_id", type=text)
    for command in (pass_, host):
        command.add_argument("port", type=integer)
        add(command, "--traffic-token-file", TRAFFIC_TOKEN, "the sandbox's traffic token")
        _now(command)
    _context(pass_)
    for command in (token, pass_, host):
        add(command, "--presented-file", PRESENTED, "what was presented")


def _file(command: Parser) -> None:
    add(command, "--token-file", ACCESS_TOKEN, "the access token")
    command.add_argument("--operation", choices=("read", "write"), type=one_of("read", "write"), default="read")
    _context(command)


def _context(command: Parser) -> None:
    command.add_argument("--context", type=text, help="v2: the context, known to both sides and not part of the URL or pass")


def _now(command: Parser) -> None:
    command.add_argument("--now", type=integer, metavar="SECONDS", help="the Unix time at which to verify, instead of now")
