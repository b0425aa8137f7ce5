"""`keygen`, `token` and `fingerprint`."""

from __future__ import annotations

import argparse
import secrets as random

from .. import fingerprint, v1, v2
from .answers import Answer
from .secrets import PRESENTED, SEED, WrongUse, read, read_one


def keygen(options: argparse.Namespace) -> Answer:
    """32 random bytes of the operating system as 43 characters."""
    return {"seed": random.token_urlsafe(32)}


def token(options: argparse.Namespace) -> Answer:
    seeds = read(options, "--seed-file", SEED)
    if options.traffic_root:
        if options.key_id is None:
            raise WrongUse("--key-id: must be given together with --traffic-root, because only v2 has roots")
        if options.sandbox_id is not None or options.traffic or options.generation:
            raise WrongUse("--traffic-root: must be given without sandbox_id, --traffic and --generation")
        return {"root": v2.traffic_root(options.key_id, _only(seeds))}
    if options.sandbox_id is None:
        raise WrongUse("sandbox_id: must be given, or else --traffic-root")
    keyring = ring(options, seeds)
    if isinstance(keyring, v1.Keyring):
        derived = keyring.traffic_token if options.traffic else keyring.access_token
        return {"token": derived(options.sandbox_id)}
    derived2 = keyring.traffic_token if options.traffic else keyring.access_token
    return {"token": derived2(options.sandbox_id, generation=options.generation)}


def ring(options: argparse.Namespace, seeds: list[bytes]) -> v1.Keyring | v2.Keyring:
    """The keyring of v2 if a key id is given, else of v1."""
    if options.key_id is not None:
        return v2.Keyring({options.key_id: _only(seeds)})
    if options.generation:
        raise WrongUse("--generation: must be given together with --key-id, because only v2 has generations")
    return v1.Keyring(*seeds)


def _only(seeds: list[bytes]) -> bytes:
    if len(seeds) != 1:
        raise WrongUse("--seed-file: must hold one seed when --key-id is given")
    return seeds[0]


def show_fingerprint(options: argparse.Namespace) -> Answer:
    return {"fingerprint": fingerprint(read_one(options, "--token-file", PRESENTED))}
