//! The Python package as a wheel.

use crate::machine::{self, PIP_INSTALL};
use crate::{cargo, zig};
use anyhow::{Context, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use xshell::{Shell, cmd};

/// Builds the wheel, once per run.
pub(crate) fn build(sh: &Shell) -> anyhow::Result<&'static Path> {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    if let Some(wheel) = BUILT.get() {
        return Ok(wheel);
    }
    let wheel = build_now(sh)?;
    Ok(BUILT.get_or_init(|| wheel))
}

fn build_now(sh: &Shell) -> anyhow::Result<PathBuf> {
    let programs = zig::programs(sh)?;
    let _alone = machine::alone("wheel")?;
    // Another process may be installing the wheel that it built: that file stays whole until this one takes its place.
    let wheels = cargo::target_directory()?.join("wheels");
    let new = wheels.join("new");
    let _path = sh.push_env("PATH", zig::path(sh, &programs)?);
    sh.remove_path(&new)?;
    let options = ["--release", "--quiet", "--locked", "--manifest-path", "bindings-python/Cargo.toml"];
    let old_glibc = zig::maturin();
    let _target = sh.push_env("CARGO_TARGET_DIR", target()?);
    cmd!(sh, "maturin build {options...} {old_glibc...} --out {new}").quiet().ignore_stdout().ignore_stderr().run()?;
    let built = sh.read_dir(&new)?;
    ensure!(built.len() == 1, "{} wheels were built", built.len());
    let built = built.into_iter().next().context("no wheel was built")?;
    let wheel = wheels.join(built.file_name().context("a wheel without a name")?);
    fs::rename(built, &wheel)?;
    Ok(wheel)
}

/// Where cargo builds it.
pub(crate) fn target() -> anyhow::Result<PathBuf> {
    Ok(cargo::target_directory()?.join("maturin"))
}

/// Installs a wheel into a virtual environment, over an older one.
pub(crate) fn install(sh: &Shell, python: &Path, wheel: &Path) -> anyhow::Result<()> {
    cmd!(sh, "{python} {PIP_INSTALL...} --no-index --no-deps --force-reinstall {wheel}").quiet().run()?;
    Ok(())
}
