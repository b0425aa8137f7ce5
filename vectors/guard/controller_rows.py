"""Requests to a controller, and their answers."""

from __future__ import annotations

from collections.abc import Iterator

from credentials import ID, NOW, query, v1_access_token, v1_signature, v2_access_token, v2_signature

Row = tuple[str, str, str, str, list[list[str]], str]
V1, V2 = v1_access_token(ID), v2_access_token(ID)
PREFLIGHT = [["Origin", "https://app.example"], ["Access-Control-Request-Method", "PUT"]]
MISSING, WRONG, UNREADABLE = "401 route missing", "401 route invalid", "400 route malformed"

#: Spellings of a route that are another path.
SPELLINGS = {
    "first letter escaped": lambda path: f"/%{ord(path[1]):02x}{path[2:]}",
    "last letter escaped": lambda path: f"{path[:-1]}%{ord(path[-1]):02X}",
    "slash escaped": lambda path: f"/%2F{path[1:]}",
    "letter escaped twice": lambda path: f"/%25{ord(path[1]):02x}{path[2:]}",
    "slash in front": lambda path: f"/{path}",
    "slash behind": lambda path: f"{path}/",
    "escaped slash behind": lambda path: f"{path}%2f",
    "dot segment": lambda path: f"/.{path}",
    "escaped dot segment": lambda path: f"/%2e{path}",
    "dot dot segment": lambda path: f"/x/..{path}",
    "upper case": lambda path: path.upper(),
    "semicolon": lambda path: f"{path};x",
    "escaped NUL": lambda path: f"{path}%00",
    "escaped space": lambda path: f"{path}%20",
    "escaped question mark": lambda path: f"{path}%3F",
    "escaped number sign": lambda path: f"{path}%23",
}


def token(value: str, name: str = "X-Access-Token") -> list[list[str]]:
    return [[name, value]]


def rows() -> Iterator[Row]:
    yield from routes()
    yield from tokens()
    yield from preflights()
    yield from v1_files()
    yield from v2_files()
    yield from an_open_controller()


def routes() -> Iterator[Row]:
    for target in ("/health", "/health?", "/health?path=%zz&x=1"):
        yield "an exempt route", "v1", "GET", target, [], "exempt"
    yield "an exempt route, whatever the token", "v1", "GET", "/health", token("wrong"), "exempt"
    yield "an exempt route, whatever the token", "v1", "GET", "/health", token("") + token("x"), "exempt"
    yield "initialisation authenticates itself", "v1", "POST", "/init", [], "exempt"
    yield "an exempt route of v2", "v2", "GET", "/health", [], "exempt"
    signed = query(("path", "/a.txt"), ("signature", v1_signature(V1, "/a.txt", "read", "", None)))
    for note, spell in SPELLINGS.items():
        for method, path in (("GET", "/health"), ("POST", "/init"), ("GET", "/files")):
            target = spell(path) + (f"?{signed}" if path == "/files" else "")
            yield f"{path}, {note}", "v1", method, target, [], MISSING
        yield f"/health, {note}, with the token", "v1", "GET", spell("/health"), token(V1), "token"
        yield f"/files, {note}, with the token", "v1", "GET", f"{spell('/files')}?{signed}", token(V1), "token"
    yield "another method", "v1", "HEAD", "/health", [], MISSING
    yield "another method", "v1", "POST", "/health", [], MISSING
    yield "another method", "v1", "GET", "/init", [], MISSING
    yield "another method, with a signature", "v1", "HEAD", f"/files?{signed}", [], MISSING
    yield "another method, with a signature", "v1", "PUT", f"/files?{signed}", [], MISSING
    yield "another method, with a signature", "v1", "DELETE", f"/files?{signed}", [], MISSING
    yield "another method, with the token", "v1", "HEAD", f"/files?{signed}", token(V1), "token"
    for path in ("/", "/metrics", "/files/compose", "/process.Process/Start", "/filesx", "/file", "/healthz"):
        yield "a protected route", "v1", "GET", path, [], MISSING
        yield "a protected route, with the token", "v1", "GET", path, token(V1), "token"
        yield "a protected route, with a signature", "v1", "GET", f"{path}?{signed}", [], MISSING
    for path in ("/%", "/%2", "/%zz", "/health%", "/files%g0"):
        yield "a path that cannot be decoded", "v1", "GET", path, [], UNREADABLE
        yield "a path that cannot be decoded, with the token", "v1", "GET", path, token(V1), UNREADABLE


