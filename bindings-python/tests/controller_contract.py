"""The answers of a controller's app over HTTP, on every framework and server."""

import base64
import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, quote_plus

import pytest
from deployment import TOKENS, V1_KEYRING

import sandgate

TOKEN = TOKENS["v1"]
TOKEN_HEADER = [("X-Access-Token", TOKEN)]
V2_HEADER = [("X-Access-Token", TOKENS["v2"])]
WRONG_HEADER = [("X-Access-Token", V1_KEYRING.access_token("another"))]

NO_TOKEN = (401, "unauthorized access, please provide a valid access token or method signing if supported")
WRONG_TOKEN = (401, "access token present in header but does not match")
NO_SIGNATURE = (401, "missing signature query parameter")
WRONG_SIGNATURE = (401, "invalid signature")
EXPIRED = (401, "signature is already expired")
MALFORMED = (400, "malformed request")


def v1_signature(path, operation="read", user="", expires=None):
    """As the SDKs make it."""
    message = f"{path}:{operation}:{user}:{TOKEN}" + ("" if expires is None else f":{expires}")
    return "v1_" + base64.b64encode(hashlib.sha256(message.encode()).digest()).decode().rstrip("=")


def v1_target(path, operation="read", route="/files"):
    return f"{route}?path={quote(path, safe='')}&signature={quote(v1_signature(path, operation), safe='')}"


def v2_target(path, operation="read", **options):
    key = sandgate.v2.FileUrlKey(TOKENS["v2"])
    base = "http://sandbox.test"
    return key.url(base, path, operation, **{"expires_in": 60, **options}).removeprefix(base)


def is_refused(answer, refusal):
    status, message = refusal
    assert (answer.status, answer.json) == (status, {"code": status, "message": message})
    assert answer.headers["content-type"] == "application/json"
    return True


def calls(server, header=TOKEN_HEADER):
    """How many requests have reached the app."""
    return server.ask("GET", "/calls", header).json["calls"]


def granted(answer):
    return json.loads(answer.headers["x-granted"])


REFUSALS = [
    ("GET", "/metrics", [], NO_TOKEN),
    ("GET", "/metrics", [("X-Access-Token", "")], NO_TOKEN),
    ("GET", "/metrics", WRONG_HEADER, NO_TOKEN),
    ("GET", "/metrics", [("X-Access-Token", TOKEN[:-1])], NO_TOKEN),
    ("GET", "/metrics?" + v1_target("/a").partition("?")[2], [], NO_TOKEN),
    ("HEAD", v1_target("/a"), [], NO_TOKEN),
    ("PUT", v1_target("/a", "write"), [], NO_TOKEN),
    ("GET", v1_target("/a", route="/files/"), [], NO_TOKEN),
    ("GET", v1_target("/a", route="/%2566iles"), [], NO_TOKEN),
    # A path that contains an escape is none of our routes.
    ("GET", v1_target("/a", route="/%66iles"), [], NO_TOKEN),
    ("POST", v1_target("/a", "write", route="/file%73"), [], NO_TOKEN),
    ("GET", "/%68ealth", [], NO_TOKEN),
    ("POST", "/%69nit", [], NO_TOKEN),
    ("GET", "/metrics", TOKEN_HEADER + TOKEN_HEADER, MALFORMED),
    ("GET", "/metrics", TOKEN_HEADER + WRONG_HEADER, MALFORMED),
    ("GET", "/metrics", WRONG_HEADER + TOKEN_HEADER, MALFORMED),
    ("GET", v1_target("/a", route="/x/../files"), [], NO_TOKEN),
    ("POST", v1_target("/a", "write", route="/files/compose"), [], NO_TOKEN),
    ("POST", "/health", [], NO_TOKEN),
    ("GET", "/health%00", [], NO_TOKEN),
    ("GET", "/%ff", [], NO_TOKEN),
    ("GET", "/%C3%A9", [], NO_TOKEN),
    ("OPTIONS", "/metrics", [], NO_TOKEN),
    ("GET", "/files?path=%2Fa", [], NO_SIGNATURE),
    ("GET", v1_target("/a"), WRONG_HEADER, WRONG_TOKEN),
    ("GET", "/files?path=%2Fa&signature=", [], WRONG_SIGNATURE),
    ("GET", v1_target("/a").replace("%2Fa", "%2Fb"), [], WRONG_SIGNATURE),
    ("GET", v1_target("/a", "write"), [], WRONG_SIGNATURE),
    ("POST", v1_target("/a"), [], WRONG_SIGNATURE),
    ("GET", v1_target("/a") + "&username=root", [], WRONG_SIGNATURE),
    ("GET", f"/files?path=/a&signature_expiration=10&signature={quote_plus(v1_signature('/a', expires=10))}", [], EXPIRED),
    ("GET", v1_target("/a") + "&path=/a", [], MALFORMED),
    ("GET", v1_target("/a") + "&%70ath=/a", [], MALFORMED),
    ("GET", v1_target("/a") + "&signature=x", TOKEN_HEADER, MALFORMED),
    ("GET", "/files?path=%zz", TOKEN_HEADER, MALFORMED),
    ("GET", "/%zz", TOKEN_HEADER, MALFORMED),
]


