"""The command, run as a program: answers, exit statuses, and that no secret is an argument or shown."""

import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest

import sandgate

SEED = "a seed of at least 32 bytes, kept secret"
ID = "i94gcaqbpvohfr764s5l"
V1 = sandgate.v1.Keyring(SEED).access_token(ID)
V2 = sandgate.v2.Keyring({"a": SEED}).access_token(ID)
BASE = f"https://49983-{ID}.e2b.app"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sandgate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)


def answer(*arguments: str, status: int = 0, **environment: str) -> str:
    done = run(*arguments, **environment)
    assert (done.returncode, done.stderr) == (status, ""), done
    return done.stdout.removesuffix("\n")


def test_tokens_come_from_a_file_or_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "seeds"
    file.write_text(f"{SEED}\r\n\nan older seed of some length\n")
    assert answer("token", ID, "--v1", "--seed-file", str(file)) == V1
    assert answer("token", ID, "--v1", SANDGATE_SEED=SEED) == V1
    assert answer("token", ID, "--v1", "--traffic", SANDGATE_SEED=SEED) == sandgate.v1.Keyring(SEED).traffic_token(ID)
    assert answer("token", ID, "--key-id", "a", SANDGATE_SEED=SEED) == V2
    keyring = sandgate.v2.Keyring({"k": SEED})
    said = answer("token", ID, "--key-id", "k", "--generation", "3", "--traffic", "--json", SANDGATE_SEED=SEED)
    assert json.loads(said) == {"token": keyring.traffic_token(ID, generation=3)}


@pytest.mark.parametrize("token", [V1, V2])
@pytest.mark.parametrize("operation", ["read", "write"])
def test_what_is_signed_is_verified(token: str, operation: str) -> None:
    parts = ["--operation", operation]
    signed = ["url", BASE, "/a b.txt", "--user", "user", "--expires-in", "60", *parts]
    url = answer(*signed, SANDGATE_ACCESS_TOKEN=token)
    assert url.startswith(f"{BASE}/files?path=%2Fa%20b.txt&username=user&signature=")
    granted = json.loads(answer("verify", "url", url, "--json", *parts, SANDGATE_ACCESS_TOKEN=f"{token}\n"))
    assert (granted["granted"], granted["path"], granted["user"]) == (operation, "/a b.txt", "user")
    assert "path: /a b.txt" in answer("verify", "url", url.partition("?")[2], *parts, SANDGATE_ACCESS_TOKEN=token)
    late = ["--now", str(granted["expires"] + 1)]
    refused = answer("verify", "url", url, *parts, *late, status=1, SANDGATE_ACCESS_TOKEN=token)
    assert refused == "401 signature is already expired (expired)"


@pytest.mark.parametrize("token", [V1, V2])
def test_a_signature_alone_is_printed_with_the_end_that_was_signed(token: str) -> None:
    signature, end = answer("sign", "/a", "--expires-in", "60", SANDGATE_ACCESS_TOKEN=token).splitlines()
    query = f"path=/a&signature={quote(signature, safe='')}"
    granted = json.loads(answer("verify", "url", f"{query}&{end}", "--json", SANDGATE_ACCESS_TOKEN=token))
    assert end == f"signature_expiration={granted['expires']}" and abs(granted["expires"] - 60 - time.time()) < 60
    assert answer("verify", "url", query, status=1, SANDGATE_ACCESS_TOKEN=token).startswith("4")

    said = json.loads(answer("sign", "/a", "--expires-in", "60", "--json", SANDGATE_ACCESS_TOKEN=token))
    key = sandgate.v2.FileUrlKey(token) if token is V2 else sandgate.v1.FileUrlKey(token)
    key.verify(said["signature"], "/a", expires=said["expires"])


def test_a_signature_that_never_ends_is_one_line() -> None:
    signature = sandgate.v1.FileUrlKey(V1).sign("/a")
    assert answer("sign", "/a", SANDGATE_ACCESS_TOKEN=V1) == signature
    assert json.loads(answer("sign", "/a", "--json", SANDGATE_ACCESS_TOKEN=V1)) == {"signature": signature, "expires": None}
    assert "signature_expiration=" in run("sign", "--help").stdout


def test_a_url_that_is_no_unicode_is_refused() -> None:
    url = answer("url", BASE, "/a", SANDGATE_ACCESS_TOKEN=V1)
    assert answer("verify", "url", url + "\udcff", status=1, SANDGATE_ACCESS_TOKEN=V1).endswith("(invalid)")


