"""The table of requests, tested directly on the guards."""

from guard_table import NOW, ROWS, TABLE, allowed, controller, edge, lookup, name, passed

import sandgate
from sandgate import forward

CONTROLLERS = {deployment: controller(deployment) for deployment in ("v1", "v2", "open")}
EDGE = edge()


def as_bytes(row):
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in row["headers"]]
    return row["method"].encode("latin-1"), row["target"].encode("latin-1"), headers


def refused(error):
    return {"status": error.status, "gate": error.gate, "code": error.code, "message": error.message}


def ask_edge(head):
    route = EDGE.route(head)
    state = lookup(route)
    if state is None:
        return {"status": 502, "gate": None, "code": None, "message": "The sandbox was not found"}
    return passed(EDGE.guard(route, state, head, now=NOW), route)


def answer(row):
    head = sandgate.Head(*as_bytes(row))
    try:
        if row["gate"] == "controller":
            return allowed(CONTROLLERS[row["deployment"]].guard(head, now=NOW))
        return ask_edge(head)
    except sandgate.DeniedError as error:
        return refused(error)


def goes_on(row, names):
    _, target, headers = as_bytes(row)
    lines = [(name.decode().lower(), forward.header(name, value)) for name, value in headers]
    kept = {name: [value.decode("latin-1") for known, value in lines if known == name and value is not None] for name in names}
    return {"target": forward.target(target).decode("latin-1"), "headers": kept}


@TABLE.each("rows", "row", name, fewest=300)
def test_guard_answers_the_row(row):
    expected = dict(row["expect"])
    forwarded = expected.pop("forwarded", None)
    assert answer(row) == expected
    if forwarded is not None:
        assert goes_on(row, forwarded["headers"]) == forwarded


def test_every_array_is_tested():
    assert TABLE.untested() == []


def test_there_are_rows():
    assert {row["gate"] for row in ROWS} == {"controller", "edge"}
