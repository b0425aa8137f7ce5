"""Compares arbitrary inputs with the same computed by hashlib and hmac."""

from urllib.parse import urlencode

import pytest
import reference
from hypothesis import assume, given
from hypothesis import strategies as st
from reference import V1, V2
from sandgate import ExpiredError, InvalidError, v1, v2

SANDBOX_IDS = st.from_regex(r"[A-Za-z0-9_-]{1,63}", fullmatch=True).filter(
    lambda id: not id.startswith("sandbox-traffic-")
)
KEY_IDS = st.sampled_from("0123456789abcdefghijklmnopqrstuvwxyz")
GENERATIONS = st.integers(0, 2**32 - 1)
OPERATIONS = st.sampled_from(["read", "write"])
I64 = st.integers(-(2**63), 2**63 - 1)
U53 = st.integers(0, 2**53 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TOKENS = TEXT.map(str.encode).filter(lambda token: 1 <= len(token) <= 256 and not token.startswith(b"sg2"))


def as_either(value):
    """The same as str, if possible, or as bytes."""
    try:
        return st.sampled_from([value, value.decode()])
    except UnicodeDecodeError:
        return st.just(value)


EITHER = st.binary().flatmap(as_either) | TEXT


def as_bytes(value):
    return value.encode() if isinstance(value, str) else value


@given(st.binary(min_size=16), SANDBOX_IDS, st.binary(max_size=80))
def test_v1_tokens_equal_those_of_hashlib(seed, id, other):
    keyring = v1.Keyring(seed)
    access, traffic = V1.access_token(seed, id), V1.traffic_token(seed, id)
    assert (keyring.access_token(id), keyring.traffic_token(id.encode())) == (access, traffic)
    for presented in access, traffic, other, access[:-1], access + " ":
        right = as_bytes(presented) == access.encode()
        assert keyring.is_valid_access_token(id, presented) == right
        assert keyring.is_valid_traffic_token(id, presented) == (presented == traffic)


@given(EITHER, OPERATIONS, EITHER, TOKENS, st.none() | I64)
def test_v1_signatures_equal_those_of_hashlib(path, operation, user, token, expires):
    key = v1.FileUrlKey(token)
    signature = key.sign(path, operation, user, expires)
    assert signature == V1.signature(as_bytes(path), operation, as_bytes(user), token, expires)
    now = 0 if expires is None else expires
    assert key.is_valid(signature, path, operation, user, expires, now=now)
    assert not key.is_valid(signature[:-1], path, operation, user, expires, now=now)
    if expires is not None and expires < 2**63 - 1:
        with pytest.raises(ExpiredError):
            key.verify(signature, path, operation, user, expires, now=now + 1)


@given(TEXT, OPERATIONS, TEXT, TOKENS, st.none() | I64)
def test_v1_queries_verify_as_with_hashlib(path, operation, user, token, expires):
    fields = {"username": user, "path": path}
    fields["signature"] = V1.signature(path.encode(), operation, user.encode(), token, expires)
    if expires is not None:
        fields["signature_expiration"] = str(expires)
    query, key = urlencode(fields), v1.FileUrlKey(token)
    grant = key.verify_query(query, operation, now=-(2**63))
    # In v1 an empty user counts as absent.
    assert (grant.path, grant.user or "", grant.operation, grant.expires) == (path, user, operation, expires)
    with pytest.raises(InvalidError):
        key.verify_query(query, "read" if operation == "write" else "write")


@given(KEY_IDS, st.binary(min_size=32), SANDBOX_IDS, GENERATIONS, GENERATIONS)
def test_v2_tokens_equal_those_of_hashlib(kid, seed, id, generation, other):
    assume(generation != other)
    keyring, access = v2.Keyring({kid: seed}), V2.access_token(kid, seed, id, generation)
    traffic = V2.traffic_token(kid, seed, id, generation)
    assert keyring.access_token(id, generation=generation) == access
    assert v2.traffic_root(kid, seed) == V2.traffic_root(kid, seed)
    for ring in keyring, keyring.traffic(), v2.TrafficKeyring(V2.traffic_root(kid, seed)):
        assert ring.traffic_token(id, generation=generation) == traffic
        assert ring.is_valid_traffic_token(id, traffic, generation=generation)
        assert not ring.is_valid_traffic_token(id, traffic, generation=other)
    assert keyring.is_valid_access_token(id, access.encode(), generation=generation)
    assert not keyring.is_valid_access_token(id, access, generation=other)


V2_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
SEGMENTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"), min_size=1, max_size=9)
DIRECTORIES = st.lists(SEGMENTS.filter(lambda text: text not in (".", "..")), max_size=3).map(
    lambda names: "/" + "".join(f"{name}/" for name in names)
)


@st.composite
def file_urls(draw):
    operation = draw(OPERATIONS)
    directory = draw(st.none() | DIRECTORIES)
    url = {
        "path": draw(V2_TEXT.filter(bool)) if directory is None else directory + "a",
        "operation": operation,
        "user": draw(st.none() | V2_TEXT),
        "expires": draw(U53),
        "directory": directory,
        "max_bytes": draw(st.none() | U53) if operation == "write" else None,
        "content_sha256": draw(st.none() | st.binary(min_size=32, max_size=32)) if operation == "write" else None,
        "context": draw(st.none() | st.binary(min_size=1, max_size=255)),
    }
    return url


@given(KEY_IDS, st.binary(min_size=32, max_size=32), file_urls())
def test_v2_signatures_equal_those_of_hashlib(kid, access_key, url):
    key = v2.FileUrlKey(f"sg2a.{kid}." + reference.base64url(access_key))
    expected = V2.signature(
        kid, access_key, **{name: as_bytes(value) if name != "operation" else value for name, value in url.items()}
    )
    assert key.sign(**url) == expected
    key.verify(expected, **url, now=url["expires"])
    assert not key.is_valid(expected, **{**url, "expires": (url["expires"] + 1) % 2**53}, now=url["expires"])

    context = url.pop("context")
    text = key.url("https://a", **url, context=context)
    grant = key.verify_query(text.partition("?")[2], url["operation"], context=context, now=url["expires"])
    assert {name: getattr(grant, name) for name in url} == url
    with pytest.raises(InvalidError):
        key.verify_query(
            text.partition("?")[2], url["operation"], context=(context or b"")[:254] + b"x", now=url["expires"]
        )


@given(
    KEY_IDS,
    st.binary(min_size=32, max_size=32),
    st.integers(1, 65535).filter(lambda port: port != 49983),
    U53,
    st.none() | st.binary(min_size=1, max_size=255),
)
def test_v2_passes_equal_those_of_hashlib(kid, traffic_key, port, expires, context):
    key = v2.TrafficKey(f"sg2t.{kid}." + reference.base64url(traffic_key))
    expected = V2.traffic_pass(kid, traffic_key, port, expires, context)
    assert key.issue_pass(port, expires=expires, context=context) == expected
    assert key.verify_pass(expected, port, context=context, now=expires) == expires
    with pytest.raises(InvalidError):
        key.verify_pass(expected, port, context=b"x" if context is None else None, now=expires)
