"""The current access tokens: 1 to 8, replaced at SIGHUP."""

import concurrent.futures
import hashlib
import http.client
import os
import pathlib
import subprocess
import tempfile
import threading
import time

import v2
from daemon import BINARY, Answer, OwnDaemonTest
from wire import TOKEN, files_url, signed_url

LATER = int(time.time()) + 1000
OLD, NEW = v2.access_token(), v2.access_token(v2.OTHER_SEED, "b")
STAY = "controller: the access tokens stay as they were"


def fingerprint(token):
    return hashlib.sha256(token.encode()).hexdigest()[:8]


class TokensTest(OwnDaemonTest):
    def status(self, daemon, token):
        return daemon.ask("GET", "/metrics", headers={"X-Access-Token": token}).status

    def assertAccepts(self, daemon, accepted, refused):
        """An allowed request for an unknown route gets 404."""
        for token in accepted:
            self.assertEqual(self.status(daemon, token), 404, fingerprint(token))
        for token in refused:
            self.assertEqual(self.status(daemon, token), 401, fingerprint(token))


class Several(TokensTest):
    def test_each_line_is_a_token(self):
        for tokens in [
            [f"token {i}" for i in range(8)],
            [f"{i}" * 256 for i in range(8)],
            [v2.access_token(bytes([i] * 32), str(i)) for i in range(8)],
        ]:
            text = "\n".join(tokens)
            for source in [{"token": text}, {"token": None, "environment": {"SANDGATE_ACCESS_TOKEN": text}}]:
                daemon = self.start(**source)
                self.assertAccepts(daemon, tokens, ["", "".join(tokens), tokens[0] + tokens[1], tokens[7][:-1]])
                self.stop(daemon, *tokens)

    def test_urls_of_each_token_verify(self):
        daemon = self.start(token=f"{OLD}\n{NEW}")
        (daemon.root / "a").write_text("a")
        for token in [OLD, NEW]:
            self.assertEqual(daemon.ask("GET", v2.signed_url("read", "/a", LATER, token=token)).body, b"a")
        other = v2.access_token(seed=bytes(32), kid="b")
        self.assertEqual(daemon.ask("GET", v2.signed_url("read", "/a", LATER, token=other)).status, 401)
        self.stop(daemon, OLD, NEW)

    def test_bad_lists_are_refused(self):
        with tempfile.TemporaryDirectory() as directory:
            for tokens, message in [
                ([], "line 1: the access token must not be empty"),
                (["a", "", "b"], "line 2: the access token must not be empty"),
                (["a", "b", ""], "line 3: the access token must not be empty"),
                ([f"token {i}" for i in range(9)], "line 9: "),
                ([f"{i}" * 256 for i in range(9)], "line 9: "),
                (["a", "x" * 257], "line 2: "),
                (["\xff"], "line 1: "),
                ([OLD, "a"], "line 2: "),
                (["a", OLD], "line 2: "),
                ([OLD, OLD], "line 2: "),
                ([OLD, v2.access_token(v2.OTHER_SEED)], "line 2: "),
                ([OLD[:-1]], "line 1: "),
                ([OLD, NEW + "\r"], "line 2: "),
                (["sg2a.a.secret"], "line 1: "),
            ]:
                content = "".join(token + "\n" for token in tokens or [""]).encode("latin-1")
                file = pathlib.Path(directory, "token")
                file.write_bytes(content)
                for more, environment in [
                    (["--token-file", str(file)], {}),
                    ([], {b"SANDGATE_ACCESS_TOKEN": content}),
                ]:
                    with self.subTest(tokens=tokens, more=more):
                        done = subprocess.run([BINARY, "--root", directory, "--port", "0", *more], capture_output=True,
                                              timeout=60, env={**os.environb, **environment})
                        said = done.stderr.decode()
                        self.assertEqual((done.returncode, done.stdout), (1, b""), said)
                        self.assertIn(message, said)
                        for secret in ["secret", "xxx", OLD[7:], NEW[7:]]:
                            self.assertNotIn(secret, said)

    def test_policies_restrict_tokens_and_urls(self):
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory, "token")
            for token, arguments, status in [
                (TOKEN, ["--policy", "v2-alone"], 1),
                (OLD, ["--policy", "e2b-sdks"], 1),
                (OLD, ["--policy", "v2-alone", "--leeway", "301"], 1),
                (OLD, ["--leeway", "301"], 1),
                (OLD, ["--policy", "V2-alone"], 2),
                (OLD, ["--policy", ""], 2),
                (OLD, ["--leeway", "-1"], 2),
                (OLD, ["--leeway", "4294967296"], 2),
                (OLD, ["--max-lifetime", "1d"], 2),
                (OLD, ["--max-lifetime", "4294967296"], 2),
                (None, ["--policy", "default"], 2),
                (None, ["--open", "--policy", "v2-alone"], 2),
                (None, ["--leeway", "1"], 2),
                (None, ["--max-lifetime", "1"], 2),
            ]:
                with self.subTest(token=token, arguments=arguments):
                    if token is not None:
                        file.write_text(token)
                        arguments = ["--token-file", str(file), *arguments]
                    done = subprocess.run([BINARY, "--root", directory, "--port", "0", *arguments],
                                          capture_output=True, timeout=60)
                    self.assertEqual((done.returncode, done.stdout), (status, b""), done.stderr)
                    self.assertIn(b"controller: ", done.stderr)


    def test_policies_are_selected_by_name(self):
        for token, policy in [(TOKEN, "default"), (OLD, "default"), (TOKEN, "e2b-sdks"), (OLD, "v2-alone")]:
            daemon = self.start("--policy", policy, token=token)
            self.assertAccepts(daemon, [token], ["other"])
            self.stop(daemon, token)


