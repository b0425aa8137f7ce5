"""Clients that are slow, silent or too many, and a daemon with few descriptors: others are still served."""

import concurrent.futures
import contextlib
import http.client
import resource
import socket
import threading
import time
import unittest

from daemon import Daemon, DaemonTest
from wire import FORM, OCTETS, TOKEN, WITH_TOKEN, files_url, form, part

HALF = b"GET /health HTTP/1.1\r\nHost: x\r\nA: "
WHOLE = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
GET_LARGE = f"GET {files_url('large')} HTTP/1.1\r\nHost: x\r\nX-Access-Token: {TOKEN}\r\n\r\n".encode()


def upload_head(path, framing="Transfer-Encoding: chunked"):
    lines = [f"POST {files_url(path)} HTTP/1.1", "Host: x", f"X-Access-Token: {TOKEN}", framing,
             "Content-Type: application/octet-stream"]
    return "\r\n".join([*lines, "", ""]).encode()


def read_all(sock):
    received = b""
    with contextlib.suppress(ConnectionError):
        while piece := sock.recv(65536):
            received += piece
    return received


class Slow(unittest.TestCase):
    def start(self, **seconds):
        limits = {"head": 60, "body": 60, "answer": 60, "idle": 60, **seconds}
        daemon = Daemon(*[word for name, limit in limits.items() for word in (f"--{name}-timeout", str(limit))])
        self.addCleanup(daemon.kill)
        return daemon

    def end(self, daemon):
        status, left, _ = daemon.stop()
        self.assertEqual((status, left), (0, []))

    def drip(self, daemon, start, byte):
        """Sends a byte ten times per second until there is an answer. Returns the answer and the time."""
        began = time.monotonic()
        with daemon.socket() as sock:
            sock.sendall(start)
            sock.settimeout(0.1)
            while time.monotonic() < began + 10:
                with contextlib.suppress(TimeoutError):
                    received = sock.recv(1000)
                    return received, time.monotonic() - began
                sock.sendall(byte)
        self.fail("nothing came back in 10 s")

    def assertLate(self, received, seconds, at_least=0.9):
        self.assertTrue(received.startswith(b"HTTP/1.1 408 "), received)
        self.assertIn(b"\r\nConnection: close\r\n", received)
        self.assertTrue(at_least < seconds < 4, seconds)

    def test_a_head_has_a_time_limit_in_all(self):
        daemon = self.start(head=1)
        self.assertLate(*self.drip(daemon, HALF, b"x"))
        with daemon.socket() as sock:
            self.assertEqual(sock.recv(1), b"", "a client that sends nothing")
        self.assertEqual(daemon.ask("GET", "/health").status, 204)
        self.end(daemon)

    def test_a_body_has_a_time_limit_in_all(self):
        daemon = self.start(body=1)
        starts = [
            upload_head("slow", "Content-Length: 100000") + b"x",
            *[upload_head("slow") + start for start in [b"fffff\r\nx", b"1;", b"0\r\nA:"]],
        ]
        with concurrent.futures.ThreadPoolExecutor(len(starts)) as pool:
            for received, seconds in pool.map(lambda start: self.drip(daemon, start, b"x"), starts):
                self.assertLate(received, seconds)
        self.assertEqual(daemon.everything(), [])
        self.end(daemon)

    def test_an_answer_has_a_time_limit_in_all(self):
        daemon = self.start(answer=1)
        self.large_file(daemon)
        with daemon.socket() as sock:
            sock.sendall(GET_LARGE)
            until = time.monotonic() + 1.5
            while time.monotonic() < until:  # reads all the time, but too slowly
                sock.recv(10_000)
                time.sleep(0.02)
            daemon.wait_for_log(" cut\n")
        self.end(daemon)

    def large_file(self, daemon):
        daemon.home("x").parent.mkdir(parents=True, exist_ok=True)
        with open(daemon.home("large"), "wb") as file:
            file.truncate(64 * 1024 * 1024)

    def test_idle_clients_are_disconnected(self):
        daemon = self.start(idle=1)
        self.large_file(daemon)
        began = time.monotonic()
        with daemon.socket() as reader, daemon.socket() as kept, daemon.socket() as sender:
            reader.sendall(GET_LARGE)
            kept.sendall(WHOLE)
            sender.sendall(upload_head("x") + b"5\r\nab")
            self.assertLate(sender.recv(1000), time.monotonic() - began)
            self.assertTrue(read_all(kept).startswith(b"HTTP/1.1 204 "))
            daemon.wait_for_log(" cut\n")
            self.assertLess(time.monotonic() - began, 4)
        self.end(daemon)


