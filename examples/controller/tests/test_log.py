"""The log of a request."""

import contextlib
import hashlib
import re
import subprocess
import time
import unittest

from daemon import Daemon
from wire import OCTETS, TOKEN, WITH_TOKEN, files_url, sign, signed_url


class Log(unittest.TestCase):
    def test_log_lines_hide_tokens_and_queries(self):
        daemon = Daemon()
        self.addCleanup(daemon.kill)
        daemon.ask("POST", files_url("/log/a\x1b[31m\"\n中"), b"hello", {**OCTETS, **WITH_TOKEN})
        daemon.ask("GET", files_url("/log/a\x1b[31m\"\n中"), headers=WITH_TOKEN)
        daemon.ask("GET", signed_url("/nope", "read"))
        daemon.ask("GET", "/x%0aforged%22?secret=query", headers={"X-Access-Token": "wrong"})
        # A query whose '?' the client misspelt or escaped must not be shown as a path.
        for separator in "%3F", "%253F", "%25253f", "&", "%26", ";", "%23", "%00", ":", ",", "=", "+", "%C3%BF", "%3":
            daemon.ask("GET", f"/files{separator}path=/a&signature={sign('/a', 'read')}")
        daemon.ask("GET", "/files/a-b_c.D9?x")
        daemon.ask("GET", "/" + "x" * 300)
        daemon.raw(f"GET /x HTTP/1.1\r\nHost: x\r\nX-Access-Token: {TOKEN}\r\nX-Access-Token: b\r\n\r\n".encode())
        status, _, log = daemon.stop()
        self.assertEqual(status, 0)
        ours, wrong = (hashlib.sha256(token.encode()).hexdigest()[:8] for token in [TOKEN, "wrong"])
        name = r"/log/a\x1b[31m\"\x0a\xe4\xb8\xad"
        expected = [
            f'method=POST route="/files" file="{name}" status=200 received=5 sent=N token={ours}',
            f'method=GET route="/files" file="{name}" status=200 received=0 sent=N token={ours}',
            'method=GET route="/files" file="/nope" status=404 received=0 sent=N token=-',
            f'method=GET route="/x+" file="" status=401 received=0 sent=N token={wrong}',
            *['method=GET route="/files+" file="" status=401 received=0 sent=N token=-'] * 13,
            'method=GET route="/files+" file="" status=400 received=0 sent=N token=-',
            'method=GET route="/files/a-b_c.D9" file="" status=401 received=0 sent=N token=-',
            f'method=GET route="/{"x" * 255}+" file="" status=401 received=0 sent=N token=-',
            'method=GET route="/x" file="" status=400 received=0 sent=N token=repeated',
        ]
        # A line is written after its answer was sent, so another thread's may come first.
        self.assertCountEqual(re.sub(r"sent=\d+", "sent=N", log).splitlines(), expected)
        self.assertIn(f"received=0 sent=5 token={ours}", log)
        for secret in [TOKEN, "v1_", "signature", "secret", "query"]:
            self.assertNotIn(secret, log)

    def test_an_unread_log_does_not_block_requests(self):
        count = 1500
        daemon = Daemon(stderr=subprocess.PIPE)
        self.addCleanup(daemon.kill)
        with daemon.connection() as connection:
            connection.timeout = 60
            for _ in range(count):
                connection.request("GET", files_url("/" + "x" * 1000), headers=WITH_TOKEN)
                response = connection.getresponse()
                self.assertEqual((response.status, len(response.read()) > 0), (400, True))
        read = b""
        with contextlib.closing(daemon.process.stderr) as log:
            while b"log lines were dropped" not in read:
                read += log.read1(65536)
        *lines, dropped = read.decode().splitlines()
        number = int(re.fullmatch(r"controller: (\d+) log lines were dropped", dropped)[1])
        self.assertEqual(len(lines) + number, count)
        self.assertGreater(number, 0)
        daemon.process.terminate()
        self.assertEqual(daemon.process.wait(10), 0)

    def test_an_unread_log_does_not_block_the_end(self):
        daemon = Daemon(stderr=subprocess.PIPE)
        self.addCleanup(daemon.kill)
        for _ in range(200):
            try:
                with daemon.connection() as connection:
                    connection.timeout = 5
                    connection.request("GET", files_url("/" + "x" * 1000), headers=WITH_TOKEN)
                    connection.getresponse().read()
            except TimeoutError:
                break
        began = time.monotonic()
        self.assertEqual(daemon.stop()[0], 0)
        self.assertLess(time.monotonic() - began, 1.5)
        daemon.process.stderr.close()
