//! The tests and the examples of the documentation, with and without std.

use super::residue;
use crate::{cargo, machine};
use anyhow::ensure;
use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    // A store of the authorization service, and what checks its unit.
    machine::packages(sh, &["redis-server", "systemd"])?;
    // All features together, as the members of the workspace ask for them; then core as it is without any.
    cmd!(sh, "cargo test --quiet --workspace --all-features").run()?;
    cmd!(sh, "cargo test --quiet --package sandgate").run()?;
    for example in ["sign_and_verify", "controller", "edge", "replace_token", "webhook"] {
        let said = cmd!(sh, "cargo run --quiet --package sandgate --features initialize --example {example}")
            .quiet()
            .read()?;
        ensure!(said.lines().count() > 1, "the example {example} prints nothing");
    }
    residue(sh).map(drop)
}

/// Searches the memory of a program that drops keys.
pub(super) fn residue(sh: &Shell) -> anyhow::Result<usize> {
    // As it is released: a debug build keeps copies of its own.
    let example = "make_and_drop_keys";
    let build = cmd!(sh, "cargo build --release --package sandgate --all-features --example {example}");
    residue::scan(sh, &[cargo::built(build, example, &[std::env::consts::EXE_EXTENSION])?])
}

pub(super) fn many_cases(sh: &Shell) -> anyhow::Result<String> {
    let tests = cmd!(sh, "cargo test --quiet --release --package sandgate --all-features");
    tests.env("PROPTEST_CASES", "200000").run()?;
    Ok("no counterexample".to_owned())
}

/// Published vectors, through the primitives of core. Returns their numbers.
pub(super) fn known_answers(sh: &Shell) -> anyhow::Result<String> {
    said_by(sh, &["--lib", "known_answers"], "known answers: ", 5)
}

/// What `Debug` shows. Returns how much was looked at.
pub(super) fn secrecy(sh: &Shell) -> anyhow::Result<String> {
    said_by(sh, &["--test", "secrecy"], "secrecy: ", 1)
}

/// Runs tests of core, and returns what each of them says that it checked.
fn said_by(sh: &Shell, tests: &[&str], says: &str, number: usize) -> anyhow::Result<String> {
    let run = cmd!(sh, "cargo test --quiet --package sandgate --all-features {tests...}");
    let printed = run.args(["--", "--nocapture", "--test-threads=1"]).read()?;
    let mut found: Vec<&str> = printed.lines().filter_map(|line| line.split_once(says)).map(|(_, said)| said).collect();
    found.sort_unstable();
    ensure!(found.len() == number, "{number} tests must say what they checked, after {says:?}:\n{printed}");
    Ok(found.join("; "))
}
