"""A time is an `int` or an aware `datetime`, whose fraction is floored. A lifetime is an `int` or a `timedelta`."""

import math
import time
from datetime import datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction

import pytest
from calls import CLOCKED, CONTROLLER, END, ID, LIFETIMES, NOW, TIMES, TRAFFIC, V1_KEY, V1_TOKEN, V2_KEY
from sandgate import DeniedError, Policy, e2b

UTC = timezone.utc
each_time = pytest.mark.parametrize(("name", "call"), [case[1:] for case in TIMES], ids=[case[0] for case in TIMES])
each_lifetime = pytest.mark.parametrize("call", [case[1] for case in LIFETIMES], ids=[case[0] for case in LIFETIMES])


@each_time
def test_a_datetime_is_floored_to_its_second(name, call):
    second = datetime.fromtimestamp(NOW, UTC)
    said = repr(call(NOW))
    assert repr(call(second)) == said
    assert repr(call(second + timedelta(microseconds=999_999))) == said
    assert repr(call(second.astimezone(timezone(timedelta(hours=-11, minutes=-30))))) == said


@each_time
def test_a_naive_datetime_is_refused_by_name(name, call):
    with pytest.raises(ValueError, match=rf"^{name}: a datetime must have a time zone$"):
        call(datetime(2027, 1, 15))


def test_a_time_zone_without_an_offset_is_naive():
    class Nowhere(tzinfo):
        def utcoffset(self, _):
            return None

    with pytest.raises(ValueError, match=r"^expires: "):
        V1_KEY.sign("/a", expires=datetime(2027, 1, 15, tzinfo=Nowhere()))


def test_an_error_of_a_time_zone_propagates():
    class Broken(tzinfo):
        def utcoffset(self, _):
            raise RuntimeError("no map")

    with pytest.raises(RuntimeError, match="no map"):
        V1_KEY.sign("/a", expires=datetime(2027, 1, 15, tzinfo=Broken()))


@each_time
@pytest.mark.parametrize("value", [True, 1.0, math.nan, "1", b"1", timedelta(1), [NOW]], ids=repr)
def test_other_types_are_refused_by_name(name, call, value):
    with pytest.raises(TypeError, match=rf"^{name}: must be int or an aware datetime, not {type(value).__name__}$"):
        call(value)


@each_time
@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**1000], ids=["2^63", "-2^63-1", "10^1000"])
def test_more_than_64_bits_are_refused_by_name(name, call, value):
    with pytest.raises(ValueError, match=rf"^{name}: must fit in a signed 64-bit integer$"):
        call(value)


@pytest.mark.parametrize("fraction", [0, 1, 500_000, 999_999])
def test_fractions_are_floored_before_1970_too(fraction):
    early = datetime(1969, 12, 31, 23, 59, 58, fraction, tzinfo=UTC)
    assert V1_KEY.sign("/a", expires=early) == V1_KEY.sign("/a", expires=-2)
    # A URL that expires in second -2 has expired in second -1, not earlier.
    signature = V1_KEY.sign("/a", expires=-2)
    assert V1_KEY.is_valid(signature, "/a", expires=-2, now=early)
    assert not V1_KEY.is_valid(signature, "/a", expires=-2, now=early + timedelta(seconds=1))


def test_the_first_and_the_last_datetime_are_accepted():
    for moment in datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC):
        whole = math.floor(moment.replace(microsecond=0).timestamp())
        assert V1_KEY.sign("/a", expires=moment) == V1_KEY.sign("/a", expires=whole)


@each_lifetime
def test_a_timedelta_is_floored_to_seconds(call):
    said = call(60)
    assert call(timedelta(minutes=1)) == said
    assert call(timedelta(seconds=60, microseconds=999_999)) == said
    assert call(timedelta(seconds=61)) != said


def test_a_lifetime_counts_from_now():
    assert V1_KEY.sign("/a", expires_in=60, now=NOW) == V1_KEY.sign("/a", expires=END)
    assert V2_KEY.sign("/a", expires_in=60, now=NOW) == V2_KEY.sign("/a", expires=END)
    assert TRAFFIC.issue_pass(8080, expires_in=60, now=NOW) == TRAFFIC.issue_pass(8080, expires=END)
    assert V1_KEY.sign("/a", expires_in=0, now=NOW) == V1_KEY.sign("/a", expires=NOW)


