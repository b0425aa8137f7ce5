//! The Python package as a wheel.

use crate::setup;
use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

const MATURIN: &str = "maturin==1.16.0";

/// Builds it, with maturin in a virtual environment of its own.
pub(crate) fn build(sh: &Shell) -> anyhow::Result<PathBuf> {
    let out = setup::target(&setup::root()?).join("wheel");
    let (venv, wheels) = (out.join("venv"), out.join("wheels"));
    let maturin = venv.join("bin/maturin");
    let asked = venv.join("requirement");
    if sh.read_file(&asked).ok().as_deref() != Some(MATURIN) {
        sh.remove_path(&venv)?;
        cmd!(sh, "python3 -m venv {venv}").quiet().run()?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"];
        let python = venv.join("bin/python");
        cmd!(sh, "{python} {pip...} {MATURIN}").quiet().run()?;
        sh.write_file(&asked, MATURIN)?;
    }
    sh.remove_path(&wheels)?;
    let options = ["--release", "--quiet", "--locked", "--manifest-path", "bindings-python/Cargo.toml"];
    cmd!(sh, "{maturin} build {options...} --out {wheels}").quiet().ignore_stdout().ignore_stderr().run()?;
    let built = sh.read_dir(&wheels)?;
    ensure!(built.len() == 1, "{} wheels were built", built.len());
    built.into_iter().next().context("no wheel was built")
}

/// Puts a wheel into a virtual environment, in place of what is there of it.
pub(crate) fn install(sh: &Shell, python: &Path, wheel: &Path) -> anyhow::Result<()> {
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    cmd!(sh, "{python} {pip...} --no-index --no-deps --force-reinstall {wheel}").quiet().run()?;
    Ok(())
}