def test_one_of_several_tokens_is_enough() -> None:
    other = sandgate.v2.Keyring({"b": SEED * 2}).access_token(ID)
    url = answer("url", BASE, "/a", "--expires-in", "0", SANDGATE_ACCESS_TOKEN=V2)
    end = url.rpartition("=")[2]
    for tokens in (f"{V2}\n{other}", f"{other}\n{V2}"):
        answer("verify", "url", url, "--now", end, SANDGATE_ACCESS_TOKEN=tokens)
        answer("verify", "url", url, "--now", str(int(end) + 1), status=1, SANDGATE_ACCESS_TOKEN=tokens)
    answer("verify", "url", url, "--now", end, status=1, SANDGATE_ACCESS_TOKEN=other)


def test_limits_are_of_v2() -> None:
    limits = ["--operation", "write", "--directory", "/in/", "--max-bytes", "5", "--content-sha256", "00" * 32]
    signed = ["url", BASE, "/in/a", "--expires-in", "60", "--context", "here", *limits]
    url = answer(*signed, SANDGATE_ACCESS_TOKEN=V2)
    verify = ["verify", "url", url, "--operation", "write", "--json"]
    granted = json.loads(answer(*verify, "--context", "here", SANDGATE_ACCESS_TOKEN=V2))
    assert (granted["directory"], granted["max_bytes"], granted["content_sha256"]) == ("/in/", 5, "00" * 32)
    assert json.loads(answer(*verify, status=1, SANDGATE_ACCESS_TOKEN=V2))["refused"] == "invalid"
    done = run(*signed, SANDGATE_ACCESS_TOKEN=V1)
    assert done.returncode == 2 and "must be given with an access token of v2 only" in done.stderr


def test_why_a_url_is_refused() -> None:
    url = answer("url", BASE, "/a", "--operation", "write", SANDGATE_ACCESS_TOKEN=V1)
    said = answer("explain", url, status=1, SANDGATE_ACCESS_TOKEN=V1)
    assert said.endswith('the signature is right for another operation: "write"')
    why = json.loads(answer("explain", url, "--json", status=1, SANDGATE_ACCESS_TOKEN=V1))
    assert (why["refused"], why["change"]) == ("invalid", {"field": "operation", "value": "write"})
    right = ["explain", url, "--operation", "write"]
    assert answer(*right, SANDGATE_ACCESS_TOKEN=V1) == "the URL is granted"
    extra = url.replace("&signature=", "&username=bob&signature=")
    why = json.loads(answer("explain", extra, "--operation", "write", "--json", status=1, SANDGATE_ACCESS_TOKEN=V1))
    assert why["change"] == {"field": "username", "value": None}


@pytest.mark.parametrize(
    "arguments",
    [
        ["token", ID, "--v1"],
        ["token", ID],
        ["token", ID, "--v1", "--seed-file", "/nonexistent"],
        ["token", "a.b", "--v1"],
        ["token", ID, "--key-id", "AB"],
        ["token", ID, "--v1", "--generation", "1"],
        ["sign", "/a", "--content-sha256", "00" * 32],
        ["url", "?", "/a"],
        ["explain", "x"],
    ],
)
def test_wrong_use_has_status_2_and_shows_no_secret(arguments: list[str]) -> None:
    environment = {} if arguments[1:] == [ID, "--v1"] or arguments[0] == "explain" else {"SANDGATE_SEED": SEED}
    if arguments[0] in ("sign", "url"):
        environment = {"SANDGATE_ACCESS_TOKEN": V1}
    done = run(*arguments, **environment)
    assert done.returncode == 2 and done.stdout == "" and "sandgate" in done.stderr, done
    assert "Traceback" not in done.stderr
    assert SEED not in done.stderr and V1 not in done.stderr


def test_it_is_installed_as_a_program() -> None:
    program = Path(sys.executable).with_name("sandgate")
    done = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "explain" in done.stdout


def test_an_empty_limit_is_no_missing_one() -> None:
    signed = ["url", BASE, "/a", "--operation", "write", "--expires-in", "60"]
    for option in ("--content-sha256", "--directory", "--context"):
        done = run(*signed, option, "", SANDGATE_ACCESS_TOKEN=V2)
        assert (done.returncode, done.stdout) == (2, ""), option
    done = run(*signed, "--content-sha256", "zz", SANDGATE_ACCESS_TOKEN=V2)
    assert done.returncode == 2 and "--content-sha256" in done.stderr


