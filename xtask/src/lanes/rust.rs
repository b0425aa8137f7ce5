//! The tests and the examples of the documentation, with and without std.

use super::residue;
use crate::cargo;
use anyhow::ensure;
use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    // All features together, as the members of the workspace ask for them; then core as it is without any.
    cmd!(sh, "cargo test --quiet --workspace --all-features").run()?;
    cmd!(sh, "cargo test --quiet --package sandgate").run()?;
    for example in ["sign_and_verify", "controller", "edge", "replace_token", "webhook"] {
        let said = cmd!(sh, "cargo run --quiet --package sandgate --features initialize --example {example}")
            .quiet()
            .read()?;
        ensure!(said.lines().count() > 1, "the example {example} prints nothing");
    }
    // As it is released: a debug build keeps copies of its own.
    let example = "make_and_drop_keys";
    let build = cmd!(sh, "cargo build --release --package sandgate --all-features --example {example}");
    residue::scan(sh, &[cargo::built(build, example, &[std::env::consts::EXE_EXTENSION])?])
}

pub(super) fn many_cases(sh: &Shell) -> anyhow::Result<()> {
    let tests = cmd!(sh, "cargo test --quiet --release --package sandgate --all-features");
    tests.env("PROPTEST_CASES", "200000").run()?;
    Ok(())
}
