"""`sign`, `url`, `pass` and `host`."""

from __future__ import annotations

import argparse
from typing import Any

from .. import v1, v2
from .answers import Answer
from .secrets import ACCESS_TOKEN, TRAFFIC_TOKEN, WrongUse, read, read_one


def sign(options: argparse.Namespace) -> Answer:
    key, parts = _key_and_parts(options)
    signed: v1.Signed = key.signed(options.path, **parts)
    return signed._asdict()


def url(options: argparse.Namespace) -> Answer:
    key, parts = _key_and_parts(options)
    return {"url": key.url(options.base, options.path, **parts)}


def _key_and_parts(options: argparse.Namespace) -> tuple[Any, dict[str, Any]]:
    token = read(options, "--token-file", ACCESS_TOKEN)[0]
    parts: dict[str, Any] = {"operation": options.operation, "user": options.user}
    if options.expires_in is not None:
        parts["expires_in"] = options.expires_in
    of_v2 = {
        "directory": options.directory,
        "max_bytes": options.max_bytes,
        "content_sha256": options.content_sha256,
        "context": options.context,
    }
    given = {name: value for name, value in of_v2.items() if value is not None}
    if v2.is_access_token(token):
        return v2.FileUrlKey(token), parts | given
    if given:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise WrongUse(f"{names}: must be given with an access token of v2 only")
    return v1.FileUrlKey(token), parts


def issue_pass(options: argparse.Namespace) -> Answer:
    key = v2.TrafficKey(read_one(options, "--traffic-token-file", TRAFFIC_TOKEN))
    return {"pass": key.issue_pass(options.port, expires_in=options.expires_in, context=options.context)}


def issue_host(options: argparse.Namespace) -> Answer:
    key = v2.TrafficKey(read_one(options, "--traffic-token-file", TRAFFIC_TOKEN))
    return {"host": key.issue_signed_host(options.sandbox_id, options.port, expires_in=options.expires_in)}
