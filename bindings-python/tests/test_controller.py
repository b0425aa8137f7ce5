"""The controller's rule for one request."""

import pytest
from calls import END, ID, NOW, SEED, V1_TOKEN, V2_RING, V2_TOKEN
from sandgate import Controller, InvalidError, MalformedError, MissingError, Policy, e2b, v1, v2


def files(key, path, operation=None, **options):
    return key.url("https://a", path, operation, **options).removeprefix("https://a")


def test_basis_names_why_a_request_is_allowed():
    controller = Controller(V1_TOKEN)
    assert controller.check("GET", "/health").basis == "exempt"
    assert controller.check("GET", "/metrics", access_token=V1_TOKEN).basis == "token"
    assert controller.check("GET", files(v1.FileUrlKey(V1_TOKEN), "/a")).basis == "signature"
    assert Controller.open().check("GET", "/metrics").basis == "open"
    assert Controller.open().is_open and not controller.is_open


def test_the_grant_has_the_signed_values():
    key = v2.FileUrlKey(V2_TOKEN)
    options = {"user": "é", "directory": "/in/", "max_bytes": 2**53 - 1, "content_sha256": bytes(range(32))}
    target = files(key, "/in/ü +%.txt", "write", expires=END, **options)
    grant = Controller(V2_TOKEN).check("POST", target, now=NOW).grant
    assert grant
    assert (grant.operation, grant.path, grant.path_bytes) == ("write", "/in/ü +%.txt", "/in/ü +%.txt".encode())
    assert {name: getattr(grant, name) for name in options} == options and grant.expires == END
    assert repr(grant) == "<sandgate.Grant write '/in/ü +%.txt'>"


def test_a_token_grants_what_is_asked_for_without_expiry():
    allowed = Controller(V1_TOKEN).check("GET", "/files?path=/a&username=u", access_token=V1_TOKEN)
    grant = allowed.grant
    assert grant and (allowed.basis, grant.path, grant.user, grant.expires) == ("token", "/a", "u", None)


def test_a_path_that_is_not_utf_8_is_decoded_as_by_fsdecode():
    target = files(v1.FileUrlKey(V1_TOKEN), b"/\xff")
    grant = Controller(V1_TOKEN).check("GET", target).grant
    assert grant and (grant.path, grant.path_bytes) == ("/\udcff", b"/\xff")


def test_a_controller_requires_a_token():
    with pytest.raises(ValueError, match="^access_token: "):
        Controller()
    with pytest.raises(ValueError, match="^access_token: "):
        Controller("")


def test_tokens_are_of_one_wire_format_with_distinct_key_ids():
    for tokens in [V1_TOKEN, V2_TOKEN], [V2_TOKEN, V2_RING.access_token(ID, generation=1)]:
        with pytest.raises(ValueError, match="^access_token: "):
            Controller(*tokens)


def test_old_and_new_token_work_during_a_rotation():
    new = v2.Keyring({"b": SEED[1:]}).access_token(ID)
    controller = Controller(new, V2_TOKEN)
    for token in new, V2_TOKEN:
        assert controller.check("GET", files(v2.FileUrlKey(token), "/a", expires=END), now=NOW).basis == "signature"


def test_a_repeated_header_is_malformed():
    for given in [V1_TOKEN, V1_TOKEN], (V1_TOKEN, b""):
        with pytest.raises(MalformedError):
            Controller(V1_TOKEN).check("GET", "/metrics", access_token=given)


def test_an_absent_header_can_be_written_in_four_ways():
    for given in None, [], (), "":
        with pytest.raises(MissingError):
            Controller(V1_TOKEN).check("GET", "/metrics", access_token=given)


def test_the_context_must_be_the_same():
    target = files(v2.FileUrlKey(V2_TOKEN), "/a", expires=END, context="203.0.113.7")
    controller = Controller(V2_TOKEN)
    assert controller.check("GET", target, context=b"203.0.113.7", now=NOW).basis == "signature"
    for other in None, "203.0.113.8":
        with pytest.raises(InvalidError):
            controller.check("GET", target, context=other, now=NOW)


def test_the_policy_decides_what_is_accepted():
    endless = files(v1.FileUrlKey(V1_TOKEN), "/a")
    assert Controller(V1_TOKEN).check("GET", endless).basis == "signature"
    strict = Controller(V1_TOKEN, policy=Policy(v1_expiry_required=True))
    with pytest.raises(Exception, match="signature lifetime is too long"):
        strict.check("GET", endless)
    with pytest.raises(ValueError, match="^access_token: "):
        Controller(V1_TOKEN, policy=Policy.V2_ALONE)


@pytest.mark.parametrize(("prefix", "kind"), [("sg2t.", "traffic token"), ("sg2r.", "traffic root")])
def test_another_secret_of_v2_is_no_token_of_v1(prefix, kind):
    for name, use in [
        ("access_token", Controller),
        ("access_token", v1.FileUrlKey),
        ("envd_access_token", lambda token: e2b.get_signature("/a", "read", None, token)),
    ]:
        with pytest.raises(ValueError, match=rf"^{name}: this is a {kind} \({prefix}\): "):
            use(f"{prefix}x")