def tokens() -> Iterator[Row]:
    for name in ("x-access-token", "X-ACCESS-TOKEN", "X-Access-Token"):
        yield "a header in any case", "v1", "GET", "/metrics", token(V1, name), "token"
    for wrong in ("x", V1.upper(), V1[:-1], V1 + "0", V2, "Bearer " + V1, '"' + V1 + '"', "\xff", "\xc3\xa9"):
        yield "a wrong token", "v1", "GET", "/metrics", token(wrong), WRONG
        yield "a wrong token", "v1", "GET", "/files", token(wrong), "401 file_token invalid"
    yield "an empty token is none", "v1", "GET", "/metrics", token(""), MISSING
    yield "another header", "v1", "GET", "/metrics", [["Authorization", f"Bearer {V1}"]], MISSING
    yield "another header", "v1", "GET", "/metrics", [["X-Access-Tokens", V1]], MISSING
    for first, second in ((V1, V1), (V1, "x"), ("x", V1), ("", V1), (V1, "")):
        twice = token(first) + token(second, "x-access-token")
        yield "a token twice", "v1", "GET", "/metrics", twice, UNREADABLE
        yield "a token twice", "v1", "GET", "/files", twice, "400 file_token malformed"
    for around in (f" {V1}", f"{V1}\t", f"\t {V1} \t"):
        yield "white space around the token", "v1", "GET", "/metrics", token(around), "token"
        yield "white space around the token", "v1", "GET", "/files?path=/a", token(around), "token read /a"
    for blank in (" ", "\t \t"):
        yield "white space alone is no token", "v1", "GET", "/metrics", token(blank), MISSING
        yield "white space alone is no token", "v1", "GET", v1_url("/a.txt"), token(blank), "signature read /a.txt"
    yield "white space in a token", "v1", "GET", "/metrics", token(f"{V1[:9]} {V1[9:]}"), WRONG
    yield "a token of the other format", "v2", "GET", "/metrics", token(V1), WRONG
    yield "the right token of v2", "v2", "GET", "/metrics", token(V2), "token"
    for deployment, held in (("v1", V1), ("v2", V2)):
        for asked, user in (("", ""), ("&username=", " " if deployment == "v2" else ""), ("&username=root", " root")):
            yield "an empty user is another than none in v2", deployment, "GET", f"/files?path=/a{asked}", token(held), f"token read /a{user}"
    yield "another spelling of a token", "v2", "GET", "/metrics", token(V2[:-1] + "_"), WRONG


def preflights() -> Iterator[Row]:
    for target in ("/", "/files", "/metrics", "/%66iles", "/health?x=%zz"):
        yield "a preflight", "v1", "OPTIONS", target, PREFLIGHT, "preflight"
    yield "a preflight, whatever the token", "v1", "OPTIONS", "/metrics", PREFLIGHT + token("wrong"), "preflight"
    yield "a preflight without a body", "v1", "OPTIONS", "/", [*PREFLIGHT, ["Content-Length", "0"]], "preflight"
    yield "a preflight of v2", "v2", "OPTIONS", "/files", PREFLIGHT, "preflight"
    yield "a preflight with a body", "v1", "OPTIONS", "/metrics", [*PREFLIGHT, ["Content-Length", "2"]], MISSING
    chunked = [*PREFLIGHT, ["Transfer-Encoding", "chunked"]]
    yield "a preflight with a chunked body", "v1", "OPTIONS", "/metrics", chunked, MISSING
    upgrade = [*PREFLIGHT, ["Upgrade", "websocket"]]
    yield "an upgrade is no preflight", "v1", "OPTIONS", "/metrics", upgrade, MISSING
    spaced = [[name, f" {value}\t"] for name, value in PREFLIGHT]
    yield "white space around a preflight's values", "v1", "OPTIONS", "/metrics", spaced, "preflight"
    for missing in PREFLIGHT:
        yield "half a preflight", "v1", "OPTIONS", "/metrics", [missing], MISSING
        emptied = [[name, "" if [name, value] == missing else value] for name, value in PREFLIGHT]
        yield "an empty header is none", "v1", "OPTIONS", "/metrics", emptied, MISSING
        yield "a header twice", "v1", "OPTIONS", "/metrics", [*PREFLIGHT, missing], MISSING
    for method in ("GET", "POST", "PUT"):
        yield "another method than a preflight's", "v1", method, "/metrics", PREFLIGHT, MISSING
    with_body = [*PREFLIGHT, ["Content-Length", "2"]]
    yield "a preflight with a body, with the token", "v1", "OPTIONS", "/metrics", with_body + token(V1), "token"


