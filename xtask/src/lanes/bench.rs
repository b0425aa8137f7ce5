//! The criterion benches.

use xshell::{Shell, cmd};

/// Measures. Only ratios within one run mean anything.
pub(crate) fn run(sh: &Shell) -> anyhow::Result<()> {
    cmd!(sh, "cargo bench --manifest-path benches/Cargo.toml").run()?;
    Ok(())
}

/// Runs each bench once, without measuring, so that they go on to work.
pub(super) fn once(sh: &Shell) -> anyhow::Result<()> {
    cmd!(sh, "cargo bench --quiet --manifest-path benches/Cargo.toml -- --test").ignore_stdout().run()?;
    Ok(())
}