class Many(unittest.TestCase):
    def start(self, *options, **keywords):
        daemon = Daemon(*options, **keywords)
        self.addCleanup(daemon.kill)
        return daemon

    def crowd(self, daemon, count, sent):
        """This many clients that send this and then wait."""
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        for _ in range(count):
            sock = stack.enter_context(contextlib.closing(socket.socket()))
            sock.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                sock.connect(("127.0.0.1", daemon.port))
            sock.setblocking(True)
            sock.settimeout(10)
            with contextlib.suppress(ConnectionError):
                sock.sendall(sent)
        return stack

    def assertServes(self, daemon, seconds=5):
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=seconds)
        with contextlib.closing(connection):
            connection.request("GET", "/health")
            self.assertEqual(connection.getresponse().status, 204)
        self.assertLess(time.monotonic() - began, seconds)

    def stop(self, daemon):
        began = time.monotonic()
        status, left, log = daemon.stop()
        self.assertEqual((status, left), (0, []), log)
        self.assertLess(time.monotonic() - began, 1.5)

    def test_it_answers_after_a_burst_of_connections(self):
        daemon = self.start()
        for _ in range(4):
            with self.crowd(daemon, 500, HALF):
                time.sleep(0.3)
        self.assertServes(daemon)
        self.stop(daemon)

    def test_the_slowest_is_closed_for_a_new_one(self):
        for sent in [b"", HALF, WHOLE, upload_head("x") + b"5\r\na"]:
            with self.subTest(sent=sent):
                daemon = self.start("--max-connections", "20")
                self.crowd(daemon, 20, sent)
                self.assertServes(daemon)
                self.stop(daemon)

    def test_a_client_that_is_not_slow_is_kept(self):
        daemon = self.start("--max-connections", "10")
        answers = []

        def pieces():
            for _ in range(20):
                yield b"x" * 200_000
                time.sleep(0.1)

        def upload():
            answers.append(daemon.ask("POST", files_url("/kept"), pieces(), {**OCTETS, **WITH_TOKEN}, chunked=True))

        thread = threading.Thread(target=upload)
        thread.start()
        daemon.wait_for_temporary(True)
        while thread.is_alive():
            self.crowd(daemon, 20, HALF)
            time.sleep(0.1)
        thread.join()
        self.assertEqual(answers[0].status, 200)
        self.assertEqual((daemon.root / "kept").stat().st_size, 4_000_000)
        self.stop(daemon)

    def test_stops_within_a_second(self):
        daemon = self.start()
        daemon.home("x").parent.mkdir(parents=True)
        with open(daemon.home("large"), "wb") as file:
            file.truncate(64 * 1024 * 1024)
        for count, sent in [
            (30, GET_LARGE), (30, upload_head("x") + b"5\r\na"), (30, WHOLE), (30, b""), (300, HALF),
            (1, b"POST /files HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"),
        ]:
            self.crowd(daemon, count, sent)
        daemon.wait_for_temporary(True)
        self.stop(daemon)

    def test_it_serves_with_few_descriptors(self):
        """It stays responsive and idle, whether connections or a single upload use all descriptors."""
        daemon = self.start(prepare=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
        self.crowd(daemon, 100, HALF)
        before = daemon.processor_seconds()
        time.sleep(1)
        self.assertLess(daemon.processor_seconds() - before, 0.3)
        self.assertServes(daemon)
        parts = [part(b"x", f"{number}/x") for number in range(100)]
        answer = daemon.ask("POST", files_url(), form(*parts), {**FORM, **WITH_TOKEN})
        self.assertEqual((answer.status, daemon.everything()), (503, []))
        # A running one holds all descriptors.
        head = f"POST /files HTTP/1.1\r\nHost: x\r\nX-Access-Token: {TOKEN}\r\nContent-Length: 100000\r\n"
        head += f"Content-Type: {FORM['Content-Type']}\r\n\r\n"
        with daemon.socket() as sock:
            sock.sendall(head.encode() + form(*parts[:30])[:-40])
            daemon.wait_for_temporary(True)
            self.crowd(daemon, 40, HALF)
            before = daemon.processor_seconds()
            time.sleep(1)
            self.assertLess(daemon.processor_seconds() - before, 0.3)
        self.assertServes(daemon)
        self.stop(daemon)


class Pipelined(DaemonTest):
    def test_concurrent_requests_are_answered(self):
        with self.daemon.socket() as sock:
            closing = WHOLE.replace(b"Host", b"Connection: close\r\nHost")
            thread = threading.Thread(target=sock.sendall, args=(WHOLE * 5000 + closing,))
            thread.start()
            self.assertEqual(read_all(sock).count(b"HTTP/1.1 204 No Content\r\n"), 5001)
            thread.join()

    def test_a_truncated_request_does_not_end_the_daemon(self):
        for number in range(0, len(GET_LARGE), 7):
            with self.daemon.socket() as sock:
                sock.sendall(GET_LARGE[:number])
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.assertEqual(self.ask("GET", "/health").status, 204)