def v1_url(path: str, operation: str = "read", user: str = "", expires: int | None = None) -> str:
    signature = v1_signature(V1, path, operation, user, expires)
    pairs = [("path", path or None), ("username", user or None), ("signature", signature)]
    return "/files?" + query(*pairs, ("signature_expiration", expires))


def v1_files() -> Iterator[Row]:
    a, read = v1_signature(V1, "/a.txt", "read", "", None), "signature read /a.txt"
    yield "a download", "v1", "GET", v1_url("/a.txt"), [], read
    yield "an upload", "v1", "POST", v1_url("/b.txt", "write"), [], "signature write /b.txt"
    yield "an upload without a path", "v1", "POST", v1_url("", "write"), [], "signature write "
    yield "as a user", "v1", "GET", v1_url("/a.txt", user="root"), [], "signature read /a.txt root"
    yield "an escaped semicolon", "v1", "GET", v1_url("/a;b.txt"), [], "signature read /a;b.txt"
    yield "any bytes", "v1", "GET", v1_url("/\xe4\x00\xff%&=#?"), [], "signature read /\xe4\x00\xff%&=#?"
    escaped = f"/files?%70ath=%2Fa.txt&sign%61ture={query(('s', a))[2:]}&utm_source=x"
    yield "escaped names, other parameters", "v1", "GET", escaped, [], read
    yield "empty pieces", "v1", "GET", f"/files?&&{v1_url('/a.txt')[7:]}&", [], read
    yield "an empty token beside a signature", "v1", "GET", v1_url("/a.txt"), token(""), read
    yield "a wrong token beside a signature", "v1", "GET", v1_url("/a.txt"), token("x"), "401 file_token invalid"
    yield "the token, whatever the signature", "v1", "GET", "/files?path=/a&signature=x", token(V1), "token read /a"
    yield "the token alone", "v1", "POST", "/files", token(V1), "token write "
    for end in (NOW, NOW + 60, 2**63 - 1):
        yield "before the end", "v1", "GET", v1_url("/a.txt", expires=end), [], f"{read} until {end}"
    for end in (NOW - 1, 0, -10000):
        yield "after the end", "v1", "GET", v1_url("/a.txt", expires=end), [], "401 file_signature expired"
    for spelling in ("%2B1800000060", "01800000060"):
        spelled = v1_url("/a.txt", expires=NOW + 60).replace(f"={NOW + 60}", f"={spelling}")
        yield "another spelling of the end", "v1", "GET", spelled, [], f"{read} until {NOW + 60}"
    yield "the operation is signed", "v1", "POST", v1_url("/a.txt"), [], "401 file_signature invalid"
    yield "the end is signed", "v1", "GET", v1_url("/a.txt") + f"&signature_expiration={NOW + 60}", [], "401 file_signature invalid"
    for signature in ("", "v1_", "x", a[:-1], a + "=", a.replace("v1_", "v2_"), a.upper(), "v2.k.x", "%FF"):
        target = f"/files?path=/a.txt&signature={signature if signature == '%FF' else query(('s', signature))[2:]}"
        yield "a wrong signature", "v1", "GET", target, [], "401 file_signature invalid"
    yield "no signature", "v1", "GET", "/files?path=/a.txt", [], "401 file_signature missing"
    yield "no query", "v1", "GET", "/files", [], "401 file_signature missing"
    malformed = [
        v1_url("/a.txt") + "&path=/a.txt",
        v1_url("/a.txt") + f"&{query(('signature', a))}",
        v1_url("/a.txt") + "&username=&username=",
        v1_url("/a.txt") + "&x=%",
        v1_url("/a.txt") + "&x=a;b",
        v1_url("/a.txt") + ";",
        v1_url("/a;b.txt").replace("%3B", ";"),
        v1_url("/a.txt") + "&x=%zz",
        "/files?path=/a.txt&signature_expiration=",
        "/files?path=/a.txt&signature_expiration=1e9",
        "/files?path=/a.txt&signature_expiration=9223372036854775808",
        "/files?path=/a.txt&signature_expiration=1&signature_expiration=1",
    ]
    for target in malformed:
        yield "a query that cannot be read", "v1", "GET", target, [], "400 file_signature malformed"
        yield "a query that cannot be read, with the token", "v1", "GET", target, token(V1), "400 file_signature malformed"


