"""`vectors/guard.json`: requests as received, and the answer of every guard."""

import sandgate
import vectors

TABLE = vectors.File("guard.json")
NOW = TABLE["now"]
ROWS = TABLE["rows"]


def name(row):
    """The name of a row in the tests."""
    headers = "; ".join(f"{name}: {value}" for name, value in row["headers"][1:])
    return f"{row['gate']} {row.get('deployment', '')} {row['note']}: {row['method']} {row['target']} {headers}"


def controller(deployment):
    tokens = TABLE["controllers"][deployment]["access_tokens"]
    return sandgate.Controller(*tokens) if tokens else sandgate.Controller.open()


def edge():
    setup = TABLE["edge"]
    policy = sandgate.Policy(carriers=tuple(setup["carriers"]), versions=tuple(setup["versions"]))
    v2 = sandgate.v2.Keyring({setup["v2_kid"]: bytes.fromhex(setup["v2_seed_hex"])})
    return sandgate.Edge(policy=policy, v1_keyring=sandgate.v1.Keyring(setup["v1_seed"]), v2_keyring=v2.traffic())


def lookup(route):
    known = TABLE["edge"]["sandboxes"].get(route.sandbox_id)
    return sandgate.SandboxState(**known) if known else None


def allowed(answer):
    """In the form of the table."""
    if answer is None:
        return {"preflight": True}
    grant = answer.grant
    if grant is not None:
        user = None if grant.user is None else latin1(grant.user)
        path = grant.path_bytes.decode("latin-1")
        grant = {"operation": grant.operation, "path": path, "user": user, "expires": grant.expires}
    return {"allowed": answer.basis, "grant": grant}


def passed(answer, route):
    return {"passed": answer.basis, "carrier": answer.carrier, "route": str(route)}


def latin1(text):
    """One character per byte."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")
