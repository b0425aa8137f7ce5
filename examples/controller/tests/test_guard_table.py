"""vectors/guard.json: requests as received, and the answers of a controller, over a socket.

The rows of its gate, but for those whose answer depends on a clock that stands still.
"""

import json
import pathlib
import unittest

from daemon import Daemon

TABLE = json.loads((pathlib.Path(__file__).parents[3] / "vectors/guard.json").read_text())
ROWS = [row for row in TABLE["rows"] if row["gate"] == "controller" and not row.get("timed")]

# An open controller refuses nothing, and finds no file in this query: the daemon answers that it cannot be parsed.
UNREADABLE = {("open", "/files?path=%zz")}


def request(row):
    lines = [f"{row['method']} {row['target']} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in [*row["headers"], ("Connection", "close")]]
    return ("\r\n".join(lines) + "\r\n\r\n" + row["body"]).encode("latin-1")


def path_of(row):
    grant = row["expect"].get("grant")
    return grant and grant["path"].encode("latin-1")


def is_refusal(answer):
    """Whether the refusal is the rule's, not the daemon's."""
    messages = {row["expect"].get("message") for row in ROWS}
    return answer.status in (400, 401) and (not answer.body or answer.json["message"] in messages)


class GuardTable(unittest.TestCase):
    """A daemon for each deployment of the table."""

    @classmethod
    def setUpClass(cls):
        tokens = {name: known["access_tokens"] for name, known in TABLE["controllers"].items()}
        cls.daemons = {name: Daemon(token="\n".join(known) or None) for name, known in tokens.items()}
        for daemon in cls.daemons.values():
            for name in ["a", "a.txt", "a;b.txt"]:
                (daemon.root / name).write_text(f"/{name}")

    @classmethod
    def tearDownClass(cls):
        for daemon in cls.daemons.values():
            status, left, log = daemon.stop()
            assert status == 0 and not left, (status, left, log)

    def test_every_row_has_the_answer_of_the_table(self):
        unreadable = set(UNREADABLE)
        for row in ROWS:
            with self.subTest(row=row):
                answer = self.daemons[row["deployment"]].raw(request(row), row["method"])
                expect = row["expect"]
                if (row["deployment"], row["target"]) in unreadable:
                    unreadable.remove((row["deployment"], row["target"]))
                    self.assertEqual((answer.status, answer.json["message"]), (400, "malformed request"))
                elif row["target"] == "/init":
                    # A guard alone exempts the route. The daemon has it on another socket, and not on this one.
                    self.assertEqual((answer.status, answer.json["message"]), (404, "not found"))
                elif "status" in expect:
                    self.assertRefused(answer, row)
                elif "preflight" in expect:
                    self.assertEqual(answer.status, 204)
                    self.assertIn("Access-Control-Allow-Methods", answer.headers)
                else:
                    self.assertAllowed(answer, row)
        self.assertEqual(unreadable, set(), "no row needs these exceptions")

    def test_every_row_is_sent(self):
        self.assertGreaterEqual(len(ROWS), 250)
        self.assertEqual({row["deployment"] for row in ROWS}, set(TABLE["controllers"]))

    def assertRefused(self, answer, row):
        self.assertEqual(answer.status, row["expect"]["status"], answer.body)
        if row["method"] != "HEAD":
            self.assertEqual(answer.json["message"], row["expect"]["message"])

    def assertAllowed(self, answer, row):
        self.assertFalse(is_refusal(answer), answer.body)
        self.assertNotIn("Access-Control-Allow-Methods", answer.headers)
        if row["expect"]["allowed"] == "exempt":
            self.assertEqual(answer.status, 204)
        elif row["expect"]["grant"] is None:
            self.assertEqual(answer.status, 404 if row["target"] != "/health" else 204, answer.body)
        elif row["expect"]["grant"]["operation"] == "read" and b"\0" not in path_of(row):
            self.assertEqual((answer.status, answer.body), (200, path_of(row)))
        else:
            # An upload without a body, or a missing file: the daemon itself answers with an error.
            self.assertIn(answer.status, (200, 400))
