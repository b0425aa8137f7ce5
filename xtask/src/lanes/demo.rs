//! The demo, its rows asserted.

use crate::demo;
use anyhow::ensure;
use xshell::Shell;

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    let rows = demo::run(sh)?;
    // A demo that shows little proves little.
    ensure!(rows.len() >= 100, "only {} rows", rows.len());
    demo::show(&rows, false)
}
