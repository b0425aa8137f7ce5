//! The Python package as a wheel, and virtual environments to build and to use it.

use crate::{cargo, zig};
use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

const QUIET: [&str; 5] = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];

/// Builds it.
pub(crate) fn build(sh: &Shell) -> anyhow::Result<PathBuf> {
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

/// Puts a wheel into a virtual environment, in place of what is there of it.
pub(crate) fn install(sh: &Shell, python: &Path, wheel: &Path) -> anyhow::Result<()> {
    cmd!(sh, "{python} {QUIET...} --no-index --no-deps --force-reinstall {wheel}").quiet().run()?;
    Ok(())
}

/// Makes a virtual environment with exactly what a file of requirements says, unless it is there.
pub(crate) fn environment(sh: &Shell, venv: &Path, requirements: impl AsRef<Path>) -> anyhow::Result<()> {
    let (python, done) = (venv.join("bin/python"), venv.join("requirements.txt"));
    let requirements = requirements.as_ref();
    let wanted = sh.read_file(requirements)?;
    if sh.read_file(&done).ok().as_ref() != Some(&wanted) {
        sh.remove_path(venv)?;
        cmd!(sh, "python3 -m venv {venv}").quiet().run()?;
        cmd!(sh, "{python} {QUIET...} --only-binary=:all: --requirement {requirements}").quiet().run()?;
        sh.write_file(&done, wanted)?;
    }
    Ok(())
}
