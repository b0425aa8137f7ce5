"""The four unmodified SDKs through nginx and Envoy, in front of the example platform.

    SANDGATE_GATEWAY=… CONTROLLER_BIN=… ENVOY=… PLATFORM=… SDK_PYTHON=… CLIENTS=… python3 -m unittest test_sdks
"""

import http.server
import json
import os
import subprocess
import threading
import unittest

from contract import CONTROLLER, FILES, TRAFFIC
from stack import CONTROLLER as DAEMON
from stack import EXAMPLES, Stack, ask, wait_for
from test_nginx import NGINX

SEED = "a seed of at least 16 bytes"
API_KEY = "e2b_0123456789abcdef0123456789abcdef01234567"


class States(http.server.BaseHTTPRequestHandler):
    """A look-up over HTTP: every sandbox is restricted."""

    def do_GET(self):
        body = b'{"restricted":true}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Sdks:
    """Mixed into a test case with `start_gateway`. Behind the gateway, the controllers' port is the platform's own edge."""

    @classmethod
    def setUpClass(cls):
        cls.stack = stack = Stack()
        cls.addClassCleanup(stack.close)
        (stack.folder / "v1-seeds").write_text(SEED + "\n")
        (stack.folder / "api-keys").write_text(API_KEY + "\n")
        domain = f"sandbox.localhost:{stack.ports['gateway']}"
        options = ["--controller", DAEMON, "--seed-file", "v1-seeds", "--api-keys-file", "api-keys", "--domain", domain]
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        process = stack.start("platform", [os.environ["PLATFORM"], *options], **quiet)
        places = json.loads(process.stdout.readline())
        cls.api = places["api"]
        stack.ports["controller"] = int(places["edge"].rpartition(":")[2])

        states = http.server.ThreadingHTTPServer(("127.0.0.1", 0), States)
        cls.addClassCleanup(states.server_close)
        threading.Thread(target=states.serve_forever, daemon=True).start()
        cls.addClassCleanup(states.shutdown)
        config = (EXAMPLES / cls.GATEWAY / "gateway.toml").read_text()
        config = config.replace("v2_traffic_roots", "v1").replace('"traffic-roots"', '"v1-seeds"')
        own = 'state = { file = "sandboxes.toml" }'
        assert own in config
        stack.ports["states"] = states.server_address[1]
        stack.service(config.replace(own, f'state.http = {{ address = "localhost:{stack.ports["states"]}" }}'))
        cls.start_gateway(stack)
        wait_for(stack.ports["gateway"])

    def call(self, client, **command):
        client.stdin.write(json.dumps(command) + "\n")
        client.stdin.flush()
        answer = json.loads(client.stdout.readline())
        self.assertIn("ok", answer)
        return answer["ok"]

    def use(self, vendor, arguments):
        clients = os.environ["CLIENTS"]
        variables = {"API_URL": self.api, "SANDBOX_URL": f"http://127.0.0.1:{self.stack.ports['gateway']}", "API_KEY": API_KEY}
        environment = {**os.environ, **{f"{vendor}_{name}": value for name, value in variables.items()}, "NO_PROXY": "127.0.0.1"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(arguments, cwd=clients, env=environment, text=True, **pipes) as client:
            sandbox = self.call(client, call="create", public=False)
            id, token = sandbox["id"], sandbox["traffic_token"]
            self.assertEqual(self.call(client, call="write", id=id, path="/home/user/a.txt", text="through"), "/home/user/a.txt")
            self.assertEqual(self.call(client, call="read", id=id, path="/home/user/a.txt"), "through")
            url = self.call(client, call="download_url", id=id, path="/home/user/a.txt", lifetime=60)
            host, _, target = url.removeprefix("http://").partition("/")
            answer = ask(self.stack.ports["gateway"], "GET", "/" + target, [("Host", host)])
            self.assertEqual((answer.status, answer.body), (200, b"through"))
            self.assertTrue(host.startswith(f"{CONTROLLER}-{id}."))
            web = [("Host", f"{FILES}-{id}.sandbox.localhost")]
            gateway = self.stack.ports["gateway"]
            self.assertEqual(ask(gateway, "GET", "/hello.txt", web).status, 403)
            self.assertEqual(ask(gateway, "GET", "/hello.txt", [*web, (TRAFFIC, token)]).body, b"hello\n")
            self.call(client, call="kill", id=id)
            client.stdin.close()

    def test_e2b_python(self):
        self.use("E2B", [os.environ["SDK_PYTHON"], "e2b_python.py"])

    def test_e2b_javascript(self):
        self.use("E2B", ["node", "e2b_node.mjs"])

    def test_novita_python(self):
        self.use("NOVITA", [os.environ["SDK_PYTHON"], "novita_python.py"])

    def test_novita_javascript(self):
        self.use("NOVITA", ["node", "novita_node.mjs"])


class ThroughNginx(Sdks, unittest.TestCase):
    GATEWAY = "nginx"

    @staticmethod
    def start_gateway(stack):
        for path in (EXAMPLES / "nginx").glob("*.conf"):
            stack.write(path.name, path.read_text())
        arguments = [NGINX, "-p", str(stack.folder), "-c", "nginx.conf", "-e", "stderr"]
        stack.start("nginx", arguments, stderr=subprocess.DEVNULL)


class ThroughEnvoy(Sdks, unittest.TestCase):
    GATEWAY = "envoy"

    @staticmethod
    def start_gateway(stack):
        stack.write("envoy.yaml", (EXAMPLES / "envoy" / "envoy.yaml").read_text())
        arguments = [os.environ["ENVOY"], "-c", "envoy.yaml", "--use-dynamic-base-id", "--concurrency", "1"]
        stack.start("envoy", arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    unittest.main()
