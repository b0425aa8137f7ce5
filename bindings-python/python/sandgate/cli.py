"""The command: make tokens, sign file URLs, verify them, and explain why one is refused.

Secrets come from the environment or from a file, one a line, and never from an argument, which others on the machine
could read. Exit status: 0 done or granted, 1 refused, 2 wrong use.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from . import Controller, DeniedError, Grant, SandgateError, explain, v1, v2

SEED = "SANDGATE_SEED"
ACCESS_TOKEN = "SANDGATE_ACCESS_TOKEN"


class WrongUse(Exception):
    """What is said on stderr, with status 2."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    options = _parser().parse_args(arguments)
    try:
        answer = options.run(options)
    except DeniedError as error:
        answer = {"refused": error.code, "gate": error.gate, "status": error.status, "message": error.message}
    except (WrongUse, SandgateError, TypeError, ValueError, OSError) as error:
        print(f"sandgate: {error}", file=sys.stderr)
        return 2
    _print(json.dumps(answer) if options.json else _in_words(answer))
    return 1 if "refused" in answer else 0


def _print(answer: str) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What the terminal cannot show must not turn an answer into a failure.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(answer, flush=True)
    except BrokenPipeError:
        # Whoever reads has seen enough. Python would flush again at its end, and say so.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _in_words(answer: dict[str, Any]) -> str:
    for whole in ("token", "url", "why"):
        if whole in answer:
            return str(answer[whole])
    if "signature" in answer:
        end = answer["expires"]
        return answer["signature"] if end is None else f"{answer['signature']}\nsignature_expiration={end}"
    if "refused" in answer:
        return f"{answer['status']} {answer['message']} ({answer['refused']})"
    return "\n".join(f"{name}: {_on_one_line(str(value))}" for name, value in answer.items() if value is not None)


def _on_one_line(text: str) -> str:
    """A signed path may hold what moves a cursor, or looks like another line of the answer."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _secrets(file: str | None, variable: str) -> list[bytes]:
    """The lines of a file, or of the environment's variable."""
    if file is not None:
        with open(file, "rb") as opened:
            text = opened.read()
    elif variable in os.environ:
        text = os.fsencode(os.environ[variable])
    else:
        raise WrongUse(f"there is no secret: name a file, or set {variable}")
    if text.startswith(b"\xef\xbb\xbf"):
        # It would be a part of the secret, and nobody could see it.
        raise WrongUse("the file begins with a byte order mark")
    lines = [line.removesuffix(b"\r") for line in text.split(b"\n") if line.removesuffix(b"\r")]
    if not lines:
        raise WrongUse("there is no secret in it")
    return lines


def _token(options: argparse.Namespace) -> dict[str, Any]:
    seeds = _secrets(options.seed_file, SEED)
    if options.key_id is None:
        if options.generation:
            raise WrongUse("generations are of v2: give --key-id too")
        keyring = v1.Keyring(*seeds)
        make = keyring.traffic_token if options.traffic else keyring.access_token
        return {"token": make(options.sandbox_id)}
    if len(seeds) != 1:
        raise WrongUse("one key id is of one seed")
    keyring2 = v2.Keyring({options.key_id: seeds[0]})
    make2 = keyring2.traffic_token if options.traffic else keyring2.access_token
    return {"token": make2(options.sandbox_id, generation=options.generation)}


def _sign(options: argparse.Namespace) -> dict[str, Any]:
    token = _secrets(options.token_file, ACCESS_TOKEN)[0]
    parts: dict[str, Any] = {"operation": options.operation, "user": options.user}
    if options.expires_in is not None:
        parts["expires_in"] = options.expires_in
    beyond_v1 = {
        "directory": options.directory,
        "max_bytes": options.max_bytes,
        "content_sha256": options.content_sha256,
        "context": options.context,
    }
    given = {name: value for name, value in beyond_v1.items() if value is not None}
    key: Any
    if v2.is_access_token(token):
        key, parts = v2.FileUrlKey(token), parts | given
    elif given:
        raise WrongUse(f"{', '.join(given)}: needs an access token of v2")
    else:
        key = v1.FileUrlKey(token)
    if options.base is None:
        signed: v1.Signed = key.signed(options.path, **parts)
        return signed._asdict()
    return {"url": key.url(options.base, options.path, **parts)}


def _query(url: str) -> str:
    """What stands between `?` and `#`, or all of what has neither."""
    before, mark, query = url.partition("#")[0].partition("?")
    if not mark:
        return before
    # Below whatever leads to the controller. It asks for the token everywhere else, and reads no signature.
    if before and urlsplit(before).path.rpartition("/")[2] != "files":
        raise WrongUse("this is no file URL: its path does not end with /files")
    return query


