"""What is a number: an `int` in its range; a `bool` is none."""

import pytest
from calls import NUMBERS

each = pytest.mark.parametrize(
    ("name", "right", "call"), [case[1:] for case in NUMBERS], ids=[case[0] for case in NUMBERS]
)


class Int(int):
    pass


@each
def test_a_subclass_of_int_means_the_same(name, right, call):
    assert repr(call(Int(right))) == repr(call(right))


@each
@pytest.mark.parametrize("value", [True, False, 1.0, "1", b"1", [1]], ids=repr)
def test_other_types_are_refused_by_name(name, right, call, value):
    with pytest.raises(TypeError, match=rf"^{name}: must be int( or None| or timedelta)?, not {type(value).__name__}$"):
        call(value)


@each
@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 2**64, 10**1000, -(10**1000)], ids=["2^63", "-2^63-1", "2^64", "10^1000", "-10^1000"])
def test_more_than_64_bits_are_refused_by_name(name, right, call, value):
    with pytest.raises(ValueError, match=rf"^{name}: "):
        call(value)


@each
def test_the_ends_of_64_bits_are_refused_by_name(name, right, call):
    for value in 2**63 - 1, -(2**63):
        if (name, value) == ("expiration_in_seconds", -(2**63)):
            continue  # Long ago, which v1 signs.
        with pytest.raises(ValueError, match=rf"^{name}( or content_sha256)?: "):
            call(value)


def test_a_port_is_from_1_to_65535():
    ports = [case for case in NUMBERS if "port" in case[1]]
    assert len(ports) == 5
    for _, name, _, call in ports:
        call(1)
        call(65535)
        for value in -1, 0, 65536, 2**63:
            with pytest.raises(ValueError, match=rf"^{name}: a port must be a decimal number from 1 to 65535$"):
                call(value)


def test_a_generation_is_from_0_to_32_bits():
    for _, name, _, call in (case for case in NUMBERS if case[1] == "generation"):
        call(0)
        call(2**32 - 1)
        for value in -1, 2**32, 2**63:
            with pytest.raises(ValueError, match=rf"^{name}: must be between 0 and 4294967295$"):
                call(value)
