//! The Python package as a wheel.

use crate::machine::PIP_INSTALL;
use crate::{cargo, zig};
use anyhow::{Context, ensure};
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
    let wheels = cargo::target_directory()?.join("wheels");
    let programs = zig::programs(sh)?;
    let _path = sh.push_env("PATH", zig::path(sh, &programs)?);
    sh.remove_path(&wheels)?;
    let options = ["--release", "--quiet", "--locked", "--manifest-path", "bindings-python/Cargo.toml"];
    let old_glibc = zig::maturin();
    let _target = sh.push_env("CARGO_TARGET_DIR", target()?);
    cmd!(sh, "maturin build {options...} {old_glibc...} --out {wheels}")
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .run()?;
    let built = sh.read_dir(&wheels)?;
    ensure!(built.len() == 1, "{} wheels were built", built.len());
    built.into_iter().next().context("no wheel was built")
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
