//! The benches: criterion for core, and the Python package beside its peers.

use crate::{setup, wheel};
use std::path::PathBuf;
use xshell::{Shell, cmd};

/// Measures. Only ratios within one run mean anything.
pub(crate) fn run(sh: &Shell) -> anyhow::Result<()> {
    cmd!(sh, "cargo bench --manifest-path benches/Cargo.toml").run()?;
    let python = python(sh)?;
    cmd!(sh, "{python} benches/python/bench.py").run()?;
    Ok(())
}

/// Runs each bench once, without measuring, so that they go on to work.
pub(super) fn once(sh: &Shell) -> anyhow::Result<()> {
    cmd!(sh, "cargo bench --quiet --manifest-path benches/Cargo.toml -- --test").ignore_stdout().run()?;
    let python = python(sh)?;
    cmd!(sh, "{python} benches/python/bench.py --once").run()?;
    Ok(())
}

/// Python with our package and its peers.
fn python(sh: &Shell) -> anyhow::Result<PathBuf> {
    setup::packages(sh, &[])?;
    let venv = setup::target(&setup::root()?).join("bench-python");
    let python = venv.join("bin/python");
    wheel::environment(sh, &venv, "benches/python/requirements.txt")?;
    wheel::install(sh, &python, &wheel::build(sh)?)?;
    Ok(python)
}
