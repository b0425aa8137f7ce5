"""Caddy with the example's configuration, in front of real programs.

    SANDGATE_GATEWAY=… CONTROLLER_BIN=… CADDY=… python3 -m unittest test_caddy
"""

import os
import unittest

from contract import Contract
from stack import EXAMPLES, Stack, wait_for


class Caddy(Contract, unittest.TestCase):
    CARRIERS = ("header", "host", "cookie")

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.close)
        example = EXAMPLES / "caddy"
        cls.stack.service((example / "gateway.toml").read_text())
        cls.stack.write("Caddyfile", (example / "Caddyfile").read_text())
        with open(cls.stack.folder / "caddy.log", "wb") as log:
            environment = {**os.environ, "HOME": str(cls.stack.folder)}
            arguments = [os.environ["CADDY"], "run", "--config", "Caddyfile"]
            cls.stack.start("caddy", arguments, stderr=log, stdout=log, env=environment)
        wait_for(cls.stack.ports["gateway"])

    def test_nothing_passes_while_the_service_is_away(self):
        self.stack.end("service")
        self.addCleanup(self.stack.service, (EXAMPLES / "caddy" / "gateway.toml").read_text())
        self.assertEqual(self.ask("/").status, 502)


if __name__ == "__main__":
    unittest.main()
