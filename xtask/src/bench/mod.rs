//! The benches: criterion for core, and the Python and npm packages compared with their peers.

use crate::{addon, cargo, machine, wheel};
use std::path::PathBuf;
use xshell::{Shell, cmd};

/// Measures speed. Compare results only within one run.
pub(crate) fn run(sh: &Shell, quick: bool) -> anyhow::Result<()> {
    if quick { return once(sh); }
    cmd!(sh, "cargo bench --manifest-path benches/Cargo.toml").run()?;
    let python = python(sh)?;
    cmd!(sh, "{python} benches/python/bench.py").run()?;
    node(sh)?;
    cmd!(sh, "node benches/node/bench.mjs").run()?;
    Ok(())
}

/// Runs each bench once without measuring, to show that it still works.
fn once(sh: &Shell) -> anyhow::Result<()> {
    // As tests, which take half the time to build.
    cmd!(sh, "cargo test --quiet --manifest-path benches/Cargo.toml --benches").ignore_stdout().run()?;
    let python = python(sh)?;
    cmd!(sh, "{python} benches/python/bench.py --once").run()?;
    node(sh)?;
    cmd!(sh, "node benches/node/bench.mjs --once").run()?;
    Ok(())
}

/// The benches' folder, with our package and its peers.
fn node(sh: &Shell) -> anyhow::Result<()> {
    let folder = cargo::root()?.join("benches/node");
    machine::node_modules(sh, &folder)?;
    addon::link(sh, &folder)
}

/// Python with our package and its peers.
fn python(sh: &Shell) -> anyhow::Result<PathBuf> {
    machine::packages(sh, &[])?;
    let venv = cargo::target_directory()?.join("bench-python");
    let python = venv.join("bin/python");
    machine::environment(sh, &venv, "benches/python/requirements.txt")?;
    wheel::install(sh, &python, wheel::build(sh)?)?;
    Ok(python)
}