def _verify(options: argparse.Namespace) -> dict[str, Any]:
    refusal: DeniedError | None = None
    tokens = _secrets(options.token_file, ACCESS_TOKEN)
    # It refuses tokens of two wire formats, and those that are none.
    Controller(*tokens)
    for token in tokens:
        try:
            return _granted(_verify_with(token, options))
        except DeniedError as error:
            # Another reason than that it is not the right token says more.
            refusal = error if refusal is None or refusal.code == "invalid" else refusal
    assert refusal is not None
    raise refusal


def _verify_with(token: bytes, options: argparse.Namespace) -> Grant:
    query, now = _query(options.url), options.now
    if v2.is_access_token(token):
        key = v2.FileUrlKey(token)
        return key.verify_query(query, options.operation, context=options.context, now=now)
    return v1.FileUrlKey(token).verify_query(query, options.operation, now=now)


def _granted(grant: Grant) -> dict[str, Any]:
    sha256 = grant.content_sha256
    return {
        "granted": grant.operation,
        "path": grant.path,
        "user": grant.user,
        "expires": grant.expires,
        "directory": grant.directory,
        "max_bytes": grant.max_bytes,
        "content_sha256": None if sha256 is None else sha256.hex(),
    }


def _explain(options: argparse.Namespace) -> dict[str, Any]:
    tokens = _secrets(options.token_file, ACCESS_TOKEN)
    said = explain(_query(options.url), *tokens, operation=options.operation, context=options.context, now=options.now)
    if said is None:
        return {"why": "the URL is granted"}
    change = None if said.field is None else {"field": said.field, "value": said.value}
    return {"why": str(said), "refused": said.code, "status": said.status, "expires": said.expires, "change": change}


def _parser() -> argparse.ArgumentParser:
    # Without abbreviations: `--seed` would be taken for `--seed-file`, and the seed shown as a file that is not there.
    parser = argparse.ArgumentParser(
        prog="sandgate", description="Tokens and file URLs of cloud sandboxes.", allow_abbrev=False
    )
    commands = parser.add_subparsers(required=True, metavar="token | sign | verify | explain")

    token = commands.add_parser("token", allow_abbrev=False, help="derive a sandbox's token from the seed")
    token.add_argument("sandbox_id")
    token.add_argument("--seed-file", metavar="FILE", help=f"the seed, one a line; else ${SEED}")
    token.add_argument("--traffic", action="store_true", help="the traffic token instead of the access token")
    token.add_argument("--key-id", metavar="KID", help="makes it a token of v2")
    token.add_argument("--generation", type=int, default=0, metavar="N", help="of v2, 0 at first")
    token.set_defaults(run=_token)

    sign = commands.add_parser("sign", allow_abbrev=False, help="sign a file URL")
    sign.add_argument("path")
    sign.add_argument(
        "--base",
        metavar="URL",
        help="https://49983-{sandbox_id}.{domain}; without it the signature alone, and the end that was signed, if any, "
        "on a second line: signature_expiration={seconds}",
    )
    sign.add_argument("--user")
    sign.add_argument("--expires-in", type=int, metavar="SECONDS", help="0 ends with this second; needed in v2")
    sign.add_argument("--directory", help="v2: for all beneath it")
    sign.add_argument("--max-bytes", type=int, metavar="N", help="v2")
    sign.add_argument("--content-sha256", type=bytes.fromhex, metavar="HEX", help="v2")
    sign.set_defaults(run=_sign)

    verify = commands.add_parser("verify", allow_abbrev=False, help="verify a file URL")
    verify.set_defaults(run=_verify)
    why = commands.add_parser(
        "explain", allow_abbrev=False, help="why a file URL is refused, and which change of a field would mend it"
    )
    why.set_defaults(run=_explain)
    for command in (verify, why):
        command.add_argument("url", help="the URL, or its query")
        command.add_argument("--now", type=int, metavar="SECONDS", help="instead of the clock")
    for command in (sign, verify, why):
        command.add_argument("--token-file", metavar="FILE", help=f"the access token, one a line; else ${ACCESS_TOKEN}")
        command.add_argument("--operation", choices=("read", "write"), default="read")
        command.add_argument("--context", help="v2: what both sides know and the URL does not carry")
    for command in (token, sign, verify, why):
        command.add_argument("--json", action="store_true", help="answer with a JSON object")
    return parser
