"""nginx with the example's configuration, in front of real programs.

    SANDGATE_GATEWAY=… CONTROLLER_BIN=… python3 -m unittest test_nginx
"""

import shutil
import subprocess
import unittest

from contract import ECHO, FILES, Contract, host
from credentials import PUBLIC_ID
from stack import EXAMPLES, Stack, wait_for

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


class Nginx(Contract, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.close)
        example = EXAMPLES / "nginx"
        cls.stack.service((example / "gateway.toml").read_text())
        for path in example.glob("*.conf"):
            cls.stack.write(path.name, path.read_text())
        cls.start()

    @classmethod
    def start(cls):
        folder = cls.stack.folder
        with open(folder / "nginx.log", "ab") as log:
            cls.stack.start("nginx", [NGINX, "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"], stderr=log)
        wait_for(cls.stack.ports["gateway"])

    def test_client_cannot_ask_the_service_itself(self):
        answer = self.ask("/.sandgate-ask", FILES, host_line=host(FILES, PUBLIC_ID))
        self.assertEqual(answer.status, 404)


class NginxAlone(unittest.TestCase):
    def test_nothing_passes_while_the_service_is_away(self):
        stack = Stack()
        self.addCleanup(stack.close)
        for path in (EXAMPLES / "nginx").glob("*.conf"):
            stack.write(path.name, path.read_text())
        stack.start("nginx", [NGINX, "-p", str(stack.folder), "-c", "nginx.conf", "-e", "stderr"], stderr=subprocess.DEVNULL)
        wait_for(stack.ports["gateway"])
        case = Nginx()
        case.stack = stack
        self.assertEqual(case.ask("/", ECHO, host_line=host(ECHO, PUBLIC_ID)).status, 500)


if __name__ == "__main__":
    unittest.main()
