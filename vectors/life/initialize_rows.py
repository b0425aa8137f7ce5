"""What happens to controllers, step by step, and the expected answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from credentials import ID, v1_access_token, v2_access_token, v2_traffic_token

#: Body, expected hash, the answer, and the tokens that the controller requires afterwards: "waiting", "open", or the tokens.
Step = tuple[bytes, bytes, str, "str | list[str]"]
#: Note, the controller at the start as in the last field of a step, and what happens to it.
Row = tuple[str, "str | list[str]", list[Step]]

V1, OTHER, V2, NEXT = v1_access_token(ID), "another token: é", v2_access_token(ID), v2_access_token(ID, 1)
NOTHING = b""


def sha512(token: str) -> bytes:
    return hashlib.sha512(token.encode()).hexdigest().encode()


CLEAR = sha512("")


def body(**members: object) -> bytes:
    return json.dumps(members, ensure_ascii=False).encode()


def token(text: str, **more: object) -> bytes:
    return body(accessToken=text, **more)


def rows() -> Iterator[Row]:
    yield from the_table()
    yield from tokens()
    yield from timestamps()
    yield from bodies()
    yield from hashes()


def the_table() -> Iterator[Row]:
    for start in ("waiting", "open"):
        none = "cleared" if start == "waiting" else "kept"
        yield "first set-up with a token", start, [(token(V1), NOTHING, "replaced", [V1])]
        yield "first set-up with a token of v2", start, [(token(V2), NOTHING, "replaced", [V2])]
        for empty in (b"{}", b'{"accessToken":null}', b'{"envVars":{"accessToken":"x"}}'):
            yield "first set-up without a token", start, [(empty, NOTHING, none, "open")]
        yield "the hash allows the token", start, [(token(V1), sha512(V1), "replaced", [V1])]
        yield "the hash allows no token", start, [(b"{}", CLEAR, "cleared", "open")]
        yield "the hash is another token's", start, [(token(V1), sha512(OTHER), "401 invalid", start)]
        yield "the hash asks for a token", start, [(b"{}", sha512(V1), "401 missing", start)]
        yield "the hash forbids a token", start, [(token(V1), CLEAR, "401 invalid", start)]
    for held in (V1, V2):
        for expected in (NOTHING, CLEAR, sha512(held), sha512(OTHER), b"x"):
            yield "the token that it requires", [held], [(token(held), expected, "kept", [held])]
        yield "another token, and nothing allows it", [held], [(token(OTHER), NOTHING, "401 invalid", [held])]
        yield "another token, and the hash allows the old one", [held], [(token(OTHER), sha512(held), "401 invalid", [held])]
        yield "another token, and the hash allows none", [held], [(token(OTHER), CLEAR, "401 invalid", [held])]
        yield "another token that the hash allows", [held], [(token(OTHER), sha512(OTHER), "replaced", [OTHER])]
        yield "no token, and nothing allows it", [held], [(b"{}", NOTHING, "401 missing", [held])]
        yield "no token, and the hash allows the old one", [held], [(b"{}", sha512(held), "401 missing", [held])]
        yield "no token, and the hash allows none", [held], [(b"{}", CLEAR, "cleared", "open")]
    yield "cleared and set up again", [V1], [
        (b"{}", CLEAR, "cleared", "open"),
        (token(OTHER), NOTHING, "replaced", [OTHER]),
        (token(V1), NOTHING, "401 invalid", [OTHER]),
        (b"", NOTHING, "400 malformed", [OTHER]),
        (b"{}", NOTHING, "401 missing", [OTHER]),
    ]
    yield "after a refusal it still waits", "waiting", [
        (token(V1), sha512(OTHER), "401 invalid", "waiting"),
        (b"{", NOTHING, "400 malformed", "waiting"),
        (token(OTHER), sha512(OTHER), "replaced", [OTHER]),
    ]


def tokens() -> Iterator[Row]:
    third = v2_access_token(ID, 2)
    yield "one of several tokens", [V2, "sg2a.z" + NEXT[6:]], [
        (token(V2), NOTHING, "kept", [V2, "sg2a.z" + NEXT[6:]]),
        (token("sg2a.z" + NEXT[6:]), CLEAR, "kept", [V2, "sg2a.z" + NEXT[6:]]),
        (token(third), NOTHING, "401 invalid", [V2, "sg2a.z" + NEXT[6:]]),
        (token(third), sha512(third), "replaced", [third]),
        (token(V2), NOTHING, "401 invalid", [third]),
    ]
    yield "one of several tokens of v1", [V1, OTHER], [
        (token(OTHER), NOTHING, "kept", [V1, OTHER]),
        (token("third"), sha512("third"), "replaced", ["third"]),
    ]
    yield "a token of the other wire format", [V1], [(token(V2), sha512(V2), "replaced", [V2]), (token(V1), sha512(V1), "replaced", [V1])]
    yield "the longest token", "waiting", [(token("é" * 128), NOTHING, "replaced", ["é" * 128])]
    wrong = ["", "x" * 257, "é" * 129, v2_traffic_token(ID), "sg2r." + V2[5:], "sg2a.", V2 + "x", V2[:-1] + "-", "sg2a.K" + V2[6:]]
    for text in wrong:
        yield "no token that it can require", "waiting", [(token(text), sha512(text), "400 malformed", "waiting")]
        yield "no token that it can require", [V1], [(token(text), sha512(text), "400 malformed", [V1])]


def timestamps() -> Iterator[Row]:
    early, late = "2026-11-30T12:00:00.000000001Z", "2026-11-30T12:00:00.000000002Z"
    yield "older and equal timestamps change nothing", "waiting", [
        (token(V1, timestamp=late), NOTHING, "replaced", [V1]),
        (token(OTHER, timestamp=early), sha512(OTHER), "stale", [V1]),
        (token(OTHER, timestamp=late), sha512(OTHER), "stale", [V1]),
        (body(timestamp=early), CLEAR, "stale", [V1]),
        (token(V1, timestamp=early), NOTHING, "stale", [V1]),
        (token(OTHER, timestamp=early), NOTHING, "401 invalid", [V1]),
        (body(timestamp=early), NOTHING, "401 missing", [V1]),
        (token(OTHER), sha512(OTHER), "replaced", [OTHER]),
        (token(V1, timestamp=late), sha512(V1), "stale", [OTHER]),
        (token(V1, timestamp=None), sha512(V1), "replaced", [V1]),
        (token(OTHER, timestamp="2026-11-30T12:00:00.000000003Z"), sha512(OTHER), "replaced", [OTHER]),
    ]
    yield "what is kept counts as applied", [V1], [
        (token(V1, timestamp=late), NOTHING, "kept", [V1]),
        (token(OTHER, timestamp=early), sha512(OTHER), "stale", [V1]),
    ]
    yield "what is refused does not", [V1], [
        (token(OTHER, timestamp=late), NOTHING, "401 invalid", [V1]),
        (token(OTHER, timestamp=early), sha512(OTHER), "replaced", [OTHER]),
    ]
    yield "the same instant in another zone", [V1], [
        (token(V1, timestamp="2026-11-30T12:00:00Z"), NOTHING, "kept", [V1]),
        (token(OTHER, timestamp="2026-11-30T14:30:00.0+02:30"), sha512(OTHER), "stale", [V1]),
        (token(OTHER, timestamp="2026-12-01T00:00:00.000000000+12:00"), sha512(OTHER), "stale", [V1]),
        (token(OTHER, timestamp="2026-11-30T07:00:00.000000001-05:00"), sha512(OTHER), "replaced", [OTHER]),
    ]
    yield "the years at both ends", [V1], [
        (token(V1, timestamp="0001-01-02T00:00:00Z"), NOTHING, "kept", [V1]),
        (token(V1, timestamp="1969-12-31T23:59:59.999999999Z"), NOTHING, "kept", [V1]),
        (token(V1, timestamp="1970-01-01T00:00:00Z"), NOTHING, "kept", [V1]),
        (token(V1, timestamp="2024-02-29T23:59:59Z"), NOTHING, "kept", [V1]),
        (token(V1, timestamp="2024-03-01T00:00:00Z"), NOTHING, "kept", [V1]),
        (token(V1, timestamp="9999-12-30T23:59:59.999999999Z"), NOTHING, "kept", [V1]),
        (token(V1, timestamp="9999-12-30T23:59:59Z"), NOTHING, "stale", [V1]),
    ]
    for text in (
        "",
        "now",
        "1764504000",
        "2026-11-30",
        "2026-11-30 12:00:00Z",
        "2026-11-30T12:00:00",
        "2026-11-30t12:00:00Z",
        "2026-11-30T12:00:00z",
        "2026-11-30T12:00:00.Z",
        "2026-11-30T12:00:00,5Z",
        "2026-11-30T12:00:00.0000000001Z",
        "2026-11-30T12:00Z",
        "2026-11-30T12:00:60Z",
        "2026-11-30T24:00:00Z",
        "2026-11-31T12:00:00Z",
        "2026-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-11-30T12:00:00+24:00",
        "2026-11-30T12:00:00+0200",
        "2026-11-30T12:00:00 +02:00",
        " 2026-11-30T12:00:00Z",
    ):
        yield "a timestamp that cannot be read", [V1], [(token(V1, timestamp=text), NOTHING, "400 malformed", [V1])]
    for value in (0, 1764504000, True, [], {}):
        yield "a timestamp that is no text", [V1], [(token(V1, timestamp=value), NOTHING, "400 malformed", [V1])]


def bodies() -> Iterator[Row]:
    quoted = json.dumps(V1).encode()
    for text in (
        b"",
        b" ",
        b"null",
        b"true",
        b"0",
        b'"x"',
        b"[]",
        b"[{}]",
        b"{",
        b"}",
        b"{}}",
        b"{}{}",
        b"{} x",
        b"{,}",
        b'{"a"}',
        b'{"a":}',
        b'{"a":1,}',
        b'{"a" 1}',
        b"{a:1}",
        b"{'a':1}",
        b'{"a":01}',
        b'{"a":.5}',
        b'{"a":1.}',
        b'{"a":+1}',
        b'{"a":-}',
        b'{"a":1e}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":nul}',
        b'{"a":True}',
        b'{"a":[1,]}',
        b'{"a":[1}',
        b'{"a":{]}',
        b'{"a":"\x01"}',
        b'{"a":"\\x"}',
        b'{"a":"\\u12g4"}',
        b'{"a":"x}',
        b'{"a":1}/**/',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b"{}\x00",
        b"\x0b{}",
        b"\xc2\xa0{}",
        b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
    ):
        for start in ("waiting", "open"):
            yield "no JSON object", start, [(text, NOTHING, "400 malformed", start)]
        yield "no JSON object", [V1], [(text, CLEAR, "400 malformed", [V1])]
    for value in (b"0", b"1.5", b"true", b"false", b"[]", b"{}", b"[" + quoted + b"]", b'{"accessToken":' + quoted + b"}"):
        yield "a token that is no text", "waiting", [(b'{"accessToken":' + value + b"}", NOTHING, "400 malformed", "waiting")]
    for value in (b'"\\u0061bc"', b'"a\\/b"', b'"a\\\\b"', b'"a\\"b"', b'"a\\nb"'):
        yield "an escape in the token", "waiting", [(b'{"accessToken":' + value + b"}", NOTHING, "400 malformed", "waiting")]
    for first, second in ((quoted, quoted), (b"null", quoted), (quoted, b"null"), (b'"x"', quoted)):
        twice = b'{"accessToken":' + first + b',"a":1,"accessToken":' + second + b"}"
        yield "two tokens", "waiting", [(twice, NOTHING, "400 malformed", "waiting")]
    time = b'"2026-11-30T12:00:00Z"'
    yield "two timestamps", [V1], [(b'{"timestamp":' + time + b',"timestamp":' + time + b"}", CLEAR, "400 malformed", [V1])]
    for name in ("AccessToken", "accesstoken", "ACCESSTOKEN", "acce\u017f\u017fToken", "accessTo\u212aen", "Timestamp", "time\u017ftamp"):
        yield "a name that some readers take for ours", "waiting", [(body(**{name: None}), NOTHING, "400 malformed", "waiting")]
    yield "a name with an escape is the same name", "waiting", [(b'{"acces\\u0073Token":' + quoted + b"}", NOTHING, "replaced", [V1])]
    for name in ("access_token", "accessToken ", " accessToken", "accessTokens", "token", "", "\u0430ccessToken"):
        yield "another name", "waiting", [(body(**{name: OTHER}), NOTHING, "cleared", "open")]
    others = {"envVars": {"A": "}{\\\""}, "volumeMounts": [{"nfsTarget": "x", "path": "/a"}], "hyperloopIP": None, "n": -0.5e-7, "t": True}
    spaced = json.dumps({**others, "accessToken": V1, "timestamp": None}, indent=1).replace("\n", "\r\n\t").encode()
    yield "other members are ignored", "waiting", [(spaced, NOTHING, "replaced", [V1])]
    deep = b'{"a":' + b'[' * 63 + b"]" * 63 + b',"accessToken":' + quoted + b"}"
    yield "the deepest nesting", "waiting", [(deep, NOTHING, "replaced", [V1])]


def hashes() -> Iterator[Row]:
    right = sha512(OTHER)
    for wrong in (
        right.upper(),
        right + b"\n",
        b" " + right,
        right[:-1],
        right + b"0",
        b"0" * 128,
        hashlib.sha256(OTHER.encode()).hexdigest().encode(),
        b"\xff",
        b" ",
        OTHER.encode(),
    ):
        yield "a hash in another spelling allows nothing", [V1], [(token(OTHER), wrong, "401 invalid", [V1])]
        yield "a hash in another spelling is not nothing", "waiting", [(token(OTHER), wrong, "401 invalid", "waiting")]
        yield "a hash in another spelling is not nothing", "waiting", [(b"{}", wrong, "401 missing", "waiting")]
