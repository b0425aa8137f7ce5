#!/usr/bin/env python3
"""A controller for tests: it answers with the received request.

GET /process   about this process
GET /nothing   404 for a token that it has, else 401
POST /echo     the body, piece by piece as it arrives
GET /socket    a WebSocket, on which bytes come back as they are
otherwise      the head of the request, byte for byte
"""

import base64
import hashlib
import json
import os
import re
import signal
import socketserver
import stat
import sys
import threading

OPTIONS = dict(zip(sys.argv[1::2], sys.argv[2::2]))
TOKENS = []


def read_tokens(*_):
    if path := OPTIONS.get("--token-file"):
        TOKENS[:] = open(path).read().splitlines()


def about_this_process():
    path = OPTIONS.get("--token-file")
    return json.dumps({
        "pid": os.getpid(),
        "arguments": sys.argv[1:],
        "environment": list(os.environ),
        "tokens": TOKENS,
        "token_mode": path and oct(stat.S_IMODE(os.stat(path).st_mode)),
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
        if head.startswith(b"GET /nothing "):
            token = re.search(rb"(?im)^x-access-token: (\S+)", head)[1].decode()
            return self.wfile.write(b"HTTP/1.1 %d Answer\r\n\r\n" % (404 if token in TOKENS else 401))
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


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


read_tokens()
# Delayed, as a real one may be: a caller that does not wait finds the old tokens.
signal.signal(signal.SIGHUP, lambda *_: threading.Timer(0.2, read_tokens).start())
with Server(("127.0.0.1", 0), Handler) as server:
    print("listening on 127.0.0.1:%d" % server.server_address[1], flush=True)
    server.serve_forever()
