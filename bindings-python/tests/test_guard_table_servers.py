"""The table of requests, sent byte by byte to the middleware on real servers."""

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import guard_apps
import pytest
from guard_table import ROWS, name
from servers import (
    send,
    served_by_gunicorn,
    served_by_hypercorn,
    served_by_uvicorn,
    served_by_waitress,
)

SERVERS = {
    "uvicorn": lambda: served_by_uvicorn(guard_apps.asgi_app()),
    "hypercorn": lambda: served_by_hypercorn(guard_apps.asgi_app()),
    "gunicorn": lambda: served_by_gunicorn("wsgi_app()", "guard_apps"),
    "waitress": lambda: served_by_waitress("wsgi_app()", "guard_apps"),
}


def is_cut(row):
    return "#" in row["target"]


def begins_with_two_slashes(row):
    return unquote(row["target"]).startswith("//")


#: If a server passes the app another target than it received, the request is refused with 400, whatever the table
#: expects. (Werkzeug's server is omitted: it merges slashes first.)
EXCEPTIONS = {
    "gunicorn": {"it shows the app no fragment": is_cut},
    "waitress": {
        "it shows the app no fragment": is_cut,
        "it shows the app one slash for all in front": begins_with_two_slashes,
    },
}


def request(row):
    headers = [*row["headers"], [guard_apps.DEPLOYMENT, row.get("deployment", "edge")], ["Connection", "close"]]
    lines = [f"{row['method']} {row['target']} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n" + row["body"]).encode("latin-1")


def ask(port, row):
    """The expected answer as the server sends it: a refusal's status and, if the refusal is ours, its message."""
    head, _, body = send(port, request(row)).partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    if guard_apps.ANSWER in headers:
        return json.loads(headers[guard_apps.ANSWER])
    ours = headers.get("content-type") == "application/json" and body
    return {"status": int(first.split()[1]), "message": json.loads(body)["message"] if ours else None}


def is_as_expected(row, answer):
    expected = row["expect"]
    if "status" in expected:
        if answer.get("status") == 400 == expected["status"] and answer["message"] is None:
            return True
        message = None if row["method"] == "HEAD" else expected["message"]
        return answer == {"status": expected["status"], "message": message}
    if "status" in answer:
        return False
    wanted, goes_on = dict(expected), answer.pop("forwarded")
    forwarded = wanted.pop("forwarded", {"target": goes_on["target"], "headers": {}})
    kept = {name: goes_on["headers"].get(name, []) for name in forwarded["headers"]}
    return answer == wanted and {"target": goes_on["target"], "headers": kept} == forwarded


@pytest.mark.parametrize("server", SERVERS)
def test_server_answers_every_row(server):
    with SERVERS[server]() as running, ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda row: ask(running.port, row), ROWS))
    wrong = [(row, answer) for row, answer in zip(ROWS, answers) if not is_as_expected(row, answer)]
    for reason, applies in EXCEPTIONS.get(server, {}).items():
        excepted = [row for row, answer in wrong if applies(row) and answer.get("status") == 400]
        assert excepted, f"this exception is not needed: {reason}"
        wrong = [(row, answer) for row, answer in wrong if row not in excepted]
    assert len(answers) >= 300
    assert not wrong, "\n".join(f"{name(row)}\n  {answer}" for row, answer in wrong)
