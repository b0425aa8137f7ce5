"""`sandgate.e2b.get_signature` in place of the SDKs' own, in otherwise unmodified SDKs."""

import importlib
import time

import pytest
import sandgate.e2b
from calls import V1_TOKEN, V2_TOKEN
from sandgate import Controller, Policy, v2

#: Where each SDK signs and builds its URLs, and where its classes are.
SDKS = {"e2b": "e2b", "novita": "novita_sandbox.core"}
PATHS = ["", "/", "a.txt", "/home/user/a b.txt", "/é/漢字/🚀", "/a+b&c=d?e#f%g;h", "/a:b:read", "/%2e%2e/..", "/\n\t\0"]
USERS = [None, "", "user", "a b", "é+&=%", "root:read"]
LIFETIMES = [None, 1, 60, 604800, -1]
ID = "i94gcaqbpvohfr764s5l"


class Sdk:
    def __init__(self, name):
        package = SDKS[name]
        self.name = name
        self.main = importlib.import_module(f"{package}.sandbox.main")
        self.config = importlib.import_module(f"{package}.connection_config").ConnectionConfig
        self.sandbox = importlib.import_module(package).Sandbox
        self.own = importlib.import_module(f"{package}.sandbox.signature").get_signature

    def new(self, token, envd_version="0.6.4"):
        version = importlib.import_module("packaging.version").Version(envd_version)
        return self.sandbox(
            sandbox_id=ID,
            sandbox_domain="e2b.app",
            envd_version=version,
            envd_access_token=token,
            traffic_access_token=None,
            connection_config=self.config(api_key="e2b_0000000000000000000000000000000000000000"),
        )


@pytest.fixture(params=SDKS)
def sdk(request):
    return Sdk(request.param)


@pytest.fixture
def swap(sdk, monkeypatch):
    """Replaces the SDK's function by ours where the SDK imports it."""
    assert sdk.main.get_signature is sdk.own
    return lambda: monkeypatch.setattr(sdk.main, "get_signature", sandgate.e2b.get_signature)


@pytest.fixture
def clock(monkeypatch):
    """The two sides read the clock one after the other, and a new second may start in between."""

    def in_one_second(make):
        while True:
            second = int(time.time())
            made = make()
            if int(time.time()) == second:
                return made

    return in_one_second


def urls(sandbox, lifetimes):
    made = []
    for path in PATHS:
        for user in USERS:
            for lifetime in lifetimes:
                made.append(sandbox.download_url(path, user, lifetime))
                made.append(sandbox.upload_url(path, user, lifetime))
    return made


@pytest.mark.parametrize("envd_version", ["0.1.0", "0.6.4"])
def test_urls_are_the_same_character_by_character(sdk, swap, clock, monkeypatch, envd_version):
    sandbox = sdk.new(V1_TOKEN, envd_version)

    def both():
        own = urls(sandbox, LIFETIMES)
        with monkeypatch.context() as patch:
            patch.setattr(sdk.main, "get_signature", sandgate.e2b.get_signature)
            return own, urls(sandbox, LIFETIMES)

    own, ours = clock(both)
    assert len(own) == len(PATHS) * len(USERS) * len(LIFETIMES) * 2
    assert own == ours and len(set(own)) > len(own) // 4


def test_ours_was_really_called(sdk, monkeypatch):
    called = []
    monkeypatch.setattr(sdk.main, "get_signature", lambda *all: called.append(all) or {"signature": "x", "expiration": 7})
    assert sdk.new("token").download_url("/a", "u", 60).endswith("&signature=x&signature_expiration=7")
    assert called == [("/a", "read", "u", "token", 60)]


@pytest.mark.parametrize("lifetime", [None, 1, 60, -(10**12), 2**40])
def test_dictionaries_are_the_same(sdk, clock, lifetime):
    arguments = ("/a b", "write", None, V1_TOKEN, lifetime)
    own, ours = clock(lambda: (sdk.own(*arguments), sandgate.e2b.get_signature(*arguments)))
    assert own == ours and type(ours) is dict and list(own) == list(ours)
    keywords = dict(zip(["path", "operation", "user", "envd_access_token", "expiration_in_seconds"], arguments))
    assert clock(lambda: sandgate.e2b.get_signature(**keywords) == sdk.own(**keywords))


def test_a_lifetime_of_0_is_now_as_in_e2bs_sdk(sdk, clock):
    arguments = ("/a", "read", "user", V1_TOKEN, 0)
    own, ours = clock(lambda: (sdk.own(*arguments), sandgate.e2b.get_signature(*arguments)))
    assert ours["expiration"] is not None
    if sdk.name == "e2b":
        assert own == ours
    else:
        assert own == sandgate.e2b.get_signature(*arguments[:4])


@pytest.mark.parametrize("token", [None, ""])
def test_the_exception_without_a_token_is_the_same(sdk, token):
    for function in sdk.own, sandgate.e2b.get_signature:
        with pytest.raises(ValueError) as raised:
            function("/a", "read", "user", token)
        assert type(raised.value) is ValueError
        assert str(raised.value) == "Access token is not set and signature cannot be generated!"


def test_the_sdk_signs_v2_with_a_v2_token(sdk, swap):
    swap()
    sandbox, controller = sdk.new(V2_TOKEN), Controller(V2_TOKEN, policy=Policy.V2_ALONE)
    for path in PATHS:
        for user in USERS:
            if not path or "\0" in path:
                with pytest.raises(ValueError, match="^path: "):
                    sandbox.download_url(path, user, 60)
                continue
            for url, operation, method in [
                (sandbox.download_url(path, user, 60), "read", "GET"),
                (sandbox.upload_url(path, user, 60), "write", "POST"),
            ]:
                query = url.partition("?")[2]
                assert "&signature=v2.a." in query
                for grant in (
                    v2.FileUrlKey(V2_TOKEN).verify_query(query, operation),
                    controller.check(method, f"/files?{query}").grant,
                ):
                    assert (grant.path, grant.user or None, grant.operation) == (path, user or None, operation)


def test_a_v2_token_requires_an_expiry(sdk, swap):
    swap()
    with pytest.raises(ValueError, match="^expiration_in_seconds: a URL of v2 must have an expiry$"):
        sdk.new(V2_TOKEN).download_url("/a", "user")


def test_v2_with_a_lifetime_of_0_is_valid_for_this_second(clock):
    made = clock(lambda: (sandgate.e2b.get_signature("/a", "read", "", V2_TOKEN, 0), int(time.time())))
    signature, now = made
    assert signature["expiration"] == now
    v2.FileUrlKey(V2_TOKEN).verify(signature["signature"], "/a", expires=now, now=now)
