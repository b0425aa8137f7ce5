"""Small apps with the middleware: files kept in memory, and an echo of what the app sees."""

import asyncio
import hashlib
import json
import threading
from contextlib import asynccontextmanager

import flask
import werkzeug.exceptions
from deployment import ID, TOKENS, V1_KEYRING, V2_KEYRING
from fastapi import FastAPI, Request
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from werkzeug.middleware.dispatcher import DispatcherMiddleware

import sandgate
from sandgate import asgi, wsgi

METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS"]

#: A public sandbox, beside the restricted one of `ID`.
PUBLIC_ID = "public0"
STATES = {ID: sandgate.SandboxState(restricted=True), PUBLIC_ID: sandgate.SandboxState(restricted=False)}
LOOKED_UP = []


def controller(version):
    return sandgate.Controller(TOKENS[version])


def edge():
    policy = sandgate.Policy(carriers=("header", "host", "query", "cookie"))
    return sandgate.Edge(policy=policy, v1_keyring=V1_KEYRING, v2_keyring=V2_KEYRING.traffic())


def lookup(route):
    LOOKED_UP.append(route.sandbox_id)
    return STATES.get(route.sandbox_id)


async def awaited_lookup(route):
    return lookup(route)


class Files:
    """The files, and the answers that the SDKs expect."""

    def __init__(self):
        self.kept = {}
        self.calls = 0
        self.lock = threading.Lock()

    def called(self):
        with self.lock:
            self.calls += 1

    def read(self, allowed):
        grant = allowed.grant
        if grant.path not in self.kept:
            message = f"path '{grant.path}' does not exist"
            return 404, granted(allowed), json.dumps({"code": 404, "message": message}).encode()
        return 200, granted(allowed), self.kept[grant.path]

    def write(self, allowed, parts):
        written = []
        for name, content in parts:
            path = allowed.grant.path or name
            self.kept[path] = content
            written.append({"name": path.rpartition("/")[2], "path": path, "type": "file"})
        return 200, granted(allowed), json.dumps(written).encode()

    def echo(self, allowed, path, body):
        basis = allowed.basis if allowed else None
        seen = {"basis": basis, "path": path, "length": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        return json.dumps({**seen, "calls": self.calls}).encode()


def granted(allowed):
    grant = allowed.grant
    fields = ("operation", "path", "user", "directory", "max_bytes", "expires")
    return {"x-granted": json.dumps({"basis": allowed.basis, **{name: getattr(grant, name) for name in fields}})}


def starlette_handlers(files):
    async def read_file(request):
        status, headers, body = files.read(request.state.sandgate)
        return Response(body, status, headers)

    async def write_file(request):
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            async with request.form() as form:
                parts = [(part.filename, await part.read()) for part in form.getlist("file")]
        else:
            parts = [(None, b"".join([chunk async for chunk in request.stream()]))]
        status, headers, body = files.write(request.state.sandgate, parts)
        return Response(body, status, headers, "application/json")

    async def health(request):
        return Response(status_code=204)

    async def echo(request):
        allowed = request.scope.get("sandgate")
        assert getattr(request.state, "sandgate", None) is allowed
        body = b"".join([chunk async for chunk in request.stream()])
        return Response(files.echo(allowed, request.scope["path"], body), media_type="application/json")

    async def socket(websocket: WebSocket):
        await websocket.accept()
        await websocket.send_text(websocket.state.sandgate.basis)
        await websocket.send_text(await websocket.receive_text())
        await websocket.close()

    return read_file, write_file, health, echo, socket


class Counted:
    """Counts the requests that reach the app."""

    def __init__(self, app, files):
        self.app, self.files = app, files

    def __call__(self, *arguments):
        self.files.called()
        return self.app(*arguments)


def starlette_controller(version):
    files = Files()
    read_file, write_file, health, echo, socket = starlette_handlers(files)
    app = Starlette(
        routes=[
            Route("/health", health),
            Route("/files", read_file, methods=["GET"]),
            Route("/files", write_file, methods=["POST", "PUT"]),
            WebSocketRoute("/socket", socket),
            Route("/{path:path}", echo, methods=METHODS),
        ]
    )
    app.add_middleware(Counted, files=files)
    app.add_middleware(asgi.ControllerMiddleware, controller=controller(version))
    return app


def slow_controller(version):
    """Answers after a while with the verified values of the request and, from its start, its own."""

    @asynccontextmanager
    async def lifespan(app):
        yield {"database": "kept"}

    async def told(request):
        await asyncio.sleep(0.05)
        allowed = getattr(request.state, "sandgate", None)
        seen = {"path": allowed and allowed.grant.path, "database": request.state.database}
        return JSONResponse({**seen, "length": len(await request.body())})

    app = Starlette(routes=[Route("/{path:path}", told, methods=METHODS)], lifespan=lifespan)
    app.add_middleware(asgi.ControllerMiddleware, controller=controller(version))
    return app


def fastapi_controller(version):
    files = Files()
    read_file, write_file, health, echo, socket = starlette_handlers(files)
    app = FastAPI(openapi_url=None)

    @app.get("/health")
    async def _(request: Request):
        return await health(request)

    @app.get("/files")
    @app.head("/files")
    async def _(request: Request):
        return await read_file(request)

    @app.post("/files")
    @app.put("/files")
    async def _(request: Request):
        return await write_file(request)

    app.websocket("/socket")(socket)

    @app.api_route("/{path:path}", methods=METHODS)
    async def _(request: Request):
        return await echo(request)

    app.add_middleware(Counted, files=files)
    app.add_middleware(asgi.ControllerMiddleware, controller=controller(version))
    return app


def flask_controller(version):
    files = Files()
    app = flask.Flask(__name__)

    def allowed():
        return flask.request.environ["sandgate.allowed"]

    def response(answer):
        status, headers, body = answer
        return flask.Response(body, status, headers)

    @app.get("/health")
    def health():
        return "", 204

    @app.get("/files")
    def read_file():
        return response(files.read(allowed()))

    @app.route("/files", methods=["POST", "PUT"])
    def write_file():
        if flask.request.mimetype == "multipart/form-data":
            parts = [(part.filename, part.read()) for part in flask.request.files.getlist("file")]
        else:
            parts = [(None, flask.request.stream.read())]
        return response(files.write(allowed(), parts))

    @app.route("/", defaults={"path": ""}, methods=METHODS)
    @app.route("/<path:path>", methods=METHODS)
    def echo(path):
        body = flask.request.stream.read()
        return flask.Response(files.echo(flask.request.environ.get("sandgate.allowed"), flask.request.path, body))

    app.wsgi_app = wsgi.ControllerMiddleware(Counted(app.wsgi_app, files), controller(version))
    return app


def mounted_flask_controller(version):
    return DispatcherMiddleware(werkzeug.exceptions.NotFound(), {"/in/a": flask_controller(version)})


def starlette_edge(lookup=awaited_lookup):
    async def seen(request):
        # Read first, so that Starlette fills its caches.
        cookies, url = request.cookies, str(request.url)
        scope = {name: value for name, value in request.scope.items() if name != "app"}
        return JSONResponse(
            {
                "all": repr(scope),
                "host": request.headers.getlist("host"),
                "query": scope["query_string"].decode("latin-1"),
                "target": (scope["raw_path"] + b"?" + scope["query_string"]).decode("latin-1"),
                "cookies": request.headers.getlist("cookie"),
                "parsed": [cookies, url],
                "route": str(request.state.sandgate_route),
                "passed": request.state.sandgate_passed.basis,
                "carrier": request.state.sandgate_passed.carrier,
                "same": scope["sandgate.passed"] is request.state.sandgate_passed,
                "body": (await request.body()).decode(),
            }
        )

    async def socket(websocket):
        await websocket.accept()
        await websocket.send_text(repr({name: value for name, value in websocket.scope.items() if name != "app"}))
        await websocket.close()

    app = Starlette(routes=[Route("/{path:path}", seen, methods=METHODS), WebSocketRoute("/{path:path}", socket)])
    return asgi.EdgeMiddleware(app, edge(), lookup)


def flask_edge():
    app = flask.Flask(__name__)

    @app.route("/", defaults={"path": ""}, methods=METHODS)
    @app.route("/<path:path>", methods=METHODS)
    def seen(path):
        request, environ = flask.request, flask.request.environ
        cookies, url = request.cookies, request.url
        return flask.jsonify(
            {
                "all": repr({name: value for name, value in environ.items() if name != "werkzeug.request"}),
                "host": [environ["HTTP_HOST"]],
                "query": environ["QUERY_STRING"],
                "target": environ.get("RAW_URI", environ.get("REQUEST_URI")),
                "cookies": [environ["HTTP_COOKIE"]] if "HTTP_COOKIE" in environ else [],
                "parsed": [cookies, url],
                "route": str(environ["sandgate.route"]),
                "passed": environ["sandgate.passed"].basis,
                "carrier": environ["sandgate.passed"].carrier,
                "same": True,
                "body": request.stream.read().decode(),
            }
        )

    app.wsgi_app = wsgi.EdgeMiddleware(app.wsgi_app, edge(), lookup)
    return app
