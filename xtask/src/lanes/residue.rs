//! No key stays in the memory of a process after the process dropped it.

use crate::cargo;
use std::path::PathBuf;
use xshell::{Shell, cmd};

/// The program of a language that makes and drops each kind of key.
pub(super) fn program(extension: &str) -> anyhow::Result<PathBuf> {
    Ok(cargo::root()?.join("xtask/residue/make_and_drop_keys").with_extension(extension))
}

/// Runs such a program and searches its memory.
pub(super) fn scan(sh: &Shell, command: &[PathBuf]) -> anyhow::Result<()> {
    let scan = cargo::root()?.join("xtask/residue/scan.py");
    cmd!(sh, "python3 -B {scan} {command...}").run()?;
    Ok(())
}
