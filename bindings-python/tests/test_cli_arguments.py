"""The command's messages about its arguments: they say what would be right, and repeat nothing that was typed."""

import os
import subprocess
import sys

import pytest
from test_cli import ID, SEED, run

SECRET = "hunter2"
OF_PASS = "the arguments must be those of `sandgate pass --help`"

#: Wrong arguments that hold a secret, and what is said of them.
WRONG = [
    (["token", ID, "--v1", "--seed", SECRET], "the arguments must be those of `sandgate token --help`; did you mean --seed-file?"),
    (["token", ID, "--v1", f"--seed={SECRET}"], "the arguments must be those of `sandgate token --help`; did you mean --seed-file?"),
    (["token", ID, "--v1", f"--{SECRET}"], "the arguments must be those of `sandgate token --help`"),
    (["token", ID], "one of the arguments --key-id --v1 is required"),
    (["token", ID, "--v1", "--key-id", SECRET], "--key-id: not allowed with argument --v1"),
    (["pass", "80", "--token-file", SECRET, "--expires-in", "1"], f"{OF_PASS}; did you mean --traffic-token-file?"),
    (["pass", "--token-file", SECRET, "80", "--expires-in", "1"], "port: must be an integer; did you mean --traffic-token-file?"),
    (["verify", "pass", "80", "--token-file", SECRET], "the arguments must be those of `sandgate verify pass --help`; did you mean --traffic-token-file?"),
    (["token", ID, "--v1", SECRET], "the arguments must be those of `sandgate token --help`"),
    (["verify", "token", ID, "--v1", SECRET], "the arguments must be those of `sandgate verify token --help`"),
    ([SECRET], "COMMAND: must be as `sandgate --help` says"),
    (["verify", SECRET], "KIND: must be as `sandgate verify --help` says"),
    (["completion", SECRET], "shell: must be bash or zsh"),
    (["sign", "/a", "--operation", SECRET], "--operation: must be read or write"),
    (["sign", "/a", "--expires-in", SECRET], "--expires-in: must be an integer"),
    (["sign", "/a", "--content-sha256", SECRET], "--content-sha256: must be hexadecimal digits, two for each byte"),
    (["pass", SECRET, "--expires-in", "1"], "port: must be an integer"),
    (["keygen", f"--json={SECRET}"], "--json: must be as `sandgate keygen --help` says"),
    (["token", ID, "--seed-file"], "--seed-file: expected one argument"),
    (["sign"], "the following arguments are required: path"),
    (["url"], "the following arguments are required: base, path"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[" ".join(case[0]) for case in WRONG])
def test_wrong_arguments_are_not_repeated(arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].endswith(f": error: {said}")
    assert SECRET not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["token", "\udcff", "--v1"], "sandbox_id: must be UTF-8"),
        (["token", ID, "--key-id", "\udcff"], "--key-id: must be UTF-8"),
        (["verify", "token", "\udcff", "--v1"], "sandbox_id: must be UTF-8"),
        (["host", "\udcff", "80", "--expires-in", "1"], "sandbox_id: must be UTF-8"),
        (["sign", "/\udcff"], "path: must be UTF-8"),
        (["url", "\udcff", "/a"], "base: must be UTF-8"),
        (["sign", "/a", "--user", "\udcff"], "--user: must be UTF-8"),
        (["sign", "/a", "--directory", "\udcff"], "--directory: must be UTF-8"),
        (["explain", "signature=", "--context", "\udcff"], "--context: must be UTF-8"),
        (["sign", "/a", "--operation", "\udcff"], "--operation: must be read or write"),
        (["sign", "/a", "--expires-in", "\udcff"], "--expires-in: must be an integer"),
        (["\udcff"], "COMMAND: must be as `sandgate --help` says"),
        (["token", "--v1", "--\udcff"], "the arguments must be those of `sandgate token --help`"),
    ],
    ids=ascii,
)
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_arguments_that_are_no_utf8_are_wrong_use(arguments: list[str], said: str, locale: str) -> None:
    done = run(*arguments, SANDGATE_SEED=SEED, SANDGATE_ACCESS_TOKEN="token", LC_ALL=locale)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].endswith(f": error: {said}")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["verify", "url", "--help"], ["completion", "bash"]], ids=str)
@pytest.mark.parametrize("buffered", [True, False])
def test_a_reader_that_is_gone_is_no_failure(arguments: list[str], buffered: bool) -> None:
    environment = {} if buffered else {"PYTHONUNBUFFERED": "1"}
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "sandgate", *arguments]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, env=environment, timeout=120)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("arguments", ["--help", "--version"])
def test_an_output_that_is_full_is_a_failure(arguments: str) -> None:
    command = f"{sys.executable} -m sandgate {arguments} >/dev/full"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (2, "sandgate: standard output: No space left on device\n")
