"""A failed upload leaves nothing."""

import contextlib
import os
import resource
import unittest

from daemon import TEMPORARY, Daemon, DaemonTest
from wire import FORM, OCTETS, TOKEN, WITH_TOKEN, files_url, form, part

LEFT = TEMPORARY + "0123456789abcdef"


def begin_upload(daemon, path):
    sock = daemon.socket()
    lines = [f"POST {files_url(path)} HTTP/1.1", "Host: x", f"X-Access-Token: {TOKEN}",
             "Content-Type: application/octet-stream", "Content-Length: 10"]
    sock.sendall("\r\n".join([*lines, "", ""]).encode() + b"begun")
    return contextlib.closing(sock)


class Killed(unittest.TestCase):
    def start(self, **keywords):
        daemon = Daemon(**keywords)
        self.addCleanup(daemon.kill)
        return daemon

    def test_temporary_files_of_a_killed_daemon_are_removed(self):
        killed = self.start()
        with begin_upload(killed, "/a"), begin_upload(killed, "/deep/er/and/deeper/b"):
            while len(killed.everything()) < 2:
                pass
            killed.process.kill()
            killed.process.wait()
        self.assertEqual(len(killed.everything()), 2)
        # Files with similar names, or in other places.
        kept = [LEFT + "0", LEFT + "x", LEFT[:-1], "x" + LEFT, LEFT.upper()]
        for name in kept:
            (killed.root / name).write_text("kept")
        kept.append(f"links/{LEFT}")
        (killed.root / "links").mkdir()
        (killed.root / "links" / LEFT).symlink_to(killed.outside / LEFT)
        (killed.root / "directory-link").symlink_to(killed.outside)
        (killed.outside / LEFT).write_text("kept")
        (killed.root / "here" / LEFT).mkdir(parents=True)
        deep = killed.root
        for _ in range(300):
            deep = deep / "d"
        deep.mkdir(parents=True)
        (deep / LEFT).write_text("left")

        with self.subTest("is removed"):
            daemon = self.start(root=killed.root)
            daemon.wait_for_log("removed 3 unfinished uploads")
            self.assertEqual(daemon.everything(), sorted(kept))
            self.assertTrue((killed.root / "here" / LEFT).is_dir())
            self.assertEqual((killed.outside / LEFT).read_text(), "kept")
            self.assertEqual(daemon.ask("GET", "/health").status, 204)

    def test_files_of_another_daemon_are_not_removed(self):
        first = self.start()
        with begin_upload(first, "/a") as sock:
            first.wait_for_temporary(True)
            second = self.start(root=first.root)
            second.wait_for_log("another daemon serves the same root")
            sock.sendall(b"ended")
            self.assertTrue(sock.recv(1000).startswith(b"HTTP/1.1 200 "))
        self.assertEqual((first.root / "a").read_bytes(), b"begunended")

    def test_a_full_disk_leaves_nothing(self):
        daemon = self.start(prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)))
        (daemon.root / "kept").write_text("old")
        large = b"x" * 1_500_000
        for body, headers in [(large, OCTETS), (form(part(b"x", "/a"), part(large, "/b")), FORM)]:
            target = files_url("/kept" if headers is OCTETS else None)
            answer = daemon.ask("POST", target, body, {**headers, **WITH_TOKEN})
            self.assertEqual((answer.status, answer.json["message"]), (507, "not enough disk space available"))
            self.assertEqual(daemon.everything(), ["kept"])
        self.assertEqual((daemon.root / "kept").read_text(), "old")
        self.assertEqual(daemon.stop()[0], 0)


class Reserved(DaemonTest):
    def test_unfinished_uploads_are_never_served(self):
        with begin_upload(self.daemon, "/served/x") as sock:
            self.daemon.wait_for_temporary(True)
            name = "/" + self.daemon.everything()[0]
            self.assertProblem(self.ask("GET", files_url(name), headers=WITH_TOKEN), 404,
                               f"path '{name}' does not exist")
            self.assertEqual(self.ask("GET", files_url("/served/x"), headers=WITH_TOKEN).status, 404)
            for path in [name, name + "/below", f"/new/{TEMPORARY}x/y", f"/{LEFT.upper()}"]:
                for target, body, headers in [
                    (files_url(path), b"other", OCTETS), (files_url(), form(part(b"other", path)), FORM),
                ]:
                    answer = self.ask("POST", target, body, {**headers, **WITH_TOKEN})
                    self.assertProblem(answer, 400, f"path '{path}' is reserved for unfinished uploads")
            self.assertEqual(["/" + path for path in self.daemon.everything()], [name])
            sock.sendall(b"ended")
            self.assertTrue(sock.recv(1000).startswith(b"HTTP/1.1 200 "))
        self.assertEqual((self.daemon.root / "served/x").read_bytes(), b"begunended")


class AllOrNothing(DaemonTest):
    def test_a_form_is_written_completely_or_not_at_all(self):
        (self.daemon.root / "old").write_text("old")
        os.chmod(self.daemon.root / "old", 0o640)
        inode = (self.daemon.root / "old").stat().st_ino
        # The third file needs a directory in place of the second.
        for names in [["/old", "/new", "/a", "/a/b"], ["/a", "/a/b", "/old"], ["/new", "/a", "/old", "/a/b"]]:
            with self.subTest(names=names):
                with contextlib.suppress(FileNotFoundError):
                    (self.daemon.root / "a").rmdir()
                answer = self.ask("POST", files_url(), form(*[part(b"new", name) for name in names]),
                                  {**FORM, **WITH_TOKEN})
                self.assertProblem(answer, 400, "path '/a' is a directory")
                self.assertEqual(self.daemon.everything(), ["old"])
                self.assertEqual((self.daemon.root / "old").read_text(), "old")
                self.assertEqual((self.daemon.root / "old").stat().st_ino, inode)
        answer = self.ask("POST", files_url(), form(part(b"1", "/old"), part(b"2", "/z")), {**FORM, **WITH_TOKEN})
        self.assertWritten(answer, "/old", "/z")
        self.assertEqual(self.daemon.everything(), ["old", "z"])
        self.assertEqual((self.daemon.root / "old").read_bytes(), b"1")
        self.assertEqual((self.daemon.root / "old").stat().st_mode & 0o777, 0o640)
