#!/usr/bin/env python3
"""A controller for tests: it answers with the received request.

GET /process   about this process
POST /echo     the body, piece by piece as it arrives
GET /socket    a WebSocket, on which bytes come back as they are
otherwise      the head of the request, byte for byte

On its Unix socket: POST /init, which takes the token whose hash is in the file of --expected-hash.
"""

import base64
import hashlib
import json
import os
import re
import socketserver
import sys
import threading
import time

# --wait has no value and comes last.
OPTIONS = dict(zip(sys.argv[1::2], sys.argv[2::2]))
STATE = {"waiting": True, "token": None}


def about_this_process():
    return json.dumps({
        "pid": os.getpid(),
        "arguments": sys.argv[1:],
        "environment": list(os.environ),
        "directory": os.getcwd(),
        "port": server.server_address[1],
        **STATE,
    }).encode()


class Handler(socketserver.StreamRequestHandler):
    def read_head(self):
        lines = []
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def handle(self):
        head = self.read_head()
        if head.startswith(b"POST /echo "):
            return self.echo()
        if head.startswith(b"GET /socket "):
            return self.socket(re.search(rb"(?im)^sec-websocket-key: (\S+)", head)[1])
        body = about_this_process() if head.startswith(b"GET /process ") else head
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)

    def echo(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while size := int(self.rfile.readline(), 16):
            self.wfile.write(b"%x\r\n%s\r\n" % (size, self.rfile.read(size)))
            self.rfile.readline()
        self.wfile.write(b"0\r\n\r\n")

    def socket(self, key):
        accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        self.wfile.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
        self.wfile.write(b"Sec-WebSocket-Accept: %s\r\n\r\n" % accept)
        while piece := self.rfile.read1():
            self.wfile.write(piece)


class Init(Handler):
    def handle(self):
        length = re.search(rb"(?im)^content-length: (\d+)", self.read_head())[1]
        token = json.loads(self.rfile.read(int(length))).get("accessToken")
        # Delayed, as a real one may be: a caller that does not wait finds the state before.
        time.sleep(0.1)
        allowed = open(OPTIONS["--expected-hash"]).read() == hashlib.sha512((token or "").encode()).hexdigest()
        if allowed:
            STATE.update(waiting=False, token=token)
        self.wfile.write(b"HTTP/1.1 %d Answer\r\n\r\n" % (204 if allowed else 401))


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class InitServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


try:
    os.unlink(OPTIONS["--init-socket"])
except FileNotFoundError:
    pass
with InitServer(OPTIONS["--init-socket"], Init) as init, Server(("127.0.0.1", int(OPTIONS["--port"])), Handler) as server:
    threading.Thread(target=init.serve_forever, daemon=True).start()
    print("listening on 127.0.0.1:%d" % server.server_address[1], flush=True)
    server.serve_forever()