@each_lifetime
@pytest.mark.parametrize("value", [-1, -(2**63), timedelta(microseconds=-1), timedelta(days=-1)], ids=repr)
def test_a_lifetime_is_not_negative(call, value):
    with pytest.raises(ValueError, match=r"^expires_in: must be 0 seconds or more$"):
        call(value)
    call(0)


@each_lifetime
@pytest.mark.parametrize("value", [True, 1.0, "1", datetime.fromtimestamp(NOW, UTC)], ids=repr)
def test_other_types_are_not_a_lifetime(call, value):
    with pytest.raises(TypeError, match=rf"^expires_in: must be int or timedelta, not {type(value).__name__}$"):
        call(value)


@each_lifetime
@pytest.mark.parametrize("value", [2**63, 2**63 - 1, 10**1000], ids=["2^63", "2^63-1", "10^1000"])
def test_a_lifetime_never_wraps_around(call, value):
    with pytest.raises(ValueError, match=r"^expires_in: must fit in a signed 64-bit integer$"):
        call(value)


def test_expires_with_expires_in_is_refused():
    for key in V1_KEY, V2_KEY:
        with pytest.raises(ValueError, match=r"^expires_in: must not be given together with expires$"):
            key.sign("/a", expires=END, expires_in=60)


@pytest.mark.parametrize("key", [V1_KEY, V2_KEY], ids=repr)
def test_sign_refuses_an_unknown_expiry(key):
    for now in {}, {"now": None}:
        with pytest.raises(ValueError, match=r"^expires_in: must be given together with now, or use signed\(\) or url\(\), because "):
            key.sign("/a", expires_in=60, **now)
    with pytest.raises(ValueError, match=r"^expires_in: must not be given together with expires$"):
        key.sign("/a", expires=END, expires_in=60)


@pytest.mark.parametrize("key", [V1_KEY, V2_KEY], ids=repr)
@pytest.mark.parametrize("operation", ["read", "write"])
def test_signed_returns_signature_and_expiry(key, operation):
    before = int(time.time())
    signed = key.signed("/a", operation, "user", expires_in=3600)
    assert before + 3600 <= signed.expires <= int(time.time()) + 3600
    key.verify(signed.signature, "/a", operation, "user", signed.expires)
    assert not key.is_valid(signed.signature, "/a", operation, "user", signed.expires - 1)

    signature, expires = key.signed("/a", operation, expires_in=timedelta(minutes=1), now=NOW)
    assert (signature, expires) == (key.sign("/a", operation, expires=END), END)
    moment = datetime.fromtimestamp(END + 0.5, UTC)
    assert key.signed("/a", operation, expires=moment) == (signature, END)


def test_a_v1_signature_without_expiry_has_none():
    assert V1_KEY.signed("/a") == (V1_KEY.sign("/a"), None)


def test_a_v2_signature_with_limits_has_its_expiry():
    limits = {"directory": "/in/", "max_bytes": 5, "content_sha256": bytes(32), "context": "here"}
    signed = V2_KEY.signed("/in/a", "write", expires_in=60, now=NOW, **limits)
    assert signed == (V2_KEY.sign("/in/a", "write", expires=END, **limits), END)
    V2_KEY.verify(signed.signature, "/in/a", "write", expires=signed.expires, **limits, now=NOW)


def test_v2_requires_an_expiry():
    for sign in V2_KEY.sign, V2_KEY.signed:
        with pytest.raises(ValueError, match=r"^expires: "):
            sign("/a")
    with pytest.raises(ValueError, match=r"^expires: "):
        V2_KEY.is_valid("v2.x", "/a")
    with pytest.raises(ValueError, match=r"^expires: "):
        TRAFFIC.issue_pass(8080)
    with pytest.raises(ValueError, match=r"^expires: "):
        TRAFFIC.issue_signed_host(ID, 8080)


