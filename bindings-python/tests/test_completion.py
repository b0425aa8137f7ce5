"""The completion scripts of the command, run by their shells."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sandgate.cli.parser import parser

#: What is typed, and what the last word becomes.
TYPED = [
    ("fin", "fingerprint"),
    ("verify ho", "host"),
    ("token --seed", "--seed-file"),
    ("completion z", "zsh"),
    ("sign /a --operation w", "write"),
]


def script(shell: str, tmp_path: Path) -> Path:
    """The script as users get it, without any package beside."""
    command = [sys.executable, "-c", "import sys; sys.modules['shtab'] = None; import sandgate.cli as c; sys.exit(c.main())"]
    said = subprocess.run([*command, "completion", shell], capture_output=True, timeout=120, check=True)
    assert said.stderr == b""
    there = tmp_path / "_sandgate"
    there.write_bytes(said.stdout)
    return there


def run(shell: str, code: str, *arguments: str, **environment: str) -> str:
    program = shutil.which(shell)
    assert program is not None, f"{shell} must be installed"
    plain = {"bash": ["--norc"], "zsh": ["-f"]}[shell]
    command = [program, *plain, "-c", code, shell, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, **environment})
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout.strip()


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_script_is_what_shtab_makes_of_the_parser(shell: str, tmp_path: Path) -> None:
    shtab = pytest.importorskip("shtab")
    made = shtab.complete(parser(), shell).rstrip("\n") + "\n"
    if script(shell, tmp_path).read_text() != made:
        new = tmp_path / f"completion.{shell}"
        new.write_text(made)
        pytest.fail(f"python/sandgate/cli/completion.{shell} is out of date: move {new} there")


@pytest.mark.parametrize(("typed", "expected"), [*TYPED, ("completion ", "bash zsh")])
def test_bash_completes(typed: str, expected: str, tmp_path: Path) -> None:
    words = [*typed.split(), *([""] if typed.endswith(" ") else [])]
    code = """
        source "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        # The function that the script has told bash to call.
        read -ra told <<<"$(complete -p sandgate)"
        "${told[-2]}"
        echo "${COMPREPLY[@]}"
    """
    assert run("bash", code, str(script("bash", tmp_path)), "sandgate", *words) == expected


@pytest.mark.parametrize("load", ["fpath", "eval"])
@pytest.mark.parametrize(("typed", "expected"), TYPED)
def test_zsh_completes(typed: str, expected: str, load: str, tmp_path: Path) -> None:
    script("zsh", tmp_path)
    before, after = {"fpath": (f"fpath=({tmp_path} $fpath)", ""), "eval": ("", f'eval "$(<{tmp_path}/_sandgate)"')}[load]
    # An interactive zsh in a terminal of its own, with a key that completes the line and reports the result.
    (tmp_path / ".zshrc").write_text(f"""
        {before}
        autoload -U compinit && compinit -D -u
        {after}
        tell() {{ zle complete-word; print -r -- "$BUFFER" >{tmp_path}/new; mv {tmp_path}/new {tmp_path}/told }}
        zle -N tell
        bindkey '^T' tell
    """)
    code = """
        zmodload zsh/zpty
        zpty -b shell zsh -d -i
        zpty -w -n shell "$1"$'\\x14'
        repeat 300 { [[ -e $ZDOTDIR/told ]] && break; sleep 0.1 }
        zpty -d shell
        cat $ZDOTDIR/told
    """
    said = run("zsh", code, f"sandgate {typed}", ZDOTDIR=str(tmp_path))
    assert said == " ".join([*f"sandgate {typed}".split()[:-1], expected])
