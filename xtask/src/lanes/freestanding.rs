//! Core linked without an operating system, at each optimisation level: it runs, and no symbol of a panic is in it.
//!
//! What the compiler cannot prove not to panic leaves such a symbol, so this is a proof over all inputs.

use crate::setup;
use anyhow::{bail, ensure};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    let project = sh.current_dir().join("xtask/freestanding");
    for level in ["z", "s", "3"] {
        let out = setup::target(&setup::root()?).join("freestanding").join(level);
        let cargo = cmd!(sh, "cargo build --quiet --release --manifest-path {project}/Cargo.toml --target-dir {out}");
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level).run()?;
        let program = link(sh, &project, &out)?;
        check_symbols(sh, &program, level)?;
        cmd!(sh, "{program}").run()?;
    }
    Ok(())
}

fn link(sh: &Shell, project: &Path, out: &Path) -> anyhow::Result<PathBuf> {
    let program = out.join("probe");
    let library = out.join("release/libfreestanding.a");
    // The loops of memcpy and friends must not be compiled to calls of themselves.
    let c = ["-std=c11", "-O2", "-ffreestanding", "-fno-tree-loop-distribute-patterns", "-Wall", "-Wextra", "-Werror"];
    let link = ["-nostdlib", "-static", "-Wl,--gc-sections"];
    cmd!(sh, "gcc {c...} {link...} -o {program} {project}/start.c {library}").run()?;
    Ok(program)
}

fn check_symbols(sh: &Shell, program: &Path, level: &str) -> anyhow::Result<()> {
    let symbols = cmd!(sh, "nm --demangle {program}").quiet().read()?;
    // Without it the library was not linked, and nothing was proved.
    ensure!(symbols.lines().any(|line| line.ends_with(" T probe")), "the probe is not in the program");
    let panics = |line: &&str| ["panic", "_fail", "unwind"].iter().any(|word| line.contains(word));
    let found: Vec<&str> = symbols.lines().filter(panics).collect();
    if !found.is_empty() {
        bail!("a path that panics is left at opt-level {level}:\n{}", found.join("\n"));
    }
    Ok(())
}