@pytest.mark.parametrize("command", [("verify", "url"), ("explain",)])
def test_a_url_that_no_controller_reads_the_signature_of(command: tuple[str, ...]) -> None:
    url = answer("url", f"{BASE}/below", "/a", SANDGATE_ACCESS_TOKEN=V1)
    answer(*command, url, SANDGATE_ACCESS_TOKEN=V1)
    for other in ("//files?", "/other?", "/files/?", "/files/a?", "?"):
        done = run(*command, url.replace("/files?", other), SANDGATE_ACCESS_TOKEN=V1)
        assert (done.returncode, done.stdout) == (2, ""), other
        assert "url: its path must end with /files" in done.stderr


@pytest.mark.parametrize("command", [("verify", "url"), ("explain",)])
def test_tokens_of_both_formats_are_wrong_use(command: tuple[str, ...]) -> None:
    url = answer("url", BASE, "/a", SANDGATE_ACCESS_TOKEN=V1)
    done = run(*command, url, SANDGATE_ACCESS_TOKEN=f"{V1}\n{V2}")
    assert (done.returncode, done.stdout) == (2, "")


def test_an_answer_is_shown_whatever_the_terminal() -> None:
    key = sandgate.v1.FileUrlKey(V1)
    url = key.url(BASE, b"/\xff\n\x1b[2Juser: root \xe6\xbc\xa2")
    said = answer("verify", "url", url, PYTHONIOENCODING="latin-1:strict", SANDGATE_ACCESS_TOKEN=V1)
    assert said.splitlines() == ["granted: read", r"path: /\udcff\n\x1b[2Juser: root \u6f22"]


def test_a_reader_that_has_seen_enough() -> None:
    url = sandgate.v1.FileUrlKey(V1).url(BASE, "/" + "a" * 300_000)
    command = [sys.executable, "-m", "sandgate", "verify", "url", url[: 2**16]]
    environment = {"SANDGATE_ACCESS_TOKEN": V1}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 1


def test_a_secret_is_bytes(tmp_path: Path) -> None:
    file = tmp_path / "seed"
    seed = b"\xff\xfe" + SEED.encode()
    file.write_bytes(seed)
    assert answer("token", ID, "--v1", "--seed-file", str(file)) == sandgate.v1.Keyring(seed).access_token(ID)
    file.write_bytes(b"\xef\xbb\xbf" + SEED.encode())
    done = run("token", ID, "--v1", "--seed-file", str(file))
    assert done.returncode == 2 and "byte order mark" in done.stderr


def test_a_new_seed_is_random_and_good_for_both_formats() -> None:
    first, second = answer("keygen"), json.loads(answer("keygen", "--json"))["seed"]
    assert first != second and len(first) == len(second) == 43
    assert answer("token", ID, "--key-id", "a", SANDGATE_SEED=first).startswith("sg2a.a.")


def test_a_traffic_root() -> None:
    said = answer("token", "--traffic-root", "--key-id", "a", SANDGATE_SEED=SEED)
    assert said == sandgate.v2.traffic_root("a", SEED)
    root = ["token", "--traffic-root", "--key-id", "a"]
    for wrong, name in [
        (["token", "--traffic-root", "--v1"], "--key-id: must be given together with --traffic-root"),
        (["token", "--v1"], "sandbox_id: must be given, or else --traffic-root"),
        ([*root, ID], "--traffic-root: must be given without "),
        ([*root, "--traffic"], "--traffic-root: must be given without "),
        ([*root, "--generation", "1"], "--traffic-root: must be given without "),
    ]:
        done = run(*wrong, SANDGATE_SEED=SEED)
        assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith(f"sandgate: {name}"), done
    done = run(*root, SANDGATE_SEED=f"{SEED}\n{SEED} too")
    assert (done.returncode, done.stdout) == (2, "") and "must hold one seed" in done.stderr


TRAFFIC = sandgate.v2.Keyring({"a": SEED}).traffic_token(ID)


