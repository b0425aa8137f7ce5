"""Traefik with the example's configuration, in front of real programs.

    SANDGATE_GATEWAY=… CONTROLLER_BIN=… TRAEFIK=… python3 -m unittest test_traefik
"""

import os
import time
import unittest

from contract import ECHO, TOKEN, TRAFFIC, Contract, in_an_hour
from credentials import traffic_pass
from stack import EXAMPLES, Stack, wait_for


class Traefik(Contract, unittest.TestCase):
    CARRIERS = ("header", "cookie")
    CHANGED_TARGETS = ()

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
        deadline = time.time() + 120
        while cls().ask(headers=[(TRAFFIC, TOKEN)]).status == 404 and time.time() < deadline:
            time.sleep(0.05)

    def test_semicolon_that_becomes_an_ampersand_hides_no_pass(self):
        for target, status in (("/?a;b", 200), (f"/?a;sandgate_traffic={traffic_pass(ECHO, in_an_hour())}", 400)):
            self.assertEqual(self.ask(target, headers=[(TRAFFIC, TOKEN)]).status, status)

    def test_nothing_passes_while_the_service_is_away(self):
        self.stack.end("service")
        self.addCleanup(self.stack.service, (EXAMPLES / "traefik" / "gateway.toml").read_text())
        self.assertEqual(self.ask("/").status, 500)


if __name__ == "__main__":
    unittest.main()
