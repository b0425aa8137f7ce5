"""The rule of a controller and of an edge for one request, slow and simple, to check the table's expectations.

It shares no code with the project: only the pages that describe the formats.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from credentials import (
    ID,
    NOW,
    signed_part,
    traffic_pass,
    v1_access_token,
    v1_signature,
    v1_traffic_token,
    v2_access_token,
    v2_signature,
    v2_traffic_token,
)

UNAUTHORIZED = "unauthorized access, please provide a valid access token or method signing if supported"
TRAFFIC = "Sandbox is secured with traffic access token. "
MESSAGES = {
    ("route", "missing"): UNAUTHORIZED,
    ("route", "invalid"): UNAUTHORIZED,
    ("file_token", "invalid"): "access token present in header but does not match",
    ("file_signature", "missing"): "missing signature query parameter",
    ("file_signature", "invalid"): "invalid signature",
    ("file_signature", "expired"): "signature is already expired",
    ("file_signature", "lifetime_too_long"): "signature lifetime is too long",
    ("file_signature", "out_of_scope"): "signature does not cover this path",
    ("host", "missing"): "missing sandbox id or port in host and routing headers",
    ("host", "malformed"): "invalid host or routing headers",
    ("internal_route", "out_of_scope"): "not found",
    ("traffic", "missing"): TRAFFIC + "Token header 'e2b-traffic-access-token' is missing",
    ("traffic", "invalid"): TRAFFIC + "Provided token in header 'e2b-traffic-access-token' is invalid",
    ("traffic", "malformed"): TRAFFIC + "Provided token in header 'e2b-traffic-access-token' is invalid",
    ("traffic", "expired"): "traffic access token is already expired",
    ("traffic", "lifetime_too_long"): "traffic access token lifetime is too long",
    ("traffic", "out_of_scope"): "traffic access token does not cover this port",
}
SANDBOXES = {ID: {"restricted": True, "generation": 0}, "pub456": {"restricted": False, "generation": 0}}
WEEK, DAY = 604_800, 86_400
INTERNAL = ["/init", "/upgrade", "/freeze", "/unfreeze", "/fsfreeze", "/fsthaw", "/collapse"]


class Refused(Exception):
    def __init__(self, gate: str, code: str) -> None:
        super().__init__(gate, code)
        status = {"traffic": 403, "host": 400, "internal_route": 404 if code == "out_of_scope" else 400}
        self.answer = {
            "status": status.get(gate, 400 if code == "malformed" else 401),
            "gate": gate,
            "code": code,
            "message": MESSAGES.get((gate, code), "malformed request"),
        }


def values(headers: list[list[str]], *names: str) -> list[str]:
    return [value.strip(" \t") for name, value in headers if name.lower() in names]


def once(headers: list[list[str]], gate: str, *names: str) -> str | None:
    given = values(headers, *names)
    if len(given) > 1:
        raise Refused(gate, "malformed")
    return given[0] if given and given[0] else None


def escapes_are_good(text: str) -> bool:
    return re.search("%(?![0-9A-Fa-f]{2})", text) is None


def decoded(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ").encode("latin-1")).decode("latin-1")


def parameters(query: str) -> dict[str, str]:
    if not escapes_are_good(query):
        raise Refused("file_signature", "malformed")
    found: dict[str, str] = {}
    for piece in filter(None, query.split("&")):
        name, _, value = piece.partition("=")
        name = decoded(name)
        if name in found and (name in ("path", "username") or name.startswith("signature")):
            raise Refused("file_signature", "malformed")
        found[name] = decoded(value)
    return found


def is_preflight(method: str, headers: list[list[str]]) -> bool:
    def given(name: str) -> bool:
        return len(values(headers, name)) == 1 and values(headers, name)[0] != ""

    lengths = values(headers, "content-length")
    empty = not lengths or (len(lengths) == 1 and re.fullmatch("0+", lengths[0]) is not None)
    absent = not values(headers, "upgrade") and not values(headers, "transfer-encoding")
    return method == "OPTIONS" and given("origin") and given("access-control-request-method") and empty and absent


def controller(deployment: str, method: str, target: str, headers: list[list[str]]) -> dict[str, object]:
    if is_preflight(method, headers):
        return {"preflight": True}
    path, _, query = target.partition("?")
    operation = {"GET": "read", "POST": "write"}.get(method)
    if deployment != "v1":
        operation = operation or {"HEAD": "read", "PUT": "write"}.get(method)
    is_file = path == "/files" and operation is not None
    if deployment == "open":
        try:
            grant = unsigned(operation, parameters(query), deployment) if is_file and operation else None
        except Refused:
            grant = None
        return {"allowed": "open", "grant": grant}
    if (method, path) in (("GET", "/health"), ("POST", "/init")):
        return {"allowed": "exempt", "grant": None}
    if not is_file and not escapes_are_good(path):
        raise Refused("route", "malformed")
    gate = "file_token" if is_file else "route"
    said = parameters(query) if is_file else {}
    if is_file and deployment == "v1":
        if ";" in query:
            raise Refused("file_signature", "malformed")
        integer(said.get("signature_expiration"))
    presented = once(headers, gate, "x-access-token")
    if presented is not None:
        if presented != (v1_access_token(ID) if deployment == "v1" else v2_access_token(ID)):
            raise Refused(gate, "invalid")
        return {"allowed": "token", "grant": unsigned(operation, said, deployment) if is_file and operation else None}
    if not is_file or operation is None:
        raise Refused("route", "missing")
    grant = v1_file(operation, said) if deployment == "v1" else v2_file(operation, said)
    return {"allowed": "signature", "grant": grant}


def unsigned(operation: str, said: dict[str, str], deployment: str) -> dict[str, object]:
    # Only version 2 tells an empty user from none.
    user = said.get("username") if deployment == "v2" else said.get("username") or None
    return {"operation": operation, "path": said.get("path", ""), "user": user, "expires": None}


def integer(text: str | None) -> int | None:
    if text is None:
        return None
    if re.fullmatch("[+-]?[0-9]+", text) is None or not -(2**63) <= int(text) < 2**63:
        raise Refused("file_signature", "malformed")
    return int(text)


def v1_file(operation: str, said: dict[str, str]) -> dict[str, object]:
    path, user, expires = said.get("path", ""), said.get("username", ""), integer(said.get("signature_expiration"))
    if "signature" not in said:
        raise Refused("file_signature", "missing")
    if said["signature"] != v1_signature(v1_access_token(ID), path, operation, user, expires):
        raise Refused("file_signature", "invalid")
    if expires is not None and expires < NOW:
        raise Refused("file_signature", "expired")
    return {"operation": operation, "path": path, "user": user or None, "expires": expires}


def v2_file(operation: str, said: dict[str, str]) -> dict[str, object]:
    known = {"signature", "signature_expiration", "signature_directory", "signature_max_bytes"}
    if any(name.startswith("signature") and name not in known for name in said):
        raise Refused("file_signature", "malformed")
    numbers = [said.get(name) for name in ("signature_expiration", "signature_max_bytes")]
    if any(text is not None and re.fullmatch("0|[1-9][0-9]{0,15}", text) is None for text in numbers):
        raise Refused("file_signature", "malformed")
    expires, limit = (int(text) if text is not None else None for text in numbers)
    signature, path, directory = said.get("signature"), said.get("path"), said.get("signature_directory")
    wrong_shape = signature is not None and re.fullmatch(r"v2\.[0-9a-z]\.[A-Za-z0-9_-]{43}", signature) is None
    if wrong_shape or path == "" or (limit is not None and operation == "read"):
        raise Refused("file_signature", "malformed")
    if signature is None:
        raise Refused("file_signature", "missing")
    if expires is None or path is None:
        raise Refused("file_signature", "malformed")
    if signature != v2_signature(ID, operation, path, directory, said.get("username"), expires, limit):
        raise Refused("file_signature", "invalid")
    if NOW > expires:
        raise Refused("file_signature", "expired")
    if expires > NOW + WEEK:
        raise Refused("file_signature", "lifetime_too_long")
    inside = directory is None or (path.startswith(directory) and not path.endswith("/"))
    segments = path[len(directory or "/") :].split("/")
    if not inside or (directory is not None and any(segment in ("", ".", "..") for segment in segments)):
        raise Refused("file_signature", "out_of_scope")
    return {"operation": operation, "path": path, "user": said.get("username"), "expires": expires}


def host_of(headers: list[list[str]]) -> tuple[str, int, str | None]:
    """The sandbox, the port, and a possible signed part."""
    host = once(headers, "host", "host")
    if host is None:
        raise Refused("host", "missing")
    name = re.fullmatch(r"(\[[0-9a-f:.]*\]|[A-Za-z0-9._-]*)(:[0-9]*)?", host)
    if name is None:
        raise Refused("host", "malformed")
    name = name[1]
    signed = None
    if re.fullmatch(r"localhost|sandbox\..+|\[::1\]|127\.0\.0\.1", name):
        parts = []
        for names in (("e2b-sandbox-id", "novita-sandbox-id"), ("e2b-sandbox-port", "novita-sandbox-port")):
            part = once(headers, "host", *names)
            if part is None:
                raise Refused("host", "missing")
            parts.append(part)
        sandbox_id, port = parts
    else:
        label, dot, _ = name.partition(".")
        port, dash, rest = label.partition("-")
        sandbox_id, _, anything = rest.partition("-")
        if not dot or not dash:
            raise Refused("host", "malformed")
        signed = anything if len(anything) == 34 and "-" not in anything else None
    digits = re.fullmatch("0*([1-9][0-9]{0,4})", port)
    if not re.fullmatch("[a-z0-9]{1,63}", sandbox_id) or digits is None or int(digits[1]) > 65535:
        raise Refused("host", "malformed")
    return sandbox_id, int(digits[1]), signed


def edge(method: str, target: str, headers: list[list[str]]) -> dict[str, object]:
    if not target.startswith("/"):
        raise Refused("host", "malformed")
    sandbox_id, port, signed = host_of(headers)
    screen(method, target, port)
    if sandbox_id not in SANDBOXES:
        return {"status": 502, "gate": None, "code": None, "message": "The sandbox was not found"}
    passed, carrier = "public", None
    if port == 49983:
        passed = "controller_port"
    elif SANDBOXES[sandbox_id]["restricted"]:
        passed, carrier = check_carriers(sandbox_id, port, signed, target, headers)
    return {"passed": passed, "carrier": carrier, "route": f"{port}-{sandbox_id}"}


def screen(method: str, target: str, port: int) -> None:
    malformed = Refused("internal_route", "malformed")
    if method in ("TRACE", "TRACK", "CONNECT") or re.search(r"[#\\\x00-\x1f\x7f]", target):
        raise malformed
    path = target.partition("?")[0]
    if port != 49983:
        return
    once_decoded = unquote_to_bytes(path.encode("latin-1")).decode("latin-1")
    if "//" in path or not escapes_are_good(path) or re.search(r"[%?#\\\x00-\x1f\x7f]", once_decoded):
        raise malformed
    kept: list[str] = []
    for segment in once_decoded.split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in ("", "."):
            kept.append(segment)
    if len(kept) == 1 and f"/{kept[0]}" in INTERNAL:
        raise Refused("internal_route", "out_of_scope")


def check_carriers(
    sandbox_id: str, port: int, signed: str | None, target: str, headers: list[list[str]]
) -> tuple[str, str]:
    token = once(headers, "traffic", "e2b-traffic-access-token")
    if token is not None:
        if token.startswith("sg2p."):
            return check_pass(sandbox_id, port, token), "header"
        if token.startswith("sg2t.") and re.fullmatch(r"sg2t\.[0-9a-z]\.[A-Za-z0-9_-]{43}", token) is None:
            raise Refused("traffic", "malformed")
        if token not in (v1_traffic_token(sandbox_id), v2_traffic_token(sandbox_id)):
            raise Refused("traffic", "invalid")
        return "token", "header"
    if signed is not None:
        shape = re.fullmatch("[0-9a-z]([0-9a-z]{7})[a-z2-7]{26}", signed)
        if shape is None:
            raise Refused("traffic", "malformed")
        expires = int(shape[1], 36)
        check_tag(signed == signed_part(sandbox_id, port, expires), expires, DAY)
        return "signed_host", "host"
    pieces = [piece.partition("=") for piece in target.partition("?")[2].split("&")]
    ours = [value for name, _, value in pieces if escapes_are_good(name) and decoded(name) == "sandgate_traffic"]
    if ours:
        if len(ours) > 1 or not ours[0] or not escapes_are_good(ours[0]):
            raise Refused("traffic", "malformed")
        return check_pass(sandbox_id, port, decoded(ours[0])), "query"
    cookies = [piece.partition("=") for line in values(headers, "cookie") for piece in line.split(";")]
    ours = [value.strip(" \t") for name, eq, value in cookies if eq and name.strip(" \t") == "__Host-sandgate-traffic"]
    if ours:
        if len(ours) > 1 or not ours[0] or ours[0].startswith('"'):
            raise Refused("traffic", "malformed")
        return check_pass(sandbox_id, port, ours[0]), "cookie"
    raise Refused("traffic", "missing")


def check_pass(sandbox_id: str, port: int, text: str) -> str:
    shape = re.fullmatch(r"sg2p\.([0-9a-z])\.([1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,15})\.[A-Za-z0-9_-]{43}", text)
    if shape is None:
        raise Refused("traffic", "malformed")
    said_port, expires = int(shape[2]), int(shape[3])
    check_tag(text == traffic_pass(sandbox_id, said_port, expires), expires, WEEK)
    if said_port != port:
        raise Refused("traffic", "out_of_scope")
    return "pass"


def check_tag(right: bool, expires: int, lifetime: int) -> None:
    if not right:
        raise Refused("traffic", "invalid")
    if NOW > expires:
        raise Refused("traffic", "expired")
    if expires > NOW + lifetime:
        raise Refused("traffic", "lifetime_too_long")


def normalised(target: str) -> str:
    """The target of an origin-form request in a `Request`, which was parsed by the URL standard."""
    if not target.startswith(("/", "\\")):
        return target
    target = re.sub("[\t\r\n]", "", target).partition("#")[0]
    path, mark, query = target.partition("?")
    kept: list[str] = []
    segments = path.replace("\\", "/").split("/")[1:]
    for index, segment in enumerate(segments):
        last = index == len(segments) - 1
        dots = segment.lower().replace("%2e", ".")
        if dots == "..":
            kept = kept[:-1] + ([""] if last else [])
        elif dots == ".":
            kept += [""] if last else []
        else:
            kept.append(segment)
    return "/" + "/".join(kept) + (mark + query if query else "")
