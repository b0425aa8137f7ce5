//! Core and the C library linked without an operating system, at each optimisation level: they run, and no symbol of a
//! panic is in them.
//!
//! Code that the compiler cannot prove free of panics leaves such a symbol. So this is a proof over all inputs.

use crate::cargo;
use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// The levels of optimisation. Each leaves other paths.
const LEVELS: [&str; 3] = ["z", "s", "3"];

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    figure(sh).map(|figure| println!("{figure}"))
}

/// Returns what was checked, in words.
pub(super) fn figure(sh: &Shell) -> anyhow::Result<String> {
    let list = sh.read_file("ffi-c/abi/x86_64-linux-gnu.txt")?;
    let exported: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("symbol T ")).collect();
    ensure!(exported.len() > 30, "only {} exported symbols are listed", exported.len());
    has_all_features(sh)?;
    for level in LEVELS {
        let out = cargo::target_directory()?.join("freestanding").join(level);
        finds_planted(sh, &out, level)?;
        let core = core(sh, &out, level, &[])?;
        check(sh, "probe", &core, &out, &["probe"])?;
        let capi = capi(sh, &out, level)?;
        check(sh, "capi", &capi, &out, &exported)?;
    }
    Ok(format!("core and {} functions of C, opt-level {}: no panic symbol", exported.len(), LEVELS.join(", ")))
}

/// The probe has every feature of core but std: a new one would go unchecked.
fn has_all_features(sh: &Shell) -> anyhow::Result<()> {
    let manifests = [("core/Cargo.toml", "sandgate"), ("ffi-c/Cargo.toml", "sandgate-capi")];
    let metadata = cmd!(sh, "cargo metadata --no-deps --format-version 1").quiet().read()?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let features = |name: &str| -> anyhow::Result<BTreeSet<String>> {
        let packages = metadata["packages"].as_array().context("cargo names no packages")?;
        let package = packages.iter().find(|package| package["name"] == name);
        let features = package.and_then(|package| package["features"].as_object()).context("no such package")?;
        Ok(features.keys().filter(|name| !["default", "std"].contains(&name.as_str())).cloned().collect())
    };
    let probe = "xtask/freestanding/Cargo.toml";
    let probed = cmd!(sh, "cargo metadata --no-deps --format-version 1 --manifest-path {probe}").quiet().read()?;
    let probed: Value = serde_json::from_str(&probed)?;
    let dependencies = probed["packages"][0]["dependencies"].as_array().context("the probe has no dependencies")?;
    let of_core = dependencies.iter().find(|dependency| dependency["name"] == "sandgate");
    let of_core = of_core.and_then(|core| core["features"].as_array()).context("the probe does not use core")?;
    let of_core: BTreeSet<String> = of_core.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    for ((manifest, package), covered) in manifests.into_iter().zip([of_core, BTreeSet::new()]) {
        let missing: Vec<String> = features(package)?.difference(&covered).cloned().collect();
        ensure!(missing.is_empty(), "{manifest}: the features {} are not linked freestanding", missing.join(", "));
    }
    Ok(())
}

/// The check reports a probe with an index that may be out of bounds.
fn finds_planted(sh: &Shell, out: &Path, level: &str) -> anyhow::Result<()> {
    let (planted, program) = (core(sh, out, level, &["--features", "planted"])?, out.join("planted"));
    link(sh, "probe", &planted, &program, &["probe"])?;
    let found = panics(sh, &program, &["probe"])?;
    ensure!(!found.is_empty(), "opt-level {level}: the planted index is not reported, so nothing was checked");
    Ok(())
}

/// A library with one C function that calls all of core.
fn core(sh: &Shell, out: &Path, level: &str, features: &[&str]) -> anyhow::Result<PathBuf> {
    let manifest = "xtask/freestanding/Cargo.toml";
    let build = cmd!(sh, "cargo build --release --manifest-path {manifest} --target-dir {out} {features...}");
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
    let program = out.join(name);
    link(sh, name, library, &program, functions)?;
    let found = panics(sh, &program, functions)?;
    if !found.is_empty() {
        bail!("a path that panics is left in {}:\n{}", program.display(), found.join("\n"));
    }
    cmd!(sh, "{program}").run()?;
    Ok(())
}

/// Links with the C program of this name.
fn link(sh: &Shell, name: &str, library: &Path, program: &Path, functions: &[&str]) -> anyhow::Result<()> {
    let project = "xtask/freestanding";
    // The loops of memcpy and friends must not be compiled to calls of themselves.
    let c =
        ["-std=gnu11", "-O2", "-ffreestanding", "-fno-tree-loop-distribute-patterns", "-Wall", "-Wextra", "-Werror"];
    let link = ["-nostdlib", "-static", "-Wl,--gc-sections", "-Iffi-c/include"];
    // The linker also keeps functions that the program does not call.
    let keep = functions.iter().map(|function| format!("-Wl,-u,{function}"));
    cmd!(sh, "gcc {c...} {link...} {keep...} -o {program} {project}/{name}.c {project}/compiler.c {library}").run()?;
    Ok(())
}

/// The symbols of a program that a panic needs.
fn panics(sh: &Shell, program: &Path, functions: &[&str]) -> anyhow::Result<Vec<String>> {
    let symbols = cmd!(sh, "nm --demangle {program}").quiet().read()?;
    for function in functions {
        // A function that the linker dropped was not checked.
        let kept = symbols.lines().any(|line| line.ends_with(&format!(" T {function}")));
        ensure!(kept, "{function} is missing from {}", program.display());
    }
    let panics = |line: &&str| ["panic", "_fail", "unwind"].iter().any(|word| line.contains(word));
    Ok(symbols.lines().filter(panics).map(str::to_owned).collect())
}
