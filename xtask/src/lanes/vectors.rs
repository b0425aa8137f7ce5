//! Vectors that this project writes itself are as their independent generators write them.

use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    cmd!(sh, "python3 -B vectors/guard/make.py --check").run()?;
    Ok(())
}
