//! The vectors that this project generates match the output of their independent generators.

use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    cmd!(sh, "python3 -B vectors/guard/make.py --check").run()?;
    Ok(())
}
