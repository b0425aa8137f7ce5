"""v2: a URL to write into one directory, so much and no more, until a given moment, for one client.

It prints:

    may write 1048576 bytes to /home/user/in/photo.jpg
    out_of_scope: signature does not cover this path
    expired: signature is already expired
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from sandgate import DeniedError, v2

NOON = datetime(2027, 1, 15, 12, tzinfo=timezone.utc)
CLIENT = "203.0.113.7"


def try_to_write(key: v2.FileUrlKey, url: str, path: str, now: datetime) -> None:
    # The client adds the path to a URL that was signed for a directory.
    query = url.partition("?")[2] + f"&path={path}"
    try:
        grant = key.verify_query(query, "write", context=CLIENT, now=now)
    except DeniedError as denied:
        print(f"{denied.code}: {denied}")
    else:
        print(f"may write {grant.max_bytes} bytes to {grant.path}")


def main() -> None:
    keyring = v2.Keyring({"a": "a seed of at least 32 bytes, kept secret"})
    key = v2.FileUrlKey(keyring.access_token("i94gcaqbpvohfr764s5l"))
    url = key.url(
        "https://49983-i94gcaqbpvohfr764s5l.e2b.app",
        "",
        operation="write",
        directory="/home/user/in/",
        max_bytes=1 << 20,
        expires=NOON + timedelta(hours=1),
        context=CLIENT,
    )
    try_to_write(key, url, "/home/user/in/photo.jpg", now=NOON)
    try_to_write(key, url, "/home/user/.ssh/authorized_keys", now=NOON)
    try_to_write(key, url, "/home/user/in/photo.jpg", now=NOON + timedelta(hours=2))


main()
