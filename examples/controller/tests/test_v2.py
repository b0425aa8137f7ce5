"""URLs signed with a v2 token."""

import time

import v2
from daemon import DaemonTest
from wire import (
    EXPIRED, FORM, MALFORMED, MISMATCH, NO_SIGNATURE, OCTETS, ODD_NAMES, UNAUTHORIZED, WRONG_SIGNATURE, form, part,
    sign,
)
from v2 import OUT_OF_SCOPE, SIGNATURE_TOO_LONG, WITH_TOKEN, signed_url

LATER = int(time.time()) + 1000


class Signed(DaemonTest):
    token = v2.TOKEN

    def write_at(self, path, content=b"content"):
        place = self.daemon.root / path[1:]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    def upload(self, method, url, body=b"new"):
        return self.ask(method, url, body, OCTETS)

    def test_every_method_accepts_only_its_operation(self):
        self.write_at("/both")
        read, write = signed_url("read", "/both", LATER), signed_url("write", "/both", LATER)
        self.assertEqual(self.ask("GET", read).body, b"content")
        self.assertEqual(self.ask("HEAD", read).headers["Content-Length"], "7")
        for method in ["POST", "PUT"]:
            self.assertWritten(self.upload(method, write), "/both")
            self.assertRefused(self.upload(method, read), WRONG_SIGNATURE)
        self.assertRefused(self.ask("GET", write), WRONG_SIGNATURE)
        self.assertEqual(self.ask("HEAD", write).status, 401)
        for method in ["DELETE", "PATCH", "OPTIONS", "put", "head"]:
            self.assertRefused(self.ask(method, write), UNAUTHORIZED)
        for path in ["/files/", "/Files", "/files/both"]:
            self.assertRefused(self.upload("PUT", write.replace("/files", path)), UNAUTHORIZED)

    def test_names_and_users_are_verified(self):
        for name in ODD_NAMES:
            for user in [None, "", "ada"]:
                with self.subTest(name=name, user=user):
                    where = f"/home/{user or 'user'}/{name}"
                    answer = self.upload("PUT", signed_url("write", name, LATER, user=user), name.encode())
                    self.assertWritten(answer, where)
                    answer = self.ask("GET", signed_url("read", name, LATER, user=user))
                    self.assertEqual(answer.body, name.encode())

    def test_changed_urls_are_refused(self):
        self.write_at("/a")
        now = int(time.time())
        good = signed_url("read", "/a", LATER)
        week = 7 * 24 * 60 * 60
        for url, message, status in [
            ("/files?path=/a", NO_SIGNATURE, 401),
            (good.replace("%2Fa", "%2Fb"), WRONG_SIGNATURE, 401),
            (good + "&username=ada", WRONG_SIGNATURE, 401),
            (signed_url("read", "/a", LATER, token=v2.OTHER_TOKEN), WRONG_SIGNATURE, 401),
            (signed_url("read", "/a", LATER, token=v2.access_token(generation=1)), WRONG_SIGNATURE, 401),
            (signed_url("read", "/a", now - 1), EXPIRED, 401),
            (signed_url("read", "/a", now + week + 100), SIGNATURE_TOO_LONG, 401),
            (good + "&signature_more=1", MALFORMED, 400),
            (good + "&path=/a", MALFORMED, 400),
            (good.replace("signature=v2.", "signature=v1_"), MALFORMED, 400),
            (f"/files?path=/a&signature={sign('/a', 'read', token=v2.TOKEN)}&signature_expiration={LATER}", MALFORMED,
             400),
            (signed_url("read", "/a", LATER, max_bytes=5), MALFORMED, 400),
            (signed_url("read", "/a", LATER, sha256=bytes(32)), MALFORMED, 400),
            (good.partition("&signature_expiration")[0], MALFORMED, 400),
        ]:
            with self.subTest(url=url):
                self.assertRefused(self.ask("GET", url), message, status)
                self.assertEqual(self.ask("HEAD", url).status, status)
        self.assertRefused(self.ask("GET", good, headers={"X-Access-Token": v2.OTHER_TOKEN}), MISMATCH)
        self.assertEqual(self.ask("GET", signed_url("read", "/a", now + week - 100)).status, 200)

    def test_a_directory_covers_its_files(self):
        def within(directory, path, operation="write"):
            return signed_url(operation, path, LATER, directory=directory)

        self.assertWritten(self.upload("PUT", within("/d/", "/d/a")), "/d/a")
        self.assertWritten(self.upload("POST", within("/d/", "/d/e/f/b")), "/d/e/f/b")
        self.assertWritten(self.upload("POST", within("/", "/d/c")), "/d/c")
        self.assertEqual(self.ask("GET", within("/d/", "/d/a", "read")).body, b"new")
        self.assertEqual(self.ask("HEAD", within("/d/", "/d/a", "read")).headers["Content-Length"], "3")
        before = self.daemon.everything()
        for path in ["/da", "/d", "/d/", "/d/../x", "/d/./x", "/d//x", "/e", "d/x", "/d/x/", "/d/x/..", "/d/x\\y",
                     "/d/x\ny"]:
            with self.subTest(path=path):
                for method in ["POST", "PUT"]:
                    self.assertRefused(self.upload(method, within("/d/", path)), OUT_OF_SCOPE)
                self.assertRefused(self.ask("GET", within("/d/", path, "read")), OUT_OF_SCOPE)
        url = within("/d/", "/d/a")
        self.assertRefused(self.upload("PUT", url.replace("directory=%2Fd%2F", "directory=%2F")), WRONG_SIGNATURE)
        self.assertNothingNew(before)

    def test_no_link_leads_out_of_a_directory(self):
        (self.daemon.outside / "secret").write_text("secret")
        self.write_at("/scope/plain")
        (self.daemon.root / "scope/out").symlink_to(self.daemon.outside)
        (self.daemon.root / "scope/up").symlink_to("..")
        (self.daemon.root / "scope/link").symlink_to("../both")
        for path in ["/scope/out/secret", "/scope/out/new", "/scope/up/new", "/scope/link"]:
            with self.subTest(path=path):
                message = f"path '{path}' goes through a symbolic link"
                url = signed_url("write", path, LATER, directory="/scope/")
                self.assertProblem(self.upload("PUT", url), 400, message)
                url = signed_url("read", path, LATER, directory="/scope/")
                self.assertProblem(self.ask("GET", url), 400, message)
        self.assertEqual([path.name for path in self.daemon.outside.iterdir()], ["secret"])

    def test_a_form_writes_only_the_granted_path(self):
        before = self.daemon.everything()
        for how in [{}, {"directory": "/form/"}]:
            url = signed_url("write", "/form/granted", LATER, **how)
            for parts in [
                [part(b"x", "/form/other"), part(b"y", "/form/granted")],
                [part(b"x"), part(b"y")],
                [part(b"x", "a"), part(b"", "a")],
                [part(b"x", "a", name="other"), part(b"y"), part(b"z")],
            ]:
                self.assertProblem(self.ask("POST", url, form(*parts), FORM), 400, "several files for one path")
            self.assertProblem(self.ask("POST", url, form(), FORM), 400, "no file in the request")
        self.assertNothingNew(before)
        for name in ["/elsewhere", "../up", "", None, "other"]:
            body = form(part(b"aside", "/aside", name="comment"), part(b"content", name))
            self.assertWritten(self.ask("POST", url, body, FORM), "/form/granted")
        self.assertEqual([name for name in self.daemon.everything() if name not in before], ["form/granted"])

    def test_a_url_without_a_path_is_refused(self):
        for url in [
            signed_url("write", "", LATER),
            signed_url("write", "", LATER, directory="/d/"),
            signed_url("write", "/a", LATER).replace("path=%2Fa&", ""),
        ]:
            self.assertRefused(self.ask("POST", url, form(part(b"x", "/chosen")), FORM), MALFORMED, 400)
        self.assertFalse((self.daemon.root / "chosen").exists())


class Policies(DaemonTest):
    token = v2.TOKEN
    options = ("--policy", "v2-alone", "--leeway", "300", "--max-lifetime", "1000")

    def test_leeway_and_lifetime_apply(self):
        self.write("a")
        now = int(time.time())
        for expires, message in [
            (now - 400, EXPIRED), (now - 100, None), (now + 900, None), (now + 1400, SIGNATURE_TOO_LONG),
        ]:
            answer = self.ask("GET", signed_url("read", "a", expires))
            if message is None:
                self.assertEqual(answer.body, b"content")
            else:
                self.assertRefused(answer, message)

    def test_a_v2_token_allows_files(self):
        self.write("a")
        self.assertEqual(self.ask("GET", "/files?path=a", headers=WITH_TOKEN).body, b"content")
        self.assertRefused(self.ask("GET", "/files?path=a", headers={"X-Access-Token": v2.OTHER_TOKEN}), MISMATCH)