class HangUp(TokensTest):
    def test_tokens_rotate_without_an_outage(self):
        for old, new in [(OLD, NEW), (TOKEN, "another token")]:
            daemon = self.start(token=old)
            self.assertAccepts(daemon, [old], [new])
            said = daemon.hang_up(old, new)
            self.assertEqual(said, [f"controller: access tokens read again: {fingerprint(old)} {fingerprint(new)}"])
            self.assertAccepts(daemon, [old, new], [])
            said = daemon.hang_up(new)
            self.assertEqual(said, [f"controller: access tokens read again: {fingerprint(new)}"])
            self.assertAccepts(daemon, [new], [old])
            self.stop(daemon, old, new)

    def test_urls_follow_the_tokens(self):
        daemon = self.start(token=OLD)
        (daemon.root / "a").write_text("a")
        for tokens, old, new in [([OLD], 200, 401), ([OLD, NEW], 200, 200), ([NEW], 401, 200)]:
            daemon.hang_up(*tokens)
            for token, status in [(OLD, old), (NEW, new)]:
                self.assertEqual(daemon.ask("GET", v2.signed_url("read", "/a", LATER, token=token)).status, status)
        self.stop(daemon, OLD, NEW)

    def test_tokens_can_change_the_format(self):
        daemon = self.start(token=TOKEN)
        (daemon.root / "a").write_text("a")
        first, second = signed_url("/a", "read"), v2.signed_url("read", "/a", LATER)
        self.assertEqual([daemon.ask("GET", url).status for url in [first, second]], [200, 401])
        daemon.hang_up(OLD)
        self.assertEqual([daemon.ask("GET", url).status for url in [first, second]], [400, 200])
        self.assertEqual(daemon.ask("PUT", files_url("/b"), b"b", {"X-Access-Token": OLD}).status, 200)
        daemon.hang_up(TOKEN)
        self.assertEqual([daemon.ask("GET", url).status for url in [first, second]], [200, 401])
        self.stop(daemon, OLD, TOKEN)

    def test_a_bad_file_changes_nothing(self):
        daemon = self.start("--policy", "v2-alone", token=OLD)
        file = daemon.token_file
        for tokens in [[""], [NEW, ""], [NEW, TOKEN], [TOKEN], [NEW[:-1]], [NEW, NEW], [NEW + " "], [NEW] * 9]:
            with self.subTest(tokens=tokens):
                said = daemon.hang_up(*tokens)
                self.assertEqual(len(said), 2, said)
                self.assertTrue(said[0].startswith(f"controller: {file}: line "), said)
                self.assertEqual(said[1], STAY)
                self.assertAccepts(daemon, [OLD], [NEW, NEW[:-1], TOKEN, ""])
        file.unlink()
        self.assertEqual(daemon.hang_up(), [f"controller: {file}: No such file or directory", STAY])
        file.mkdir()
        self.assertEqual(daemon.hang_up(), [f"controller: {file}: Is a directory", STAY])
        file.rmdir()
        os.mkfifo(file)
        self.assertEqual(daemon.hang_up(), [f"controller: {file}: line 1: the access token must not be empty", STAY])
        file.unlink()
        self.assertAccepts(daemon, [OLD], [NEW])
        daemon.hang_up(NEW)
        self.assertAccepts(daemon, [NEW], [OLD])
        self.stop(daemon, OLD, NEW, TOKEN)

    def test_sighup_without_a_file_only_reports(self):
        daemon = self.start(token=None, environment={"SANDGATE_ACCESS_TOKEN": OLD})
        self.assertEqual(daemon.hang_up(),
                         ["controller: $SANDGATE_ACCESS_TOKEN cannot be read again; the access tokens stay as they were"])
        self.assertAccepts(daemon, [OLD], [NEW])
        self.stop(daemon, OLD)
        daemon = self.start(token=None)
        self.assertEqual(daemon.hang_up(),
                         ["controller: there is no access token to read again; every request is allowed"])
        self.assertAccepts(daemon, [OLD, ""], [])
        self.stop(daemon)

    def test_a_running_upload_keeps_its_decision(self):
        daemon = self.start(token=OLD)
        with daemon.socket() as sock:
            lines = [f"PUT {files_url('/running')} HTTP/1.1", "Host: x", f"X-Access-Token: {OLD}", "Content-Length: 10"]
            sock.sendall("\r\n".join([*lines, "", ""]).encode() + b"first")
            daemon.wait_for_temporary(True)
            daemon.hang_up(NEW)
            sock.sendall(b"later")
            response = http.client.HTTPResponse(sock)
            response.begin()
            self.assertEqual(Answer(response).status, 200)
        self.assertEqual((daemon.root / "running").read_bytes(), b"firstlater")
        self.assertAccepts(daemon, [NEW], [OLD])
        self.stop(daemon, OLD, NEW)

    def test_every_request_uses_one_complete_set(self):
        third = v2.access_token(bytes(32), "c")
        daemon = self.start(token=f"{OLD}\n{third}")
        over = threading.Event()

        def ask():
            statuses = set()
            with daemon.connection() as connection:
                while not over.is_set():
                    connection.request("GET", "/metrics", headers={"X-Access-Token": third})
                    statuses.add(Answer(connection.getresponse()).status)
            return statuses

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            asking = [pool.submit(ask) for _ in range(4)]
            for i in range(50):
                daemon.hang_up(*([NEW, third] if i % 2 == 0 else [third, OLD]))
            over.set()
            for each in asking:
                self.assertEqual(each.result(), {404})
        self.stop(daemon, OLD, NEW, third)
