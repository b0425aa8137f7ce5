"""A clock that tests replace is also replaced for this package, which then agrees with the SDKs."""

import importlib
from datetime import datetime, timezone

import freezegun
import pytest
import sandgate.e2b
import time_machine
from calls import CLOCKED, END, NOW, V1_KEY, V1_TOKEN
from sandgate import DeniedError

SDKS = ["e2b.sandbox.signature", "novita_sandbox.core.sandbox.signature"]


def frozen(second):
    return freezegun.freeze_time(datetime.fromtimestamp(second, timezone.utc))


def travelled(second):
    return time_machine.travel(second, tick=False)


each_fake = pytest.mark.parametrize("fake", [frozen, travelled])


def said(call, **now):
    try:
        return repr(call(**now))
    except DeniedError as refused:
        return type(refused), str(refused)


@each_fake
@pytest.mark.parametrize("call", [case[1] for case in CLOCKED], ids=[case[0] for case in CLOCKED])
def test_every_call_reads_the_fake_clock(fake, call):
    for moment in NOW, END, END + 0.999999, END + 1:
        with fake(moment):
            inside = said(call)
        assert inside == said(call, now=int(moment))


@each_fake
@pytest.mark.parametrize("sdk", SDKS)
@pytest.mark.parametrize("moment", [0, 1, NOW, NOW + 0.5, NOW + 0.999999, 2**31, 2**32 + 0.25])
def test_the_dictionary_is_the_sdks_own(fake, sdk, moment):
    own = importlib.import_module(sdk).get_signature
    with fake(moment):
        for lifetime in None, 1, 60, 604_800, -1:
            arguments = ("/a b", "write", "user", V1_TOKEN, lifetime)
            ours = sandgate.e2b.get_signature(*arguments)
            assert ours == own(*arguments)
            assert ours["expiration"] == (None if lifetime is None else int(moment) + lifetime)


def test_a_clock_that_is_moved_manually_is_followed():
    with freezegun.freeze_time(datetime.fromtimestamp(NOW, timezone.utc)) as clock:
        signed = V1_KEY.signed("/a", expires_in=60)
        clock.tick(60)
        assert V1_KEY.is_valid(signed.signature, "/a", expires=signed.expires)
        clock.tick(1)
        assert not V1_KEY.is_valid(signed.signature, "/a", expires=signed.expires)
