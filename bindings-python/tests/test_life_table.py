"""Every array of `vectors/life.json`: how controllers get and lose their token, who wakes a paused sandbox, short ids, webhooks,
and the deployment's default."""

import pytest
import sandgate
import vectors

TABLE = vectors.File("life.json")
NOW = TABLE["now"]


def as_bytes(text):
    """One byte per character."""
    return text.encode("latin-1")


def refused(error):
    return {"status": error.status, "gate": error.gate, "code": error.code, "message": error.message}


def controller(state):
    if state == "waiting":
        return sandgate.Controller.waiting()
    return sandgate.Controller.open() if state in ("open", []) else sandgate.Controller(*state)


def opens(controller, token=None):
    try:
        controller.check("GET", "/metrics", access_token=token, now=NOW)
    except sandgate.DeniedError as error:
        assert isinstance(error, sandgate.NotInitializedError) == controller.is_waiting
        return False
    return True


def state(controller, tokens):
    """What the controller shows of itself, in the form of the table. `tokens` are all that the row names."""
    if controller.is_waiting:
        assert not opens(controller)
        return "waiting"
    if opens(controller):
        return "open"
    return [token for token in tokens if opens(controller, token)]


def named(row):
    states = [row["start"], *(step["then"] for step in row["steps"])]
    # In the order of their first appearance, which is also the order of every list of several.
    return list(dict.fromkeys(token for state in states if isinstance(state, list) for token in state))


@TABLE.each("initialize", "row", lambda row: row["note"], fewest=302)
def test_controller_is_initialized(row):
    kept, tokens = controller(row["start"]), named(row)
    assert state(kept, tokens) == row["start"]
    for step in row["steps"]:
        try:
            answer = {"outcome": kept.initialize(as_bytes(step["body"]), as_bytes(step["expected_hash"]))}
        except sandgate.DeniedError as error:
            answer = refused(error)
        assert answer == step["expect"]
        assert state(kept, tokens) == step["then"]


def edge():
    setup = TABLE["edge"]
    v2 = sandgate.v2.Keyring({setup["v2_kid"]: bytes.fromhex(setup["v2_seed_hex"])})
    policy = sandgate.Policy(carriers=setup["carriers"])
    return sandgate.Edge(policy=policy, v1_keyring=sandgate.v1.Keyring(setup["v1_seed"]), v2_keyring=v2.traffic())


EDGE = edge()


@TABLE.each("wake", "row", lambda row: f"{row['controller']} {row['note']}: {row['method']} {row['target']}", fewest=199)
def test_request_wakes_a_sandbox(row):
    headers = [(as_bytes(name), as_bytes(value)) for name, value in row["headers"]]
    values = lambda wanted: [value for name, value in headers if name.lower() == wanted]  # noqa: E731
    method, target = as_bytes(row["method"]), as_bytes(row["target"])
    try:
        route = EDGE.route(sandgate.Head(method, target, headers))
        known = sandgate.SandboxState(**TABLE["edge"]["sandboxes"][route.sandbox_id])
        sandgate.wake.check(
            EDGE,
            controller(TABLE["controllers"][row["controller"]]),
            route,
            known,
            method,
            target,
            access_token=values(b"x-access-token"),
            traffic_token=values(b"e2b-traffic-access-token"),
            cookies=values(b"cookie"),
            now=NOW,
        )
    except sandgate.DeniedError as error:
        assert refused(error) == row["expect"]
    else:
        assert row["expect"] == {"wakes": True}


@TABLE.each("shorten", "row", lambda row: row["id"], fewest=20)
def test_id_is_shortened(row):
    # In Python an id is text. The rows that are not ASCII have the same answer as Latin-1 and as UTF-8.
    if row["short"] is None:
        with pytest.raises(ValueError, match="long sandbox id"):
            sandgate.shorten_sandbox_id(row["id"])
    else:
        assert sandgate.shorten_sandbox_id(row["id"]) == row["short"]


@TABLE.each("creation", "row", fewest=18)
def test_creation_takes_the_default(row):
    said = {name: row[name] for name in ("secure", "allow_public_traffic") if row[name] is not None}
    options = {"restricted_by_default": row["restricted_by_default"], "envd_version": row["envd_version"], **said}
    try:
        issued = sandgate.creation.decide(**options)
    except sandgate.CreationRefusedError as error:
        assert error.code == row["refused"]
    else:
        assert (row["refused"], *issued) == (None, row["access_token"], row["traffic_token"])


@TABLE.each("webhook", "row", lambda row: row["note"], fewest=170)
def test_webhook_is_verified(row):
    verifier = sandgate.webhook.Verifier(*map(as_bytes, row["secrets"]))
    headers, body = [tuple(map(as_bytes, line)) for line in row["headers"]], as_bytes(row["body"])

    def in_pieces():
        verification = verifier.start(headers)
        for at in range(0, len(body), 63):
            verification.update(body[at : at + 63])
        verification.finish()

    for verify in lambda: verifier.verify(headers, body), in_pieces:
        try:
            answer = {"verified": verify() is None}
        except sandgate.DeniedError as error:
            answer = refused(error)
        assert answer == row["expect"]
    assert verifier.is_valid(headers, body) == ("verified" in row["expect"])


@TABLE.each("webhook_sign", "row", lambda row: f"{len(row['secret'])} {len(row['body'])}", fewest=30)
def test_webhook_is_signed(row):
    secret, body = as_bytes(row["secret"]), as_bytes(row["body"])
    if row["signature"] is None:
        with pytest.raises(ValueError, match="^secret: "):
            sandgate.webhook.sign(secret, body)
    else:
        assert sandgate.webhook.sign(secret, body) == row["signature"]


def test_every_array_is_tested():
    assert TABLE.untested() == []
