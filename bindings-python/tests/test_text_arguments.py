"""Text: `str` or `bytes`, of any length, with any characters. Everything else is refused by name."""

import pytest
from calls import CONFIGURED, SECRETS, SEED, TEXT
from sandgate import SandgateError, v2


class Str(str):
    pass


class Bytes(bytes):
    pass


each = pytest.mark.parametrize(("name", "right", "call"), [case[1:] for case in TEXT], ids=[case[0] for case in TEXT])


def said(call, value):
    """Returns the answer in a form that can be compared. An object that hides its secret has only its name."""
    return repr(call(value))


def shows_nothing(error):
    return not any(secret in str(error) for secret in SECRETS)


@each
def test_bytes_and_subclasses_equal_str(name, right, call):
    answers = {said(call, kind(right)) for kind in (str, Str)}
    answers |= {said(call, kind(right.encode())) for kind in (bytes, Bytes)}
    assert len(answers) == 1


def test_a_subclass_cannot_change_its_text():
    class Liar(str):
        def __str__(self):
            return "other"

        def encode(self, *_):
            return b"other"

        def __eq__(self, other):
            return True

        __hash__ = None

    _, _, _, call = next(case for case in TEXT if case[0] == "fingerprint")
    assert call(Liar("mine")) == call("mine") != call("other")


@each
@pytest.mark.parametrize("kind", [bytearray, memoryview, int, float, object, "list"], ids=str)
def test_other_types_are_refused_by_name(name, right, call, kind):
    if kind == "list":
        value = [[right]]  # Twice, as one list is right for headers.
    elif kind in (bytearray, memoryview):
        value = kind(right.encode())
    else:
        value = kind()
    with pytest.raises(TypeError, match=rf"^{name}: must be str or bytes, not ") as raised:
        call(value)
    assert shows_nothing(raised.value)


@pytest.mark.parametrize(
    ("name", "right", "call"), [case[1:] for case in CONFIGURED], ids=[case[0] for case in CONFIGURED]
)
def test_a_lone_surrogate_is_refused_by_name(name, right, call):
    with pytest.raises(ValueError, match=rf"^{name}: must be valid Unicode, without lone surrogates$"):
        call(right + "\ud800")


@each
@pytest.mark.parametrize("value", ["\0", "\0" * 10_000_000, "é" * 5_000_000], ids=["NUL", "10 MB of NUL", "10 MB of é"])
def test_nul_and_megabytes_are_answered_or_refused_by_name(name, right, call, value):
    try:
        call(value)
    except SandgateError as refused:
        assert len(str(refused)) < 200
    except ValueError as error:
        assert str(error).startswith(f"{name}") and len(str(error)) < 200


@each
def test_bytes_that_are_not_utf_8_are_answered_or_refused_by_name(name, right, call):
    try:
        call(right.encode() + b"\xff")
    except SandgateError:
        pass
    except ValueError as error:
        assert str(error).startswith(f"{name}: ") and shows_nothing(error)


@pytest.mark.parametrize("key", [1, ("a",), None, "", "A", "ab", "é", "\ud800", b"\xff"], ids=repr)
def test_a_key_id_must_be_one_character(key):
    with pytest.raises((TypeError, ValueError), match="^seeds") as raised:
        v2.Keyring({key: SEED})
    assert shows_nothing(raised.value)
