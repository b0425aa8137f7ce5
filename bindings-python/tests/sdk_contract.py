"""E2B's own SDK, unmodified, as the client of a controller's app."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import e2b
import httpx
import pytest
from deployment import ID, TOKENS, V2_KEYRING

import sandgate.e2b


class ControlApi(BaseHTTPRequestHandler):
    """The part of the control API that creating a sandbox requires."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        sandbox = {"templateID": "base", "sandboxID": ID, "clientID": "c", "domain": "sandbox.test"}
        body = json.dumps({**sandbox, "envdVersion": "0.6.4", "envdAccessToken": self.server.token}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def control_api(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), ControlApi)
    server.token = TOKENS["v1"]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    monkeypatch.setenv("E2B_API_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("E2B_API_KEY", "e2b_" + "0" * 40)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def sandbox_at(server, monkeypatch):
    monkeypatch.setenv("E2B_SANDBOX_URL", server.url)
    return e2b.Sandbox.create()


class SdkContract:
    def test_the_sdk_reads_and_writes_files_with_its_token(self, v1, control_api, monkeypatch):
        sandbox = sandbox_at(v1, monkeypatch)
        assert sandbox.is_running()
        for path in ("/plain.txt", "/a b+c/ö%2F.txt"):
            assert sandbox.files.write(path, "text of " + path).path == path
            assert sandbox.files.read(path) == "text of " + path
        streamed = (b"%d" % (number % 10) * 4096 for number in range(256))
        sandbox.files.write("/streamed", streamed)
        assert len(sandbox.files.read("/streamed", format="bytes")) == 256 * 4096
        several = [{"path": "/one", "data": b"1"}, {"path": "/two", "data": b"2"}]
        assert [written.path for written in sandbox.files.write_files(several)] == ["/one", "/two"]
        with pytest.raises(e2b.NotFoundException):
            sandbox.files.read("/not there")

    def test_a_wrong_token_is_the_sdks_own_exception(self, v1, control_api, monkeypatch):
        control_api.token = "0" * 64
        with pytest.raises(e2b.AuthenticationException, match="access token present in header but does not match"):
            sandbox_at(v1, monkeypatch).files.read("/a")

    def test_signed_urls_of_the_sdk_verify(self, v1, control_api, monkeypatch):
        sandbox = sandbox_at(v1, monkeypatch)
        path = "/signed ö+%2F.txt"
        upload = sandbox.upload_url(path, user="u", use_signature_expiration=60)
        answer = httpx.post(upload, files={"file": ("other.txt", b"content")})
        assert (answer.status_code, answer.json()[0]["path"]) == (200, path)
        download = sandbox.download_url(path, use_signature_expiration=60)
        answer = httpx.get(download)
        assert (answer.status_code, answer.content) == (200, b"content")
        assert json.loads(answer.headers["x-granted"])["path"] == path
        assert httpx.post(download, content=b"").status_code == 401
        assert httpx.get(download.replace("signed", "signee")).json()["message"] == "invalid signature"
        expired = sandbox.download_url(path, use_signature_expiration=-1)
        assert httpx.get(expired).json() == {"code": 401, "message": "signature is already expired"}

    def test_v2_works_with_our_function_in_the_sdk(self, v2, control_api, monkeypatch):
        control_api.token = V2_KEYRING.access_token(ID)
        monkeypatch.setattr("e2b.sandbox.main.get_signature", sandgate.e2b.get_signature)
        sandbox = sandbox_at(v2, monkeypatch)
        sandbox.files.write("/v2 ö", "text")
        assert sandbox.files.read("/v2 ö") == "text"
        download = sandbox.download_url("/v2 ö", use_signature_expiration=60)
        assert "signature=v2.a." in download
        assert httpx.get(download).text == httpx.get(download).text == "text"
        assert httpx.head(download).status_code == 200
        assert httpx.put(download, content=b"").json()["message"] == "invalid signature"
