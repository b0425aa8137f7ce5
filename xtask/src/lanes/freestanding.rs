//! Core and the C library linked without an operating system, at each optimisation level: they run, and no symbol of a
//! panic is in them.
//!
//! Code that the compiler cannot prove free of panics leaves such a symbol. So this is a proof over all inputs.

use crate::cargo;
use anyhow::{bail, ensure};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    let list = sh.read_file("ffi-c/abi/x86_64-linux-gnu.txt")?;
    let exported: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("symbol T ")).collect();
    ensure!(exported.len() > 30, "only {} exported symbols are listed", exported.len());
    for level in ["z", "s", "3"] {
        let out = cargo::target_directory()?.join("freestanding").join(level);
        let core = core(sh, &out, level)?;
        check(sh, "probe", &core, &out, &["probe"])?;
        let capi = capi(sh, &out, level)?;
        check(sh, "capi", &capi, &out, &exported)?;
    }
    Ok(())
}

/// A library with one C function that calls all of core.
fn core(sh: &Shell, out: &Path, level: &str) -> anyhow::Result<PathBuf> {
    let manifest = "xtask/freestanding/Cargo.toml";
    let build = cmd!(sh, "cargo build --release --manifest-path {manifest} --target-dir {out}");
    cargo::built(build.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level), "freestanding", &["a"])
}

/// The C library as firmware builds it.
fn capi(sh: &Shell, out: &Path, level: &str) -> anyhow::Result<PathBuf> {
    let options = ["--package", "sandgate-capi", "--no-default-features", "--profile", "firmware"];
    let build = cmd!(sh, "cargo rustc {options...} --crate-type staticlib --target-dir {out}");
    cargo::built(build.env("CARGO_PROFILE_FIRMWARE_OPT_LEVEL", level), "sandgate_capi", &["a"])
}

/// Links the whole of `library` into a program without libc, looks at its symbols, and runs it.
fn check(sh: &Shell, name: &str, library: &Path, out: &Path, functions: &[&str]) -> anyhow::Result<()> {
    let (project, program) = ("xtask/freestanding", out.join(name));
    // The loops of memcpy and friends must not be compiled to calls of themselves.
    let c =
        ["-std=gnu11", "-O2", "-ffreestanding", "-fno-tree-loop-distribute-patterns", "-Wall", "-Wextra", "-Werror"];
    let link = ["-nostdlib", "-static", "-Wl,--gc-sections", "-Iffi-c/include"];
    // The linker also keeps functions that the program does not call.
    let keep = functions.iter().map(|function| format!("-Wl,-u,{function}"));
    cmd!(sh, "gcc {c...} {link...} {keep...} -o {program} {project}/{name}.c {project}/compiler.c {library}").run()?;

    let symbols = cmd!(sh, "nm --demangle {program}").quiet().read()?;
    for function in functions {
        // A function that the linker dropped was not checked.
        let kept = symbols.lines().any(|line| line.ends_with(&format!(" T {function}")));
        ensure!(kept, "{function} is missing from {}", program.display());
    }
    let panics = |line: &&str| ["panic", "_fail", "unwind"].iter().any(|word| line.contains(word));
    let found: Vec<&str> = symbols.lines().filter(panics).collect();
    if !found.is_empty() {
        bail!("a path that panics is left in {}:\n{}", program.display(), found.join("\n"));
    }
    cmd!(sh, "{program}").run()?;
    Ok(())
}
