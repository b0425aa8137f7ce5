"""`verify` and `explain`."""

from __future__ import annotations

import argparse
from typing import Any

from .. import Controller, DeniedError, Grant, Route, explain, v1, v2
from .._sandgate import file_query
from .answers import Answer
from .keys import ring
from .secrets import ACCESS_TOKEN, PRESENTED, SEED, TRAFFIC_TOKEN, read, read_one


def verify_url(options: argparse.Namespace) -> Answer:
    refusal: DeniedError | None = None
    tokens = read(options, "--token-file", ACCESS_TOKEN)
    # It refuses tokens of two wire formats, and texts that are no tokens.
    Controller(*tokens)
    for token in tokens:
        try:
            return _granted(_verify_with(token, options))
        except DeniedError as error:
            # Another reason than a wrong token says more.
            refusal = error if refusal is None or refusal.code == "invalid" else refusal
    assert refusal is not None
    raise refusal


def _verify_with(token: bytes, options: argparse.Namespace) -> Grant:
    query, now = file_query(options.url), options.now
    if v2.is_access_token(token):
        return v2.FileUrlKey(token).verify_query(query, options.operation, context=options.context, now=now)
    return v1.FileUrlKey(token).verify_query(query, options.operation, now=now)


def _granted(grant: Grant) -> Answer:
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


def verify_token(options: argparse.Namespace) -> Answer:
    keyring: Any = ring(options, read(options, "--seed-file", SEED))
    presented = read_one(options, "--presented-file", PRESENTED)
    verify = keyring.verify_traffic_token if options.traffic else keyring.verify_access_token
    verify(options.sandbox_id, presented, **({} if options.key_id is None else {"generation": options.generation}))
    return {"granted": "traffic_token" if options.traffic else "access_token"}


def verify_pass(options: argparse.Namespace) -> Answer:
    key = v2.TrafficKey(read_one(options, "--traffic-token-file", TRAFFIC_TOKEN))
    presented = read_one(options, "--presented-file", PRESENTED)
    expires = key.verify_pass(presented, options.port, context=options.context, now=options.now)
    return {"granted": "pass", "expires": expires}


def verify_host(options: argparse.Namespace) -> Answer:
    key = v2.TrafficKey(read_one(options, "--traffic-token-file", TRAFFIC_TOKEN))
    presented = read_one(options, "--presented-file", PRESENTED)
    if b"." in presented:
        # A whole host, which an edge must be able to read.
        Route.parse(presented)
        presented = presented.partition(b".")[0]
    expires = key.verify_signed_host(presented, options.sandbox_id, options.port, now=options.now)
    return {"granted": "signed_host", "expires": expires}


def explain_url(options: argparse.Namespace) -> Answer:
    tokens = read(options, "--token-file", ACCESS_TOKEN)
    query = file_query(options.url)
    why = explain(query, *tokens, operation=options.operation, context=options.context, now=options.now)
    if why is None:
        return {"why": "the URL is granted"}
    change = None if why.field is None else {"field": why.field, "value": why.value}
    return {"why": str(why), "refused": why.code, "status": why.status, "expires": why.expires, "change": change}
