"""Envoy with the example's configuration, in front of real programs.

    SANDGATE_GATEWAY=… CONTROLLER_BIN=… ENVOY=… python3 -m unittest test_envoy
"""

import os
import unittest

from contract import Contract
from stack import EXAMPLES, Stack, wait_for


class Envoy(Contract, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.close)
        example = EXAMPLES / "envoy"
        cls.stack.service((example / "gateway.toml").read_text())
        cls.stack.write("envoy.yaml", (example / "envoy.yaml").read_text())
        with open(cls.stack.folder / "envoy.log", "wb") as log:
            arguments = [os.environ["ENVOY"], "-c", "envoy.yaml", "--use-dynamic-base-id", "--concurrency", "1"]
            cls.stack.start("envoy", arguments, stderr=log, stdout=log)
        wait_for(cls.stack.ports["gateway"])

    def test_nothing_passes_while_the_service_is_away(self):
        self.stack.end("service")
        self.addCleanup(self.stack.service, (EXAMPLES / "envoy" / "gateway.toml").read_text())
        self.assertEqual(self.ask("/").status, 403)


if __name__ == "__main__":
    unittest.main()
