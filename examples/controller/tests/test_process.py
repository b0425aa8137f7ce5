"""Options, the source of the token, the end."""

import os
import pathlib
import socket
import subprocess
import tempfile
import unittest

from daemon import BINARY, Daemon
from wire import TOKEN, WITH_TOKEN


class Process(unittest.TestCase):
    def run_and_fail(self, *arguments, environment=None):
        done = subprocess.run([BINARY, *arguments], capture_output=True, timeout=60,
                              env={**os.environ, **(environment or {})})
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, b"")
        self.assertIn(b"controller: ", done.stderr)
        return done.stderr.decode()

    def test_a_missing_token_never_opens_it(self):
        with tempfile.TemporaryDirectory() as directory:
            root = ["--root", directory, "--port", "0"]
            files = {}
            for name, content in [("empty", b""), ("newline", b"\n"), ("long", b"x" * 257), ("good", b"good-token")]:
                files[name] = os.path.join(directory, name)
                pathlib.Path(files[name]).write_bytes(content)
            self.run_and_fail(*root, "--token-file", os.path.join(directory, "absent"))
            self.run_and_fail(*root, "--token-file", directory)
            self.assertIn("empty", self.run_and_fail(*root, "--token-file", files["empty"]))
            self.assertIn("empty", self.run_and_fail(*root, "--token-file", files["newline"]))
            self.assertNotIn("xxx", self.run_and_fail(*root, "--token-file", files["long"]))
            self.assertIn("empty", self.run_and_fail(*root, environment={"SANDGATE_ACCESS_TOKEN": ""}))
            self.run_and_fail(*root, "--open", environment={"SANDGATE_ACCESS_TOKEN": ""})
            self.run_and_fail(*root, "--open", environment={"SANDGATE_ACCESS_TOKEN": "good-token"})
            self.run_and_fail(*root, "--open", "--token-file", files["good"])

    def test_a_daemon_waits_only_without_a_token_and_with_a_socket(self):
        with tempfile.TemporaryDirectory() as directory:
            token, sock = os.path.join(directory, "token"), os.path.join(directory, "init.sock")
            pathlib.Path(token).write_text("good-token")
            root, on_socket = ["--root", directory, "--port", "0"], ["--init-socket", sock]
            for arguments, environment in [
                (["--wait"], {}),
                (["--open", "--expected-hash", token], {}),
                (["--wait", "--expected-hash", token], {}),
                ([*on_socket, "--wait", "--open"], {}),
                ([*on_socket, "--wait", "--token-file", token], {}),
                ([*on_socket, "--wait"], {"SANDGATE_ACCESS_TOKEN": "good-token"}),
                ([*on_socket, "--wait"], {"SANDGATE_ACCESS_TOKEN": ""}),
                (on_socket, {}),
                (["--init-socket", "", "--wait"], {}),
            ]:
                said = self.run_and_fail(*root, *arguments, environment=environment)
                self.assertRegex(said, "requires? --(init-socket|wait)|only one of .* and --wait may be given|must be a path")
                self.assertFalse(os.path.exists(sock))

    def test_bad_options_are_refused(self):
        with tempfile.TemporaryDirectory() as directory:
            for arguments in [
                [],
                ["--open"],
                ["--root", os.path.join(directory, "absent"), "--open"],
                ["--root", directory, "--open", "--port", "65536"],
                ["--root", directory, "--open", "--port", "-1"],
                ["--root", directory, "--open", "--port", ""],
                ["--root", directory, "--open", "--max-upload", "1G"],
                ["--root", directory, "--open", "--max-upload", "99999999999999999999"],
                ["--root", directory, "--open", "--host", "example"],
                ["--root", directory, "--open", "--max-connections", "0"],
                ["--root", directory, "--open", "--max-connections", "10001"],
                ["--root", directory, "--open", "--head-timeout", "0"],
                ["--root", directory, "--open", "--body-timeout", "1s"],
                ["--root", directory, "--open", "--answer-timeout", "-1"],
                ["--root", directory, "--open", "--idle-timeout", "86401"],
                ["--root", directory, "--open", "--token", "x"],
                ["--root", directory, "--open", "more"],
            ]:
                self.run_and_fail(*arguments)
        for option in ["--help", "--version"]:
            self.assertEqual(subprocess.run([BINARY, option], capture_output=True).returncode, 0)

    def test_a_refused_option_is_named_with_what_is_expected(self):
        expected = {
            "--policy": ("v3", "must be default, e2b-sdks or v2-alone"),
            "--leeway": ("a minute", "must be a number of seconds"),
            "--max-lifetime": ("a week", "must be a number of seconds"),
            "--host": ("example", "must be an IPv4 or IPv6 address"),
            "--port": ("65536", "must be a number from 0 to 65535"),
            "--max-upload": ("1G", "must be a number of bytes"),
            "--max-connections": ("0", "must be a number from 1 to 10000"),
            "--head-timeout": ("0", "must be 1 to 86400 seconds"),
            "--body-timeout": ("0", "must be 1 to 86400 seconds"),
            "--answer-timeout": ("0", "must be 1 to 86400 seconds"),
            "--idle-timeout": ("0", "must be 1 to 86400 seconds"),
        }
        token = {"SANDGATE_ACCESS_TOKEN": TOKEN}
        for option, (value, rule) in expected.items():
            problem = self.run_and_fail("--root", "/", option, value, environment=token).splitlines()[0]
            self.assertEqual(problem, f"controller: {option}: {rule}")

    def test_a_used_port_is_reported(self):
        with socket.create_server(("127.0.0.1", 0)) as taken, tempfile.TemporaryDirectory() as directory:
            port = str(taken.getsockname()[1])
            self.assertIn("Address already in use", self.run_and_fail("--root", directory, "--open", "--port", port))

    def test_the_token_can_come_from_the_environment(self):
        daemon = Daemon(token=None, environment={"SANDGATE_ACCESS_TOKEN": TOKEN})
        self.addCleanup(daemon.kill)
        self.assertEqual(daemon.ask("GET", "/x", headers=WITH_TOKEN).status, 404)
        self.assertEqual(daemon.ask("GET", "/x").status, 401)
        process = pathlib.Path(f"/proc/{daemon.process.pid}")
        if process.joinpath("exe").samefile(BINARY):  # under valgrind it is valgrind's own environment
            self.assertNotIn(TOKEN.encode(), process.joinpath("environ").read_bytes())
        status, _, log = daemon.stop()
        self.assertEqual(status, 0)
        self.assertNotIn(TOKEN, log)

    def test_only_one_newline_is_removed(self):
        for token in ["ends-with-space ", "x" * 256]:
            daemon = Daemon(token=token)
            self.addCleanup(daemon.kill)
            self.assertEqual(daemon.ask("GET", "/x").status, 401)
            self.assertEqual(daemon.stop()[0], 0)
