"""Traefik with the example's configuration, in front of real programs.

    SANDGATE_GATEWAY=… CONTROLLER_BIN=… TRAEFIK=… python3 -m unittest test_traefik
"""

import os
import time
import unittest

from contract import TOKEN, TRAFFIC, Contract
from stack import EXAMPLES, Stack, wait_for


class Traefik(Contract, unittest.TestCase):
    CARRIERS = ("header", "cookie")
    ESCAPED_LETTERS = ()

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.close)
        example = EXAMPLES / "traefik"
        cls.stack.service((example / "gateway.toml").read_text())
        for name in ("traefik.yaml", "dynamic.yaml"):
            cls.stack.write(name, (example / name).read_text())
        with open(cls.stack.folder / "traefik.log", "wb") as log:
            arguments = [os.environ["TRAEFIK"], "--configFile=traefik.yaml"]
            cls.stack.start("traefik", arguments, stderr=log, stdout=log)
        wait_for(cls.stack.ports["gateway"])
        # Its routes come later than its port.
        deadline = time.time() + 20
        while cls().ask(headers=[(TRAFFIC, TOKEN)]).status == 404 and time.time() < deadline:
            time.sleep(0.05)

    def test_nothing_passes_while_the_service_is_away(self):
        self.stack.end("service")
        self.addCleanup(self.stack.service, (EXAMPLES / "traefik" / "gateway.toml").read_text())
        self.assertEqual(self.ask("/").status, 500)


if __name__ == "__main__":
    unittest.main()
