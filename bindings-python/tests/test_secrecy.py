"""Objects that hold a secret do not show it."""

import copy
import gc
import pickle
import re
import traceback

import pytest
from calls import ID, SECRETIVE, SECRETS, TEXT, V1_RING, V2_RING
from sandgate import Controller, SandgateError, v1, v2

each = pytest.mark.parametrize("object", SECRETIVE, ids=lambda object: repr(object))


@each
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_is_refused(object, protocol):
    name = f"{type(object).__module__}.{type(object).__name__}"
    with pytest.raises(TypeError, match=rf"^cannot pickle a {re.escape(name)}: it holds a secret$"):
        pickle.dumps(object, protocol)


@each
def test_copying_is_refused(object):
    for made in copy.copy, copy.deepcopy:
        with pytest.raises(TypeError, match="it holds a secret"):
            made(object)


@each
def test_repr_shows_only_the_name(object):
    shown = [repr(object), str(object), format(object), f"{object!a}"]
    assert all(text.startswith(f"<{type(object).__module__}.{type(object).__name__}") for text in shown)
    assert not any(secret in text for secret in SECRETS for text in shown)


@each
def test_no_attribute_shows_the_secret(object):
    for name in dir(object):
        if not name.startswith("__"):
            assert not any(secret in repr(getattr(object, name)) for secret in SECRETS)
    with pytest.raises(TypeError):
        vars(object)


@each
def test_it_is_frozen(object):
    with pytest.raises(AttributeError):
        object.new = 1
    with pytest.raises(TypeError):
        type("Sub", (type(object),), {})


@each
def test_no_referent_shows_the_secret(object):
    seen, todo = [], [object]
    while todo and len(seen) < 100:
        seen.append(todo.pop())
        todo.extend(found for found in gc.get_referents(seen[-1]) if not isinstance(found, type))
    assert not any(secret in repr(found) for secret in SECRETS for found in seen)


def test_objects_with_one_secret_are_not_equal():
    """Keys are equal only to themselves, so comparing keys does not compare secrets."""
    token = V2_RING.access_token(ID)
    for made in v1.FileUrlKey, v2.FileUrlKey, Controller:
        assert made(token if made is not v1.FileUrlKey else "token") != made(
            token if made is not v1.FileUrlKey else "token"
        )


@pytest.mark.parametrize(("name", "right", "call"), [case[1:] for case in TEXT], ids=[case[0] for case in TEXT])
def test_no_error_shows_the_value(name, right, call):
    """Not even an almost right value, such as a token with a stray character."""
    marked = "MARK-" + right + "-MARK\n"
    for value in marked, marked.encode(), [[marked]], {marked: marked}:
        try:
            call(value)
        except (SandgateError, TypeError, ValueError) as error:
            told = "".join(traceback.format_exception_only(type(error), error)) + repr(error) + repr(vars(error))
            assert "MARK" not in told and marked not in told
            assert error.__cause__ is None and error.__context__ is None


def test_a_refusal_keeps_nothing_of_the_request():
    for call in V1_RING.verify_access_token, V2_RING.verify_traffic_token:
        with pytest.raises(SandgateError) as raised:
            call(ID, "MARK")
        assert vars(raised.value) == {"gate": raised.value.gate}
        assert raised.value.args == (raised.value.gate,)
