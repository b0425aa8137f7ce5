"""The root, and paths outside it."""

from daemon import DaemonTest
from wire import FORM, OCTETS, TOKEN, WITH_TOKEN, files_url, form, part


class Beneath(DaemonTest):
    """Nothing outside the root can be read or written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        root, outside = cls.daemon.root, cls.daemon.outside
        (outside / "secret").write_text("secret")
        (root / "inside").mkdir()
        (root / "inside" / "file").write_text("inside")
        (root / "absolute").symlink_to(outside / "secret")
        (root / "relative").symlink_to("../outside/secret")
        (root / "directory").symlink_to(outside)
        (root / "harmless").symlink_to("inside/file")
        (root / "harmless-directory").symlink_to("inside")
        (root / "dangling").symlink_to(outside / "new")
        (root / "magic").symlink_to("/proc/self/root")

    def assertOutsideUntouched(self):
        self.assertEqual([path.name for path in self.daemon.outside.iterdir()], ["secret"])
        self.assertEqual((self.daemon.outside / "secret").read_text(), "secret")

    def both(self, path):
        yield self.ask("GET", files_url(path), headers=WITH_TOKEN)
        yield self.ask("POST", files_url(path), b"written", {**OCTETS, **WITH_TOKEN})
        yield self.ask("POST", files_url(), form(part(b"written", path)), {**FORM, **WITH_TOKEN})
        self.assertOutsideUntouched()

    def test_dot_segments_are_refused(self):
        for path in ["..", "../../../outside/secret", "/../outside/secret", "/inside/../../outside/secret",
                     "/inside/../inside/file", "/inside/.."]:
            for answer in self.both(path):
                self.assertProblem(answer, 400, "path contains '..'")

    def test_absolute_paths_are_below_the_root(self):
        self.assertProblem(self.ask("GET", files_url("/etc/passwd"), headers=WITH_TOKEN), 404,
                           "path '/etc/passwd' does not exist")
        real = str(self.daemon.outside / "secret")
        self.assertProblem(self.ask("GET", files_url(real), headers=WITH_TOKEN), 404, f"path '{real}' does not exist")
        written = self.ask("POST", files_url("/etc/passwd"), b"mine", {**OCTETS, **WITH_TOKEN})
        self.assertWritten(written, "/etc/passwd")
        self.assertEqual((self.daemon.root / "etc" / "passwd").read_bytes(), b"mine")

    def test_symbolic_links_are_not_followed(self):
        for path in ["/absolute", "/relative", "/directory/secret", "/directory/new", "/directory/new/new", "/harmless",
                     "/harmless-directory/file", "/dangling", "/magic/etc/passwd", "/directory"]:
            with self.subTest(path=path):
                for answer in self.both(path):
                    self.assertProblem(answer, 400, f"path '{path}' goes through a symbolic link")
        self.assertEqual((self.daemon.root / "inside" / "file").read_text(), "inside")
        self.assertTrue((self.daemon.root / "absolute").is_symlink())

    def test_nul_and_unusual_bytes_are_handled(self):
        for target in ["/files?path=/inside/file%00", "/files?path=%00", "/files?path=/inside%00/../x"]:
            for method, body in [("GET", None), ("POST", b"x")]:
                answer = self.ask(method, target, body, {**OCTETS, **WITH_TOKEN})
                self.assertProblem(answer, 400, "path contains a NUL byte")
        self.assertProblem(self.ask("GET", "/files?path=/%ff", headers=WITH_TOKEN), 400, "path is not UTF-8")
        self.assertProblem(self.ask("GET", "/files?path=/%ed%a0%80", headers=WITH_TOKEN), 400, "path is not UTF-8")

    def test_long_names_are_refused(self):
        for path in ["/" + "x" * 256, "/" + "x/" * 2500, "x" * 5000, "/" + "x" * 256 + "/y"]:
            for answer in self.both(path):
                self.assertEqual(answer.status, 400)
                self.assertIn("too long", answer.json["message"])
        self.assertWritten(self.ask("POST", files_url("/" + "x" * 255), b"", {**OCTETS, **WITH_TOKEN}), "/" + "x" * 255)

    def test_a_file_in_place_of_a_directory_is_refused(self):
        answer = self.ask("POST", files_url("/inside/file/new"), b"x", {**OCTETS, **WITH_TOKEN})
        self.assertProblem(answer, 400, "path '/inside/file/new' goes through something that is not a directory")
        answer = self.ask("POST", files_url("/inside"), b"x", {**OCTETS, **WITH_TOKEN})
        self.assertProblem(answer, 400, "path '/inside' is a directory")
        self.assertProblem(self.ask("POST", files_url("/"), b"x", {**OCTETS, **WITH_TOKEN}), 400)


class Moved(DaemonTest):
    """A directory that is moved during an upload into it."""

    def test_the_upload_does_not_follow_it(self):
        root, outside = self.daemon.root, self.daemon.outside
        for number, (move, status) in enumerate([
            (lambda directory: directory.rename(outside / directory.name), 409),
            (lambda directory: directory.rename(root / f"{directory.name}-elsewhere"), 409),
            (lambda directory: (directory.rename(outside / directory.name), directory.mkdir()), 409),
            (lambda directory: (directory.rename(outside / directory.name),
                                directory.symlink_to(outside / directory.name)), 409),
            (lambda directory: directory.rename(outside / directory.name).rename(directory), 200),
        ]):
            for above in ["", "/below"]:
                for headers in [OCTETS, FORM]:
                    with self.subTest(number=number, above=above, headers=headers):
                        self.check(f"{number}{above[:2].replace('/', '-')}{len(headers['Content-Type'])}", above,
                                   headers, move, status)

    def check(self, name, above, headers, move, status):
        path = f"/{name}{above}/new"
        body = b"content" * 10
        if headers is FORM:
            body = form(part(b"other", f"/other-{name}"), part(body, path))
        lines = [f"POST {files_url(path if headers is OCTETS else None)} HTTP/1.1", "Host: x",
                 f"X-Access-Token: {TOKEN}", f"Content-Type: {headers['Content-Type']}",
                 f"Content-Length: {len(body)}"]
        with self.daemon.socket() as sock:
            sock.sendall("\r\n".join([*lines, "", ""]).encode() + body[:-5])
            self.daemon.wait_for_temporary(True)
            while not list(self.daemon.root.glob(f"{name}{above}/.*")):
                pass
            move(self.daemon.root / name)
            sock.sendall(body[-5:])
            answer = sock.recv(1000)
        self.assertTrue(answer.startswith(f"HTTP/1.1 {status} ".encode()), answer)
        written = [path for place in [self.daemon.root, self.daemon.outside] for path in place.rglob("*")
                   if path.is_file() and name in str(path)]
        if status == 200:
            self.assertEqual(len(written), 1 if headers is OCTETS else 2)
        else:
            self.assertEqual(written, [])
