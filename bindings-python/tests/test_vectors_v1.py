"""Every array of `vectors/e2b-v1.json`: the answers of the real systems."""

from urllib.parse import urlencode

import pytest
import vectors
from sandgate import Controller, DeniedError, Route
from sandgate.v1 import FileUrlKey, Keyring

VECTORS = vectors.File("e2b-v1.json")
each = VECTORS.each


def outcome(call, *arguments, **keywords):
    try:
        call(*arguments, **keywords)
    except DeniedError as denied:
        return denied.code
    return "ok"


def query(case):
    fields = {"path": case["path"], "username": case["user"]}
    if case["signature"] is not None:
        fields["signature"] = case["signature"]
    if case["expires"] is not None:
        fields["signature_expiration"] = case["expires"]
    return urlencode(fields)


@each("derive")
def test_derive(case):
    keyring, id = Keyring(case["seed"]), case["sandbox_id"]
    access, traffic = case["access_token"], case["traffic_token"]
    assert (keyring.access_token(id), keyring.traffic_token(id)) == (access, traffic)
    keyring.verify_access_token(id, access)
    keyring.verify_traffic_token(id, traffic)
    assert keyring.is_valid_access_token(id, access) and not keyring.is_valid_access_token(id, traffic)
    assert keyring.is_valid_traffic_token(id, traffic) and not keyring.is_valid_traffic_token(id, access)


@each("sign")
def test_sign(case):
    made = FileUrlKey(case["token"]).sign(case["path"], case["operation"], case["user"], case["expires"])
    assert made == case["signature"]


@each("verify")
def test_verify(case):
    key, now = FileUrlKey(case["token"]), case["now"]
    signed = (case["signature"], case["path"], case["operation"], case["user"], case["expires"])
    assert outcome(key.verify, *signed, now=now) == case["result"]
    assert key.is_valid(*signed, now=now) == (case["result"] == "ok")
    assert outcome(key.verify_query, query(case), case["operation"], now=now) == case["result"]


@each("controller")
def test_controller(case):
    """Only the middleware. If it allows a file route, the route's own check follows: a wrong or no token is refused there."""
    controller, status, gate, basis = Controller(case["access_token"]), None, None, None
    try:
        basis = controller.check(case["method"], case["path"], access_token=case["x_access_token"], now=0).basis
    except DeniedError as denied:
        status, gate = denied.status, denied.gate
    if case["path"] == "/files" and case["method"] in ("GET", "POST"):
        assert (case["allowed"], case["status"]) == (True, None)
        assert basis == ("token" if case["x_access_token"] == case["access_token"] else None)
        assert gate != "route"
    else:
        assert (status is None, status) == (case["allowed"], case["status"])


@each("file_endpoint")
def test_file_endpoint(case):
    try:
        allowed = Controller(case["token"]).check(
            "GET", f"/files?{query(case)}", access_token=case["x_access_token"], now=case["now"]
        )
    except DeniedError as denied:
        assert denied.message == str(denied) == case["result"]
    else:
        assert case["result"] == "ok" and allowed.grant
        assert (allowed.grant.path, allowed.grant.user or "") == (case["path"], case["user"])


@each("urls")
def test_urls(case):
    base, query = case["url"].split("/files?")
    key, user = FileUrlKey(case["token"]), case["user"] or ""
    try:
        grant = key.verify_query(query, case["operation"], now=case["now"])
    except DeniedError as denied:
        assert denied.code == case["result"]
    else:
        assert case["result"] == "ok"
        assert (grant.operation, grant.path, grant.user or "", grant.expires) == (
            case["operation"],
            case["path"],
            user,
            case["expires"],
        )
    # The Python SDK escapes and orders as this package does.
    if case["sdk"] == "python":
        assert key.url(base, case["path"], case["operation"], user, case["expires"]) == case["url"]


@each("hosts")
def test_hosts(case):
    try:
        route = Route.parse(case["host"], sandbox_id=case["e2b_sandbox_id"], port=case["e2b_sandbox_port"])
    except DeniedError as denied:
        assert case["error"] is not None and (denied.gate, denied.status) == ("host", 400)
    else:
        assert (case["error"], route.sandbox_id, route.port) == (None, case["sandbox_id"], case["port"])


@each("invalid_sandbox_ids")
def test_invalid_sandbox_ids(case):
    with pytest.raises(ValueError, match=r"^sandbox_id: "):
        Keyring("a seed of at least 16 bytes").access_token(case)


@each("weak_seeds")
def test_weak_seeds(case):
    with pytest.raises(ValueError, match=r"^seed: "):
        Keyring(case)
    with pytest.raises(ValueError, match=r"^seed: "):
        Keyring("a seed of at least 16 bytes", case)


def test_every_array_is_tested():
    assert VECTORS.untested() == []
