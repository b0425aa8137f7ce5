"""POST /files."""

import concurrent.futures
import gzip
import os
import random
import re
import signal
import time
from urllib.parse import quote, quote_plus

from daemon import LIMIT, Daemon, DaemonTest
from wire import (
    BOUNDARY, EXPIRED, FORM, NO_SIGNATURE, OCTETS, ODD_NAMES, TOKEN, WITH_TOKEN, WRONG_SIGNATURE,
    files_url, form, html_name, httpx_name, part, signed_url,
)


class Uploads(DaemonTest):
    SIZES = [0, 1, 4095, 4096, 4097, 65535, 65536, 65537, 3_000_000]

    def post(self, target, body, *headers, chunked=False):
        merged = dict(WITH_TOKEN)
        for each in headers:
            merged.update(each)
        return self.ask("POST", target, body, merged, chunked=chunked)

    def test_uploads_of_all_sizes_are_written(self):
        for size in self.SIZES:
            content = random.randbytes(size)
            pieces = lambda body: (body[i : i + 1777] for i in range(0, len(body), 1777))
            formed = form(part(content, "ignored"))
            for name, headers, body, chunked in [
                ("octets", OCTETS, content, False),
                ("octets-chunked", OCTETS, pieces(content), True),
                ("form", FORM, formed, False),
                ("form-chunked", FORM, pieces(formed), True),
                ("gzip", {**OCTETS, "Content-Encoding": "gzip"}, gzip.compress(content), False),
                ("gzip-chunked", {**OCTETS, "Content-Encoding": "gzip"}, pieces(gzip.compress(content)), True),
                ("gzip-form", {**FORM, "Content-Encoding": "gzip"}, gzip.compress(formed), False),
            ]:
                with self.subTest(size=size, name=name):
                    path = f"/sizes/{name}/{size}"
                    self.assertWritten(self.post(files_url(path), body, headers, chunked=chunked), path)
                    self.assertEqual((self.daemon.root / path[1:]).read_bytes(), content)
                    self.assertEqual(self.ask("GET", files_url(path), headers=WITH_TOKEN).body, content)

    def test_content_that_looks_like_a_boundary_is_kept(self):
        marker = f"\r\n--{BOUNDARY}".encode()
        contents = [
            b"\r", b"\r\n", b"\n", b"\r\r\r", b"\r\n\r\n", b"\r\n--", b"--" + BOUNDARY.encode(), marker[:-1],
            marker[:-1] * 5000, b"\r\n" + marker[:-1] + b"\r", b"\r" * 100_000, b"\r\n-" * 50_000, b"--\r\n",
            f"\n--{BOUNDARY}--\r\n".encode(), marker[:-1] + b"X" + marker[:10], b"x" * 70_000 + marker[:20],
        ]
        for content in contents:
            body = form(part(content, "a"), part(content, "b"))
            for step in [len(body), 1 if len(body) < 2000 else 7919]:
                with self.subTest(content=content[:60], step=step):
                    pieces = (body[i : i + step] for i in range(0, len(body), step))
                    answer = self.post(files_url(), pieces, FORM, chunked=True)
                    self.assertWritten(answer, "/home/user/a", "/home/user/b")
                    self.assertEqual(self.daemon.home("a").read_bytes(), content)
                    self.assertEqual(self.daemon.home("b").read_bytes(), content)

    def test_the_query_names_the_file(self):
        for name in ODD_NAMES:
            path = "/names/" + name
            for escape in [lambda text: quote(text, safe=""), quote_plus]:
                self.assertWritten(self.post(files_url(path, escape=escape), name.encode(), OCTETS), path)
                self.assertWritten(self.post(files_url(path, escape=escape), form(part(name.encode())), FORM), path)
                self.assertEqual((self.daemon.root / path[1:]).read_bytes(), name.encode())

    def test_the_form_names_the_file(self):
        names = [name for name in ODD_NAMES if "%41" not in name] + ["100% %2 %zz %41", "a\rb", "中/nested/文"]
        for wire in [httpx_name, html_name]:
            for name in names:
                with self.subTest(name=name, wire=wire.__name__):
                    self.assertWritten(self.post(files_url(), form(part(name.encode(), name, wire=wire)), FORM),
                                       "/home/user/" + name)
                    self.assertEqual(self.daemon.home(name).read_bytes(), name.encode())
        body = form(part(b"", 'go"style\\', wire=lambda name: re.sub(r'(["\\])', r"\\\1", name)))
        self.assertWritten(self.post(files_url(), body, FORM), '/home/user/go"style\\')

    def test_a_form_can_have_many_files(self):
        parts = [part(f"{i}".encode(), f"/many/{i % 7}/{i}") for i in range(200)]
        parts.insert(3, part(b"no file", name="comment"))
        parts.insert(5, part(b"no file either", "name", name="other"))
        self.assertWritten(self.post(files_url(), form(*parts), FORM), *(f"/many/{i % 7}/{i}" for i in range(200)))
        for i in range(200):
            self.assertEqual((self.daemon.root / f"many/{i % 7}/{i}").read_text(), str(i))

    def test_the_user_selects_the_home(self):
        self.assertWritten(self.post(files_url("a", "ada"), b"x", OCTETS), "/home/ada/a")
        self.assertWritten(self.post(files_url("a", "root"), b"x", OCTETS), "/root/a")
        self.assertWritten(self.post(files_url(None, "ada"), form(part(b"x", "b")), FORM), "/home/ada/b")
        self.assertProblem(self.post(files_url("a", "../x"), b"x", OCTETS), 400, "invalid username")
        self.assertProblem(self.post(files_url(None, "../x"), form(part(b"x", "b")), FORM), 400, "invalid username")

    def test_signed_uploads_are_written(self):
        later = int(time.time()) + 100
        url = signed_url("signed 中", "write", "ada", later)
        self.assertWritten(self.ask("POST", url, b"x", OCTETS), "/home/ada/signed 中")
        url = signed_url(None, "write", None, later)
        self.assertWritten(self.ask("POST", url, form(part(b"x", "chosen")), FORM), "/home/user/chosen")
        before = self.daemon.everything()
        for url, message in [
            (signed_url("late", "write", None, 1), EXPIRED),
            (signed_url("late", "read", None, later), WRONG_SIGNATURE),
            (files_url("late"), NO_SIGNATURE),
        ]:
            self.assertRefused(self.ask("POST", url, b"x" * 100_000, OCTETS), message)
        self.assertNothingNew(before)

    def test_malformed_uploads_are_refused(self):
        before = self.daemon.everything()
        good = part(b"x", "a")
        disposition = b"Content-Disposition: form-data; name=file; filename=a\r\n"
        opened = f"--{BOUNDARY}\r\n".encode()
        for body, headers in [
            (b"x", {}),
            (b"x", {"Content-Type": "text/plain"}),
            (b"x", {"Content-Type": "application/octet-streams"}),
            (b"x", OCTETS),
            (form(good), {"Content-Type": "multipart/form-data"}),
            (form(good), {"Content-Type": "multipart/form-data; boundary="}),
            (form(good), {"Content-Type": f"multipart/form-data; boundary={'x' * 71}"}),
            (form(good), {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}; boundary=x"}),
            (form(good), {"Content-Type": f"multipart/mixed; boundary={BOUNDARY}"}),
            (b"", FORM),
            (form(), FORM),
            (b"preamble\r\n" + form(good), FORM),
            (form(good)[:-4], FORM),
            (good, FORM),
            (form(part(b"x")), FORM),
            (form(part(b"x", "")), FORM),
            (form(part(b"x", "a", name="other")), FORM),
            (form(good, part(b"x", "/home/user/a")), FORM),
            (form(opened + b"\r\nx\r\n"), FORM),
            (form(opened + b"X: y\r\n\r\nx\r\n"), FORM),
            (form(opened + disposition + disposition + b"\r\nx\r\n"), FORM),
            (form(opened + disposition + b" folded\r\n\r\nx\r\n"), FORM),
            (form(opened + b"no colon\r\n" + disposition + b"\r\nx\r\n"), FORM),
            (form(opened + b"X: \x00\r\n" + disposition + b"\r\nx\r\n"), FORM),
            (form(opened + b"X: " + b"y" * 20_000 + b"\r\n" + disposition + b"\r\nx\r\n"), FORM),
            (form(opened + disposition.replace(b"form-data", b"attachment") + b"\r\nx\r\n"), FORM),
            (form(opened + disposition.replace(b"=a", b'="a') + b"\r\nx\r\n"), FORM),
            (form(opened + disposition.replace(b"=a", b"=a; filename=b") + b"\r\nx\r\n"), FORM),
            (form(opened + disposition.replace(b"=a", b"=a; filename*=UTF-8''b") + b"\r\nx\r\n"), FORM),
            (f"--{BOUNDARY}xx\r\n".encode() + form(good), FORM),
        ]:
            with self.subTest(body=body[:150], headers=headers):
                self.assertProblem(self.post(files_url(), body, headers), 400)
        for second in [good, part(b"x", "b")]:
            self.assertProblem(self.post(files_url("/a"), form(good, second), FORM), 400, "several files for one path")
        self.assertNothingNew(before)

    def test_malformed_gzip_is_refused(self):
        before = self.daemon.everything()
        packed = gzip.compress(b"hello" * 1000)
        zipped = {**OCTETS, "Content-Encoding": "gzip"}
        for body in [b"", b"hello", packed[:-1], packed[:20], packed + b"trailing", packed[:-8] + b"\0" * 8]:
            self.assertProblem(self.post(files_url("/z"), body, zipped), 400, "malformed gzip body")
        self.assertProblem(self.post(files_url("/z"), b"", {**OCTETS, "Content-Encoding": "br"}), 415)
        self.assertProblem(self.post(files_url("/z"), gzip.compress(b"\0" * (LIMIT + 1)), zipped), 413)
        self.assertNothingNew(before)
        self.assertWritten(self.post(files_url("/z"), packed + packed, zipped), "/z")
        self.assertEqual((self.daemon.root / "z").read_bytes(), b"hello" * 2000)

    def test_an_upload_over_the_limit_is_413(self):
        content = random.randbytes(LIMIT)
        self.assertWritten(self.post(files_url("/full"), content, OCTETS), "/full")
        before = self.daemon.everything()
        more = content + b"x"
        pieces = lambda: (more[i : i + 100_000] for i in range(0, len(more), 100_000))
        for answer in [
            self.post(files_url("/over"), more, OCTETS),
            self.post(files_url("/over"), more * 5, OCTETS),
            self.post(files_url("/over"), pieces(), OCTETS, chunked=True),
            self.post(files_url(), form(part(b"x", "small"), part(content, "over")), FORM),
        ]:
            self.assertProblem(answer, 413, f"upload is larger than {LIMIT} bytes")
        self.assertNothingNew(before)
        self.assertEqual((self.daemon.root / "full").read_bytes(), content)

    def test_overwriting_keeps_the_permissions(self):
        self.write("over", b"old")
        os.chmod(self.daemon.home("over"), 0o751)
        inode = self.daemon.home("over").stat().st_ino
        with open(self.daemon.home("over"), "rb") as reader:
            self.assertWritten(self.post(files_url("over"), b"new", OCTETS), "/home/user/over")
            self.assertEqual(reader.read(), b"old")
        self.assertEqual(self.daemon.home("over").read_bytes(), b"new")
        self.assertNotEqual(self.daemon.home("over").stat().st_ino, inode)
        self.assertEqual(self.daemon.home("over").stat().st_mode & 0o7777, 0o751)

    def test_concurrent_readers_see_complete_files(self):
        contents = [bytes([number]) * 300_000 for number in range(8)]
        self.write("shared", contents[0])
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            writes = [pool.submit(self.post, files_url("shared"), content, OCTETS) for content in contents * 3]
            reads = [pool.submit(self.ask, "GET", files_url("shared"), None, WITH_TOKEN) for _ in range(24)]
            for write in writes:
                self.assertWritten(write.result(), "/home/user/shared")
            for read in reads:
                self.assertIn(read.result().body, contents)


class Interrupted(DaemonTest):
    def start_upload(self, sock, path, headers, body, length):
        lines = [f"POST {files_url(path)} HTTP/1.1", "Host: x", f"X-Access-Token: {TOKEN}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines.append(f"Content-Length: {length}" if length else "Transfer-Encoding: chunked")
        sock.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    def test_interrupted_upload_leaves_nothing(self):
        self.write("kept", b"old")
        before = self.daemon.everything()
        half = form(part(b"one", "first"), part(b"x" * 100_000, "second"))[:50_000]
        for path, headers, body, length in [
            ("kept", OCTETS, b"x" * 50_000, 100_000),
            ("kept", OCTETS, b"a\r\n" + b"x" * 10 + b"\r\n5\r\nab", None),
            (None, FORM, half, 200_000),
        ]:
            with self.daemon.socket() as sock:
                self.start_upload(sock, path, headers, body, length)
                self.daemon.wait_for_temporary(True)
                self.assertEqual(self.daemon.home("kept").read_bytes(), b"old")
            self.daemon.wait_for_temporary(False)
            self.assertNothingNew(before)
        self.assertEqual(self.daemon.home("kept").read_bytes(), b"old")

    def test_a_stop_during_an_upload_leaves_nothing(self):
        for number in [signal.SIGTERM, signal.SIGINT]:
            daemon = Daemon()
            self.addCleanup(daemon.kill)
            with daemon.socket() as sock:
                self.start_upload(sock, "/half", OCTETS, b"x" * 50_000, 100_000)
                daemon.wait_for_temporary(True)
                left = daemon.root / "half"
                status, temporary, log = daemon.stop(number)
            self.assertEqual((status, temporary, left.exists()), (0, [], False), log)