def test_without_now_the_clock_is_read():
    now = int(time.time())
    key = V2_KEY
    assert key.is_valid(key.sign("/a", expires=now + 3600), "/a", expires=now + 3600)
    assert not key.is_valid(key.sign("/a", expires=now - 1), "/a", expires=now - 1)
    end = TRAFFIC.verify_pass(TRAFFIC.issue_pass(8080, expires_in=3600), 8080)
    assert now + 3600 <= end <= int(time.time()) + 3600


def test_now_none_reads_the_clock_too():
    assert not V1_KEY.is_valid(V1_KEY.sign("/a", expires=1), "/a", expires=1, now=None)


def said(call, **now):
    """Returns the answer or the refusal in a form that can be compared."""
    try:
        return repr(call(**now))
    except DeniedError as refused:
        return type(refused), str(refused)


each_clocked = pytest.mark.parametrize("call", [case[1] for case in CLOCKED], ids=[case[0] for case in CLOCKED])


@each_clocked
def test_every_clock_reading_is_time_time(call, monkeypatch):
    answers = set()
    for fraction in 0, 0.5, 0.999999:
        for second in NOW - 1_000_000, NOW, END, END + 1:
            monkeypatch.setattr(time, "time", lambda: second + fraction)
            answers.add(said(call))
            assert said(call) == said(call, now=second)
    assert len(answers) > 1


@each_clocked
@pytest.mark.parametrize(
    "seconds",
    [-1, -0.001, -math.inf, math.inf, math.nan, 2.0**63, 1e300, 10**400, Fraction(10**400)],
    ids=["-1", "-0.001", "-inf", "inf", "nan", "2^63", "1e300", "10^400", "10^400 as a fraction"],
)
def test_an_invalid_clock_value_is_a_value_error(call, seconds, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: seconds)
    with pytest.raises(ValueError, match=r"^now: time.time\(\) must return 0 to 2\^63 - 1$"):
        call()


@pytest.mark.parametrize("seconds", [NOW, Decimal("1800000000.9"), Fraction(NOW * 2 + 1, 2)], ids=repr)
def test_a_clock_may_return_any_number(seconds, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: seconds)
    assert V1_KEY.signed("/a", expires_in=60).expires == END
    assert e2b.get_signature("/a", "read", None, V1_TOKEN, 60)["expiration"] == END


@pytest.mark.parametrize("seconds", [None, "1800000000", [NOW]], ids=repr)
def test_a_clock_that_returns_a_non_number_is_a_type_error(seconds, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: seconds)
    with pytest.raises(TypeError, match=r"^time.time\(\): must be a function that returns a float, not "):
        V1_KEY.signed("/a", expires_in=60)


def test_a_missing_time_time_is_an_error(monkeypatch):
    monkeypatch.delattr(time, "time")
    with pytest.raises(AttributeError, match="time"):
        V1_KEY.signed("/a", expires_in=60)
    assert V1_KEY.signed("/a", expires_in=60, now=NOW).expires == END


def test_an_error_of_the_clock_propagates(monkeypatch):
    def broken():
        raise RuntimeError("no battery")

    monkeypatch.setattr(time, "time", broken)
    with pytest.raises(RuntimeError, match="no battery"):
        CONTROLLER.check("GET", "/metrics")


def test_a_window_accepts_timedeltas():
    day, minute = timedelta(days=1, microseconds=1), timedelta(minutes=1)
    windows = {"leeway": minute, "max_lifetime": day, "signed_host_max_lifetime": day}
    numbers = {"leeway": 60, "max_lifetime": 86_400, "signed_host_max_lifetime": 86_400}
    assert Policy(**windows) == Policy(**numbers)
    with pytest.raises(ValueError, match=r"^leeway: a leeway must be between 0 and 300 seconds$"):
        Policy(leeway=timedelta(seconds=-1))
    for seconds in 2**32, -1, 2**63:
        with pytest.raises(ValueError, match=r"^max_lifetime: must be between 0 and 4294967295$"):
            Policy(max_lifetime=seconds)
    with pytest.raises(TypeError, match=r"^leeway: must be int or timedelta, not str$"):
        Policy(leeway="1")
