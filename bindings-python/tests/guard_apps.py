"""Apps with the middleware that return the verified values, for the table of requests. A header names the
deployment."""

import json

from guard_table import NOW, TABLE, allowed, controller, edge, lookup, passed

from sandgate import asgi, wsgi

#: The header that names the deployment; it is removed.
DEPLOYMENT = "x-table-deployment"
#: The answer of an app that received the request.
ANSWER = "x-table-answer"


def clock():
    return NOW


def said(told, target, headers):
    """The verified values, and the headers that the app would forward, by name in lower case."""
    kept = {}
    for name, value in headers:
        kept.setdefault(name.lower(), []).append(value)
    return json.dumps({**told, "forwarded": {"target": target, "headers": kept}})


async def asgi_answer(scope, receive, send):
    if "sandgate.passed" in scope:
        told = passed(scope["sandgate.passed"], scope["sandgate.route"])
    else:
        told = allowed(scope.get("sandgate"))
    query = scope["query_string"].decode("latin-1")
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    answer = said(told, scope["raw_path"].decode("latin-1") + ("?" + query if query else ""), headers)
    headers = [(ANSWER.encode(), answer.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def asgi_app():
    guards = {
        deployment: asgi.ControllerMiddleware(asgi_answer, controller(deployment), clock=clock)
        for deployment in TABLE["controllers"]
    }
    guards["edge"] = asgi.EdgeMiddleware(asgi_answer, edge(), lookup, clock=clock)

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            return await lifespan(receive, send)
        asked = dict(scope["headers"]).get(DEPLOYMENT.encode())
        await guards[asked.decode() if asked else "open"](scope, receive, send)

    return app


async def lifespan(receive, send):
    kind = ""
    while kind != "lifespan.shutdown":
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})


def wsgi_answer(environ, start_response):
    if "sandgate.passed" in environ:
        told = passed(environ["sandgate.passed"], environ["sandgate.route"])
    else:
        told = allowed(environ.get("sandgate.allowed"))
    names = [name for name in environ if name.startswith("HTTP_")]
    headers = [(name.removeprefix("HTTP_").replace("_", "-"), environ[name]) for name in names]
    answer = said(told, environ.get("RAW_URI", environ.get("REQUEST_URI")), headers)
    start_response("200 OK", [(ANSWER, answer), ("Content-Length", "0")])
    return []


def wsgi_app():
    guards = {
        deployment: wsgi.ControllerMiddleware(wsgi_answer, controller(deployment), clock=clock)
        for deployment in TABLE["controllers"]
    }
    guards["edge"] = wsgi.EdgeMiddleware(wsgi_answer, edge(), lookup, clock=clock)

    def app(environ, start_response):
        return guards[environ.get("HTTP_X_TABLE_DEPLOYMENT", "open")](environ, start_response)

    return app
