"""Envoy with the examples' configurations, over gRPC and over HTTP, in front of real programs.

    SANDGATE_GATEWAY=… CONTROLLER_BIN=… ENVOY=… python3 -m unittest test_envoy
"""

import os
import unittest

from contract import ECHO, Contract, host
from stack import EXAMPLES, Stack, wait_for


class Envoy(Contract, unittest.TestCase):
    FOLDER = EXAMPLES / "envoy"

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.close)
        cls.stack.service((cls.FOLDER / "gateway.toml").read_text())
        cls.stack.write("envoy.yaml", (cls.FOLDER / "envoy.yaml").read_text())
        with open(cls.stack.folder / "envoy.log", "wb") as log:
            arguments = [os.environ["ENVOY"], "-c", "envoy.yaml", "--use-dynamic-base-id", "--concurrency", "1"]
            cls.stack.start("envoy", arguments, stderr=log, stdout=log)
        wait_for(cls.stack.ports["gateway"])

    def test_nothing_passes_while_the_service_is_away(self):
        self.stack.end("service")
        self.addCleanup(self.stack.service, (self.FOLDER / "gateway.toml").read_text())
        self.assertEqual(self.ask("/").status, 503)


class EnvoyOverHttp(Envoy):
    FOLDER = EXAMPLES / "envoy-http"
    CARRIERS = ("header", "cookie")

    def test_sandbox_that_is_not_there(self):
        """To Envoy every 5xx means that the service has failed."""
        self.assertEqual(self.ask(host_line=host(ECHO, "nobody")).status, 503)


if __name__ == "__main__":
    unittest.main()
