//! The vectors that this project generates match the output of their independent generators.

use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    for maker in ["guard", "life"] {
        cmd!(sh, "python3 -B vectors/{maker}/make.py --check").run()?;
    }
    Ok(())
}