def v2_url(path: str, operation: str = "read", user: str | None = None, expires: int = NOW + 60, **more: object) -> str:
    directory, limit = more.get("directory"), more.get("max_bytes")
    signature = v2_signature(ID, operation, path, directory, user, expires, limit)  # type: ignore[arg-type]
    pairs = [("path", path), ("username", user), ("signature", signature), ("signature_expiration", expires)]
    return "/files?" + query(*pairs, ("signature_directory", directory), ("signature_max_bytes", limit))  # type: ignore[arg-type]


def v2_files() -> Iterator[Row]:
    read = f"signature read /a.txt until {NOW + 60}"
    for method in ("GET", "HEAD"):
        yield "a download of v2", "v2", method, v2_url("/a.txt"), [], read
    for method in ("POST", "PUT"):
        target = v2_url("/a.txt", "write", max_bytes=5)
        yield "a limited upload of v2", "v2", method, target, [], f"signature write /a.txt until {NOW + 60}"
    inside = v2_url("/d/a.txt", directory="/d/")
    yield "below a directory", "v2", "GET", inside, [], f"signature read /d/a.txt until {NOW + 60}"
    for path in ("/a.txt", "/d/", "/d/../a", "/d//a", "/da.txt"):
        outside = v2_url(path, directory="/d/")
        yield "outside the directory", "v2", "GET", outside, [], "401 file_signature out_of_scope"
    for end in (NOW, NOW + 604_800):
        yield "the last second", "v2", "GET", v2_url("/a.txt", expires=end), [], f"signature read /a.txt until {end}"
    yield "after the end", "v2", "GET", v2_url("/a.txt", expires=NOW - 1), [], "401 file_signature expired"
    plain = v2_url("/a;b.txt").replace("%3B", ";") + "&x=;"
    yield "a semicolon is an ordinary byte", "v2", "GET", plain, [], f"signature read /a;b.txt until {NOW + 60}"
    far = v2_url("/a.txt", expires=NOW + 604_801)
    yield "too far ahead", "v2", "GET", far, [], "401 file_signature lifetime_too_long"
    yield "an escaped route of v2", "v2", "GET", v2_url("/a.txt").replace("/files", "/%66iles"), [], MISSING
    yield "the operation is signed", "v2", "POST", v2_url("/a.txt"), [], "401 file_signature invalid"
    yield "the user is signed", "v2", "GET", v2_url("/a.txt") + "&username=", [], "401 file_signature invalid"
    yield "a key id that is not known", "v2", "GET", v2_url("/a.txt").replace("v2.k.", "v2.z."), [], "401 file_signature invalid"
    for target in (
        v1_url("/a.txt"),
        v2_url("/a.txt") + "&signature_other=1",
        v2_url("/a.txt") + "&path=/a.txt",
        v2_url("/a.txt").replace("expiration=", "expiration=0"),
        v2_url("/a.txt").replace(f"&signature_expiration={NOW + 60}", ""),
        v2_url("/a.txt") + "&signature_max_bytes=5",
    ):
        yield "a query that cannot be read", "v2", "GET", target, [], "400 file_signature malformed"
    yield "no signature", "v2", "GET", "/files?path=/a.txt", [], "401 file_signature missing"
    yield "a wrong token beside a signature", "v2", "GET", v2_url("/a.txt"), token("x"), "401 file_token invalid"
    yield "the token", "v2", "PUT", "/files?path=/a&username=u", token(V2), "token write /a u"


def an_open_controller() -> Iterator[Row]:
    for path in ("/metrics", "/%66iles?path=/a", "/%zz", "/files?path=%zz", "//files?path=/a"):
        yield "an open controller", "open", "GET", path, token("x") + token("y"), "open"
    yield "an open controller", "open", "GET", "/files?path=/a&signature=x", [], "open read /a"
    yield "an open controller", "open", "PUT", "/files?path=/a&username=u", [], "open write /a u"
    yield "an open controller", "open", "GET", "/health", [], "open"
    yield "an open controller", "open", "OPTIONS", "/files", PREFLIGHT, "preflight"
