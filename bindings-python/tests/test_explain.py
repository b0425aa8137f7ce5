"""Why a file URL is refused, and a change that corrects it when applied."""

from urllib.parse import quote

import pytest
import sandgate
from calls import END, NOW, V1_KEY, V1_TOKEN, V2_KEY, V2_TOKEN


def query_of(url: str) -> str:
    return url.partition("?")[2]


def test_bytes_that_are_not_utf8_are_shown_as_a_query_carries_them() -> None:
    query = query_of(V1_KEY.url("x", b"/\xff"))
    why = sandgate.explain(query.replace("%2F%FF", "%252F%25FF"), V1_TOKEN)
    assert why and (why.field, why.value) == ("path", "/%FF")
    assert str(why).endswith('; the signature is right for another path, percent-encoded: "/%FF"')
    signature = query.partition("&")[2]
    assert sandgate.explain(f"path={why.value}&{signature}", V1_TOKEN) is None
    assert V1_TOKEN not in str(why)


def test_text_is_shown_unchanged() -> None:
    path, _, signature = query_of(V1_KEY.url("x", "/é %FF")).partition("&")
    why = sandgate.explain(path.replace("%", "%25") + "&" + signature, V1_TOKEN)
    assert why and why.value == "/é %FF" and why.field == "path"
    assert sandgate.explain(f"path={quote(why.value)}&{signature}", V1_TOKEN) is None


@pytest.mark.parametrize(
    ("wrong", "change"),
    [
        (("path=%2Fa", "path="), (None, None)),
        (("=1800000060", "=01800000060"), ("signature_expiration", "1800000060")),
    ],
)
def test_a_malformed_field_does_not_suggest_another_key_id(
    wrong: tuple[str, str], change: tuple[str | None, str | None]
) -> None:
    query = query_of(V2_KEY.url("x", "/a", expires=END))
    why = sandgate.explain(query.replace(*wrong), V2_TOKEN, now=NOW)
    assert why and (why.code, why.field, why.value) == ("malformed", *change)


def test_invalid_tokens_are_wrong_use() -> None:
    nine = [f"token {number}" for number in range(9)]
    for tokens in (nine, [V2_TOKEN, V2_TOKEN], [V1_TOKEN, V2_TOKEN], []):
        with pytest.raises(ValueError) as ours:
            sandgate.explain("path=/a", *tokens)
        with pytest.raises(ValueError) as theirs:
            sandgate.Controller(*tokens)
        assert str(ours.value).partition(": ")[2] == str(theirs.value).partition(": ")[2]
