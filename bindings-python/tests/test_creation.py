"""The decision at creation."""

import json
import pickle

import pytest
from sandgate import CreationRefusedError
from sandgate.creation import Credentials, decide


def test_a_sandbox_is_secure_and_public_by_default():
    assert decide(envd_version="0.2.0") == Credentials(access_token=True, traffic_token=False)
    assert decide(secure=False) == Credentials(access_token=False, traffic_token=False)
    assert decide(allow_public_traffic=False, envd_version=b"1.0.0") == (True, True)


@pytest.mark.parametrize("secure", [True, None, 0, "", "no"], ids=repr)
def test_secure_is_off_only_for_false(secure):
    assert decide(secure=secure, envd_version="0.2.0").access_token


@pytest.mark.parametrize("allow", [False, None, 0, ""], ids=repr)
def test_falsy_allow_restricts_traffic(allow):
    assert decide(allow_public_traffic=allow, envd_version="0.2.0").traffic_token


def test_an_omitted_allow_is_what_the_operator_says():
    secure = {"envd_version": "0.2.0"}
    for restricted in False, True:
        assert decide(**secure, restricted_by_default=restricted).traffic_token is restricted
        assert not decide(**secure, restricted_by_default=restricted, allow_public_traffic=True).traffic_token
        for falsy in False, None, 0, "":
            assert decide(**secure, restricted_by_default=restricted, allow_public_traffic=falsy).traffic_token


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"envd_version": "0.1.9"}, "template_too_old"),
        ({}, "template_version_unknown"),
        ({"envd_version": "new"}, "template_version_unknown"),
        ({"secure": False, "allow_public_traffic": False}, "restricted_needs_secure"),
        ({"secure": False, "restricted_by_default": True}, "restricted_needs_secure"),
    ],
    ids=str,
)
def test_refused_creations_name_the_reason(options, reason):
    with pytest.raises(CreationRefusedError) as raised:
        decide(**options)
    refused = raised.value
    assert (refused.gate, refused.code, refused.reason, refused.status) == ("creation", reason, reason, 400)
    assert refused.edge_body(None, "/") == refused.body
    assert json.loads(refused.body) == {"code": 400, "message": str(refused)}


@pytest.mark.parametrize("version", [b"\xff", b"0.6.4\xff", "\udcff", "0.6.4\udcff", "\ud800", "0.6.4\ud800"], ids=ascii)
def test_a_version_that_is_not_unicode_is_unknown(version):
    with pytest.raises(CreationRefusedError) as raised:
        decide(envd_version=version)
    assert raised.value.reason == "template_version_unknown"
    assert decide(secure=False, envd_version=version) == Credentials(access_token=False, traffic_token=False)


@pytest.mark.parametrize("version", [2, 0.2, True, bytearray(b"0.2.0")], ids=repr)
def test_a_version_is_text(version):
    with pytest.raises(TypeError, match="^envd_version: must be str or bytes, not "):
        decide(envd_version=version)


def test_a_refusal_can_be_pickled():
    with pytest.raises(CreationRefusedError) as raised:
        decide()
    again = pickle.loads(pickle.dumps(raised.value))
    assert (str(again), vars(again)) == (str(raised.value), vars(raised.value))
