"""What a verifier accepts."""

import pytest
from sandgate import Policy


def test_policies_are_values():
    assert Policy() == Policy() and hash(Policy()) == hash(Policy())
    assert Policy(base=Policy.V2_ALONE) == Policy.V2_ALONE == Policy(versions=("v2",), v1_expiry_required=True)
    assert Policy(leeway=1) != Policy() != Policy.E2B_SDKS
    assert Policy(v1_expiry_required=True) != Policy(v1_expiry_required=False) == Policy()
    assert len({Policy(), Policy(leeway=0), Policy(max_lifetime=60)}) == 2


def test_a_policy_shows_what_it_accepts():
    assert repr(Policy()) == "<sandgate.Policy v1, v2; header, host; leeway 0, max_lifetime 604800>"
    shown = repr(Policy(versions=("v1",), carriers=("cookie", "header"), leeway=300, max_lifetime=60))
    assert shown == "<sandgate.Policy v1; header, cookie; leeway 300, max_lifetime 60>"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("leeway", {"leeway": 301}),
        ("leeway", {"leeway": -1}),
        ("max_lifetime", {"max_lifetime": 2**32}),
        ("signed_host_max_lifetime", {"signed_host_max_lifetime": -1}),
        ("carriers", {"carriers": ("pigeon",)}),
        ("versions", {"versions": ("v3",)}),
        ("versions", {"versions": ()}),
    ],
    ids=str,
)
def test_out_of_range_values_are_refused_by_name(name, options):
    with pytest.raises(ValueError, match=f"^{name}: "):
        Policy(**options)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base", {}),
        ("carriers", "header"),
        ("carriers", b"header"),
        ("carriers", bytearray(b"header")),
        ("carriers", 1),
        ("carriers", [1]),
        ("versions", "v1"),
        ("v1_expiry_required", 1),
        ("v1_expiry_required", "no"),
    ],
    ids=str,
)
def test_other_types_are_refused_by_name(name, value):
    with pytest.raises(TypeError, match=f"^{name}: must be "):
        Policy(**{name: value})


@pytest.mark.parametrize("kind", [list, tuple, set, iter, lambda names: (name for name in names), dict.fromkeys], ids=str)
def test_carriers_and_versions_may_be_any_iterable(kind):
    expected = Policy(carriers=("header", "cookie"), versions=("v2",))
    assert Policy(carriers=kind(["header", "cookie"]), versions=kind(["v2"])) == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"carriers": ["pigeon"]}, "carriers: each must be header, host, query or cookie"),
        ({"versions": ["v3"]}, "versions: each must be v1 or v2"),
        ({"versions": []}, "versions: must contain v1, v2 or both"),
    ],
    ids=str,
)
def test_the_message_says_what_is_expected(options, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        Policy(**options)


def test_an_error_of_the_iterable_propagates():
    def broken():
        yield "header"
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        Policy(carriers=broken())
