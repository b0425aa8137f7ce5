"""GET /files."""

import json
import os
import random
import re
from urllib.parse import unquote

from daemon import DaemonTest
from wire import ODD_NAMES, WITH_TOKEN, files_url


class Downloads(DaemonTest):
    def get(self, path, user=None):
        return self.ask("GET", files_url(path, user), headers=WITH_TOKEN)

    def test_a_download_has_its_headers(self):
        self.write("a.txt", b"hello")
        answer = self.get("a.txt")
        self.assertEqual(answer.body, b"hello")
        self.assertEqual(answer.headers["Content-Type"], "application/octet-stream")
        self.assertEqual(answer.headers["Content-Length"], "5")
        self.assertEqual(answer.headers["Content-Disposition"], "inline; filename=a.txt")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_disposition_encodes_unusual_names(self):
        for name in [*ODD_NAMES[1:], "evil\r\nSet-Cookie: a=b", "a\x7fb", "x" * 255, "é" * 127]:
            with self.subTest(name=name):
                self.write(name)
                answer = self.get("/home/user/" + name)
                self.assertEqual((answer.status, answer.body), (200, b"content"))
                self.assertNotIn("Set-Cookie", answer.headers)
                disposition = answer.headers["Content-Disposition"]
                plain = re.fullmatch(r"inline; filename=([A-Za-z0-9.~+_-]+)", disposition)
                quoted, extended = r'filename="([ -!#-$&-\[\]-~]*)"', r"filename\*=UTF-8''([!-~]+)"
                both = re.fullmatch(f"inline; {quoted}; {extended}", disposition)
                self.assertTrue(plain or both, disposition)
                self.assertEqual(plain[1] if plain else unquote(both[2]), name)

    def test_a_missing_file_is_404(self):
        self.write("file")
        for path, seen in [
            ("/nope", "/nope"),
            ("nope 中", "/home/user/nope 中"),
            ("/a/b/c", "/a/b/c"),
            ('/"q\\', '/"q\\'),
            ("/home/user/file/below", "/home/user/file/below"),
        ]:
            answer = self.get(path)
            self.assertEqual(answer.status, 404)
            self.assertEqual(answer.headers["Content-Type"], "application/json")
            expected = json.dumps({"code": 404, "message": f"path '{seen}' does not exist"},
                                  separators=(",", ":"), ensure_ascii=False)
            self.assertEqual(answer.body.decode(), expected)

    def test_relative_paths_start_in_the_users_home(self):
        for directory in ["home/user", "home/ada", "root"]:
            (self.daemon.root / directory).mkdir(parents=True, exist_ok=True)
            (self.daemon.root / directory / "who").write_text(directory)
        self.assertEqual(self.get("who").body, b"home/user")
        self.assertEqual(self.get("./who", "user").body, b"home/user")
        self.assertEqual(self.get("who", "ada").body, b"home/ada")
        self.assertEqual(self.get("who", "root").body, b"root")
        self.assertEqual(self.get("//home/.//ada/./who", "root").body, b"home/ada")
        for user in ["..", ".", "a/b", "../root", "a\0b"]:
            self.assertProblem(self.get("who", user), 400, "invalid username")

    def test_anything_but_a_regular_file_is_400(self):
        self.daemon.home("directory").mkdir(parents=True, exist_ok=True)
        os.mkfifo(self.daemon.home("fifo"))
        self.assertProblem(self.get("directory"), 400, "path '/home/user/directory' is a directory")
        self.assertProblem(self.get("/"), 400, "path '/' is a directory")
        self.assertProblem(self.get(None), 400, "path '/home/user' is a directory")
        self.assertProblem(self.get("fifo"), 400, "path '/home/user/fifo' is not a regular file")

    def test_large_and_empty_files_are_served(self):
        content = random.randbytes(3_000_001)
        self.write("large", content)
        self.assertEqual(self.get("large").body, content)
        self.write("empty", b"")
        answer = self.get("empty")
        self.assertEqual((answer.status, answer.body, answer.headers["Content-Length"]), (200, b"", "0"))
