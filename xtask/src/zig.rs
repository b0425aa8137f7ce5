//! Links Linux packages with zig, so that they need at most glibc 2.17, on any machine.

use crate::{cargo, machine};
use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// That of RHEL 7 and of Python's manylinux2014.
pub(crate) const GLIBC: &str = "2.17";

/// The published platform. On other machines the build is for the machine itself.
pub(crate) fn target() -> Option<&'static str> {
    cfg!(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")).then_some("x86_64-unknown-linux-gnu")
}

/// The options with which maturin builds for it.
pub(crate) fn maturin() -> Vec<&'static str> {
    match target() {
        Some(target) => vec!["--zig", "--target", target, "--compatibility", "manylinux2014"],
        None => Vec::new(),
    }
}

/// Makes a virtual environment with maturin, cargo-zigbuild and zig, and returns its folder of programs.
pub(crate) fn programs(sh: &Shell) -> anyhow::Result<PathBuf> {
    let venv = cargo::target_directory()?.join("zig-venv");
    machine::environment(sh, &venv, cargo::root()?.join("xtask/requirements.txt"))?;
    Ok(venv.join("bin"))
}

/// PATH with these programs first: maturin and cargo-zigbuild find zig through the first Python on PATH.
pub(crate) fn path(sh: &Shell, programs: &Path) -> anyhow::Result<String> {
    Ok(format!("{}:{}", programs.display(), sh.var("PATH")?))
}

/// Builds the shared library of a package for [`target`], and returns it.
///
/// Builds in its own directory: maturin's linker has another path, and cargo rebuilds everything when that changes.
pub(crate) fn library(sh: &Shell, package: &str) -> anyhow::Result<Option<PathBuf>> {
    let Some(target) = target() else { return Ok(None) };
    let out = cargo::target_directory()?.join("zig");
    let programs = programs(sh)?;
    let _path = sh.push_env("PATH", path(sh, &programs)?);
    let options = ["--quiet", "--release", "--locked", "--package", package, "--crate-type", "cdylib", "--target-dir"];
    cmd!(sh, "cargo-zigbuild rustc {options...} {out} --target {target}.{GLIBC}").quiet().run()?;
    Ok(Some(out.join(target).join("release").join(format!("lib{}.so", package.replace('-', "_")))))
}

/// Checks that a shared library needs no newer glibc, and no library outside of glibc.
pub(crate) fn check(sh: &Shell, library: &Path) -> anyhow::Result<()> {
    let needed = cmd!(sh, "readelf --wide --dynamic --version-info {library}").quiet().read()?;
    let of_glibc = ["libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "ld-linux-x86-64.so.2"];
    for line in needed.lines() {
        if let Some(name) = line.split_once("Shared library: [").and_then(|(_, rest)| rest.strip_suffix(']')) {
            ensure!(of_glibc.contains(&name), "{}: must need only libraries of glibc, not {name}", library.display());
        }
        if let Some(version) = line.split_once("Name: GLIBC_").and_then(|(_, rest)| rest.split_whitespace().next()) {
            let parts = |version: &str| version.split('.').map(str::parse).collect::<Result<Vec<u32>, _>>();
            let version = parts(version).with_context(|| format!("{} needs GLIBC_{version}", library.display()))?;
            ensure!(
                version <= parts(GLIBC)?,
                "{}: must need no newer glibc than {GLIBC}, not {version:?}",
                library.display()
            );
        }
    }
    Ok(())
}
