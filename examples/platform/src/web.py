"""A small web server in a sandbox: it serves the files of a directory, and at /echo the request as received."""

import functools
import http.server
import sys


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if not self.path.startswith("/echo"):
            return super().do_GET()
        head = f"{self.requestline}\n{self.headers}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(head)))
        self.end_headers()
        self.wfile.write(head)


handler = functools.partial(Handler, directory=sys.argv[1])
with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
    print("listening on 127.0.0.1:%d" % server.server_port, flush=True)
    server.serve_forever()