def test_what_is_presented_is_verified() -> None:
    given = {"SANDGATE_SEED": SEED, "SANDGATE_TRAFFIC_TOKEN": TRAFFIC}
    issued = answer("pass", "8080", "--expires-in", "60", "--context", "c", **given)
    label = answer("host", ID, "8080", "--expires-in", "60", **given)
    pass_, host = ["verify", "pass", "8080", "--json"], ["verify", "host", ID, "8080", "--json"]
    granted = json.loads(answer(*pass_, "--context", "c", SANDGATE_PRESENTED=issued, **given))
    assert granted["granted"] == "pass" and granted["expires"] > time.time()
    for presented in (label, f"{label}.e2b.app", f"{label}.e2b.app:443"):
        assert json.loads(answer(*host, SANDGATE_PRESENTED=presented, **given))["granted"] == "signed_host"
    for presented in (f"{label}.e2b.app/", f"x.{label}.e2b.app", f"{label[:-1]}.e2b.app"):
        assert "refused" in json.loads(answer(*host, status=1, SANDGATE_PRESENTED=presented, **given))
    for wrong in (pass_, [*pass_, "--context", "c", "--now", str(granted["expires"] + 1)], ["verify", "pass", "81", "--json"]):
        assert "refused" in json.loads(answer(*wrong, status=1, SANDGATE_PRESENTED=issued, **given))
    assert "refused" in json.loads(answer("verify", "host", ID, "81", "--json", status=1, SANDGATE_PRESENTED=label, **given))
    token = ["verify", "token", ID]
    assert answer(*token, "--v1", SANDGATE_PRESENTED=V1, **given) == "granted: access_token"
    answer(*token, "--key-id", "a", SANDGATE_PRESENTED=V2, **given)
    answer(*token, "--key-id", "a", "--traffic", SANDGATE_PRESENTED=TRAFFIC, **given)
    answer(*token, "--key-id", "a", "--generation", "1", status=1, SANDGATE_PRESENTED=V2, **given)
    answer(*token, "--v1", status=1, SANDGATE_PRESENTED="x", **given)
    # The seed does not show its wire format.
    for unclear in (token, ["token", ID], [*token, "--v1", "--key-id", "a"], ["token", ID, "--v1", "--key-id", "a"]):
        done = run(*unclear, SANDGATE_PRESENTED=V1, **given)
        assert (done.returncode, done.stdout) == (2, "") and "--v1" in done.stderr.splitlines()[-1], done


def test_the_fingerprint_of_a_token() -> None:
    assert answer("fingerprint", SANDGATE_PRESENTED=V1) == sandgate.fingerprint(V1)


def test_a_secret_may_come_from_standard_input() -> None:
    command = [sys.executable, "-m", "sandgate", "token", ID, "--v1", "--seed-file", "-"]
    done = subprocess.run(command, capture_output=True, input=f"{SEED}\r\n".encode(), env={}, timeout=120)
    assert (done.returncode, done.stdout.decode().strip(), done.stderr) == (0, V1, b"")


def test_a_file_that_gives_no_secret_is_wrong_use_and_names_the_option(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_bytes(b"\r\n\n")
    for file in (str(empty), str(tmp_path), str(tmp_path / "none"), f"{SEED}\0", "\udcff"):
        done = run("token", ID, "--v1", "--seed-file", file if "\0" not in file else SEED)
        assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("sandgate: --seed-file: "), file
        assert "Traceback" not in done.stderr and SEED not in done.stderr


def test_closed_outputs_are_no_traceback() -> None:
    program = f"{sys.executable} -m sandgate"
    for more, status in (("keygen >&-", 2), ("keygen >/dev/full", 2), ("token >&- 2>&-", 2), ("token 2>&-", 2), ("sign 2>&-", 2)):
        done = subprocess.run(f"{program} {more}", shell=True, capture_output=True, text=True, timeout=120)
        assert done.returncode == status and "Traceback" not in done.stderr, (more, done)
        assert done.stdout == ""


def test_the_version_and_the_statuses_are_shown() -> None:
    assert run("--version").stdout.startswith("sandgate ")
    for command in ([], ["token"], ["verify"], ["verify", "url"], ["explain"]):
        said = " ".join(run(*command, "--help").stdout.split())
        assert "0 granted or done, 1 refused, 2 wrong use" in said


def test_a_lifetime_is_not_negative() -> None:
    given = {"SANDGATE_TRAFFIC_TOKEN": TRAFFIC}
    for token in (V1, V2):
        for command in (["sign", "/a"], ["url", BASE, "/a"], ["pass", "8080"], ["host", ID, "8080"]):
            done = run(*command, "--expires-in", "-5", SANDGATE_ACCESS_TOKEN=token, **given)
            assert (done.returncode, done.stdout) == (2, ""), command
            assert done.stderr == "sandgate: expires_in: must be 0 seconds or more\n"
            answer(*command, "--expires-in", "0", SANDGATE_ACCESS_TOKEN=token, **given)


def test_the_commands_of_the_readme_run(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    commands = readme.partition("## The command")[2].partition("```sh\n")[2].partition("```")[0]
    assert commands.count("sandgate ") >= 10
    script = f'set -e\nsandgate() {{ "{sys.executable}" -m sandgate "$@"; }}\n{commands}'
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, ""), done
    said = done.stdout.splitlines()
    assert [line for line in said if line.startswith("granted")] == ["granted: read", "granted: pass", "granted: signed_host"]
    assert "the URL is granted" in said