class ControllerContract:
    @pytest.mark.parametrize(("method", "target", "headers", "refusal"), REFUSALS)
    def test_a_refusal_has_the_specs_answer_and_does_not_reach_the_app(self, v1, method, target, headers, refusal):
        before = calls(v1)
        answer = v1.ask(method, target, headers)
        if method == "HEAD":
            assert (answer.status, answer.body) == (refusal[0], b"")
            assert int(answer.headers["content-length"]) > 0
        else:
            assert is_refused(answer, refusal)
        assert calls(v1) == before + 1

    def test_exempt_routes_need_no_token(self, v1):
        assert v1.ask("GET", "/health").status == 204
        assert v1.ask("GET", "/health?x=1").status == 204
        assert v1.ask("POST", "/init", body=b"{}").json["basis"] == "exempt"

    def test_only_the_right_token_is_accepted(self, v1):
        for target in ("/metrics", "/a%2Fb%20c%C3%A9", "/%ff"):
            assert v1.ask("DELETE", target, TOKEN_HEADER).json["basis"] == "token"
            assert v1.ask("DELETE", target, [("x-aCCESS-tOKEN", TOKEN)]).json["basis"] == "token"
            assert is_refused(v1.ask("DELETE", target), NO_TOKEN)

    def test_rule_and_app_see_the_same_doubled_slash(self, v1):
        answer = v1.ask("DELETE", "//a", TOKEN_HEADER)
        assert is_refused(answer, MALFORMED) if answer.status == 400 else answer.json["basis"] == "token"
        assert v1.ask("DELETE", "//a").status in (400, 401)

    def test_a_repeated_token_is_refused(self, v1):
        for header in (TOKEN_HEADER + TOKEN_HEADER, TOKEN_HEADER + WRONG_HEADER, WRONG_HEADER + TOKEN_HEADER):
            assert is_refused(v1.ask("GET", v1_target("/a"), header), MALFORMED)
        empty = [("X-Access-Token", "")]
        for header in (empty + TOKEN_HEADER, TOKEN_HEADER + empty, empty + empty):
            assert is_refused(v1.ask("GET", v1_target("/a"), header), MALFORMED)

    @pytest.mark.parametrize("path", ["/a b+c.txt", "/ö/日本.txt", "/a%2Fb", "/a&b=c;d#e?f", "/a//../b", "a:b", "/\u00a0'(~*)"])
    def test_the_app_gets_the_signed_path_in_every_spelling(self, v1, path):
        content = path.encode() * 2
        signature = quote(v1_signature(path, "write"), safe="")
        for value in (quote(path, safe=""), quote_plus(path), "".join(f"%{byte:02x}" for byte in path.encode())):
            answer = v1.ask("POST", f"/files?signature={signature}&&x&pat%68={value}", body=content)
            assert granted(answer) == {
                "basis": "signature", "operation": "write", "path": path, "user": None, "directory": None,
                "max_bytes": None, "expires": None,
            }  # fmt: skip
            assert v1.ask("GET", v1_target(path)).body == content
            assert is_refused(v1.ask("GET", f"/files?signature={signature}&path={value}"), WRONG_SIGNATURE)

    def test_the_app_gets_user_and_expiry(self, v1):
        end = int(time.time()) + 60
        query = f"path=%2Fu&username=bj%C3%B6rn&signature_expiration={end}"
        signature = quote(v1_signature("/u", "write", "björn", end), safe="")
        answer = v1.ask("POST", f"/files?{query}&signature={signature}", body=b"x")
        assert (granted(answer)["user"], granted(answer)["expires"]) == ("björn", end)

    def test_the_token_grants_what_the_query_asks_for(self, v1):
        assert granted(v1.ask("POST", "/files?path=%2Ft+t", TOKEN_HEADER, b"x"))["path"] == "/t t"
        answer = v1.ask("GET", "/files?path=%2Ft+t&username=u", TOKEN_HEADER)
        assert (answer.body, granted(answer)["basis"], granted(answer)["user"]) == (b"x", "token", "u")
        assert v1.ask("GET", "/files?path=/no", TOKEN_HEADER).json["code"] == 404

    def test_a_preflight_reaches_the_app_unchecked(self, v1):
        origin, requested = ("Origin", "https://a.test"), ("Access-Control-Request-Method", "PUT")
        assert v1.ask("OPTIONS", "/metrics", [origin, requested]).json["basis"] is None
        lacking = [[origin], [requested], [origin, (requested[0], "")], [("Origin", ""), requested]]
        for headers in [*lacking, [origin, requested, ("Upgrade", "something")]]:
            assert is_refused(v1.ask("OPTIONS", "/metrics", headers), NO_TOKEN)
        preflight = [origin, requested]
        assert v1.ask("OPTIONS", "/metrics", preflight, b"").json["length"] == 0
        for body in (b"{}", iter([b"{}"])):
            assert is_refused(v1.ask("OPTIONS", "/metrics", preflight, body), NO_TOKEN)
        assert v1.ask("OPTIONS", "/metrics", [*preflight, *TOKEN_HEADER], b"{}").json["basis"] == "token"
        assert is_refused(v1.ask("POST", "/metrics", [origin, requested], b""), NO_TOKEN)
        assert v1.ask("OPTIONS", "/metrics", [origin, *TOKEN_HEADER]).json["basis"] == "token"

    def test_a_streamed_body_arrives_whole(self, v1):
        chunks = [bytes([number]) * 65_537 for number in range(48)]
        whole = b"".join(chunks)
        answer = v1.ask("POST", v1_target("/big", "write"), [("Content-Type", "application/octet-stream")], iter(chunks))
        assert answer.status == 200
        assert v1.ask("GET", v1_target("/big")).body == whole
        echo = v1.ask("POST", "/upload", TOKEN_HEADER, iter(chunks)).json
        assert (echo["length"], echo["sha256"]) == (len(whole), hashlib.sha256(whole).hexdigest())
        echo = v1.ask("PUT", "/upload", TOKEN_HEADER, whole).json
        assert (echo["length"], echo["sha256"]) == (len(whole), hashlib.sha256(whole).hexdigest())

    def test_an_upload_without_a_path_is_granted_the_empty_one(self, v1):
        signature = quote(v1_signature("", "write"), safe="")
        body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="named.txt"\r\n\r\nx\r\n--b--\r\n'
        answer = v1.ask("POST", f"/files?signature={signature}", [("Content-Type", "multipart/form-data; boundary=b")], body)
        assert (answer.status, granted(answer)["path"], answer.json[0]["path"]) == (200, "", "named.txt")

    def test_a_refused_upload_is_answered_without_its_body(self, v1):
        before = calls(v1)
        for body in (b"x" * 4096, iter([b"x" * 1024] * 4)):
            assert is_refused(v1.ask("POST", v1_target("/a"), body=body), WRONG_SIGNATURE)
        assert calls(v1) == before + 1

    def test_eight_concurrent_requests_are_independent(self, v1):
        def one(number):
            path = f"/parallel/{number}"
            assert v1.ask("POST", v1_target(path, "write"), body=str(number).encode()).status == 200
            assert is_refused(v1.ask("GET", v1_target(path, "write")), WRONG_SIGNATURE)
            answer = v1.ask("GET", v1_target(path))
            return granted(answer)["path"] == path and answer.body == str(number).encode()

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(one, range(80))) == [True] * 80

    def test_v2_reads_with_get_and_head_and_writes_with_post_and_put(self, v2):
        for method in ("POST", "PUT"):
            answer = v2.ask(method, v2_target("/a ö", "write", user="u", max_bytes=9), body=method.encode())
            assert answer.status == 200
            assert (granted(answer)["path"], granted(answer)["user"], granted(answer)["max_bytes"]) == ("/a ö", "u", 9)
            assert v2.ask("GET", v2_target("/a ö")).body == method.encode()
            head = v2.ask("HEAD", v2_target("/a ö"))
            assert (head.status, head.body, granted(head)["operation"]) == (200, b"", "read")
            assert is_refused(v2.ask(method, v2_target("/a ö"), body=b""), WRONG_SIGNATURE)
        assert v2.ask("HEAD", v2_target("/a", "write")).status == 401

    def test_v2_directory_covers_only_its_files(self, v2):
        assert v2.ask("PUT", v2_target("/d/e/f", "write"), body=b"f").status == 200
        target = v2_target("/d/e/f", directory="/d/")
        assert granted(v2.ask("GET", target))["directory"] == "/d/"
        outside = target.replace("%2Ff", "/../..").replace("/e/f", "/../e")
        assert outside != target
        assert is_refused(v2.ask("GET", outside), (401, "signature does not cover this path"))

    def test_v2_controller_refuses_v1(self, v2):
        assert is_refused(v2.ask("GET", v1_target("/a")), MALFORMED)
        assert is_refused(v2.ask("GET", "/metrics", TOKEN_HEADER), NO_TOKEN)
        assert v2.ask("GET", "/metrics", V2_HEADER).json["basis"] == "token"
        late = v2_target("/a", expires_in=604_800 + 60)
        assert is_refused(v2.ask("GET", late), (401, "signature lifetime is too long"))
        assert is_refused(v2.ask("GET", v2_target("/a", expires_in=None, expires=1)), EXPIRED)
