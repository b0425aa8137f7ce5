//! Sets up a fresh machine: Debian packages, cargo-fuzz, npm packages and virtual environments. Does not change what is
//! already installed.

use crate::{cargo, progress};
use anyhow::bail;
use rustix::fs::{FlockOperation, flock};
use std::fs::{File, create_dir_all};
use std::path::Path;
use xshell::{Shell, cmd};

/// How a Python installs packages.
pub(crate) const PIP_INSTALL: [&str; 5] = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];

/// The tools that build the examples, and the programs that the demo runs.
const FOR_DEMO: [&str; 6] = ["curl", "libjansson-dev", "make", "nettle-dev", "pkg-config", "zlib1g-dev"];

/// Waits until no other process of this tree sets up or builds `what`. It is free again when the file is dropped.
pub(crate) fn alone(what: &str) -> anyhow::Result<File> {
    let locks = cargo::target_directory()?.join("locks");
    create_dir_all(&locks)?;
    let file = File::create(locks.join(what))?;
    flock(&file, FlockOperation::LockExclusive)?;
    Ok(file)
}

/// Installs missing Debian packages, those for the demo and `more`; without root, it lists them.
pub(crate) fn packages(sh: &Shell, more: &[&'static str]) -> anyhow::Result<()> {
    let _alone = alone("debian")?;
    let mut needed = [&FOR_DEMO, more].concat();
    if cmd!(sh, "dpkg --version").quiet().ignore_stdout().ignore_stderr().run().is_err() {
        eprintln!("this is not Debian: install the equivalents of these packages: {}", needed.join(" "));
        return Ok(());
    }
    if cmd!(sh, "python3 -c 'import ensurepip'").quiet().ignore_stderr().run().is_err() {
        needed.push("python3-venv");
    }
    needed.retain(|package| !is_installed(sh, package));
    if needed.is_empty() {
        return Ok(());
    }
    if !rustix::process::geteuid().is_root() {
        bail!("these packages are missing: apt-get install {}", needed.join(" "));
    }
    // On stderr, since stdout may be read by a program.
    progress::step(&format!("setting up: apt-get install {}", needed.join(" ")));
    cmd!(sh, "apt-get -q update").quiet().ignore_stdout().run()?;
    let install = cmd!(sh, "apt-get -q install -y --no-install-recommends {needed...}");
    install.env("DEBIAN_FRONTEND", "noninteractive").quiet().ignore_stdout().run()?;
    Ok(())
}

pub(crate) fn is_installed(sh: &Shell, package: &str) -> bool {
    let format = "--showformat=${Status}";
    let status = cmd!(sh, "dpkg-query --show {format} {package}").quiet().ignore_stderr().read();
    status.is_ok_and(|status| status == "install ok installed")
}

/// `node_modules` with exactly what `package-lock.json` says.
pub(crate) fn node_modules(sh: &Shell, folder: &Path) -> anyhow::Result<()> {
    let _alone = alone("node_modules")?;
    let done = folder.join("node_modules/.sandgate-installed");
    let needed = sh.read_file(folder.join("package-lock.json"))?;
    if sh.read_file(&done).ok().as_ref() != Some(&needed) {
        progress::step(&format!("setting up: npm ci in {}", folder.file_name().unwrap_or_default().display()));
        let _folder = sh.push_dir(folder);
        cmd!(sh, "npm ci --ignore-scripts --no-audit --no-fund --loglevel=error").quiet().ignore_stdout().run()?;
        sh.write_file(&done, needed)?;
    }
    Ok(())
}

/// The fuzzer.
pub(crate) fn cargo_fuzz(sh: &Shell) -> anyhow::Result<()> {
    packages(sh, &["g++"])?;
    if cmd!(sh, "cargo fuzz --version").quiet().ignore_stdout().ignore_stderr().run().is_err() {
        progress::step("setting up: cargo-fuzz");
        cmd!(sh, "cargo install --quiet --locked cargo-fuzz@0.13.2").quiet().run()?;
    }
    Ok(())
}

/// Makes a virtual environment with exactly the requirements of a file, unless it exists.
pub(crate) fn environment(sh: &Shell, venv: &Path, requirements: impl AsRef<Path>) -> anyhow::Result<()> {
    let _alone = alone("environments")?;
    let (python, done) = (venv.join("bin/python"), venv.join("requirements.txt"));
    let requirements = requirements.as_ref();
    let needed = sh.read_file(requirements)?;
    if sh.read_file(&done).ok().as_ref() != Some(&needed) {
        sh.remove_path(venv)?;
        cmd!(sh, "python3 -m venv {venv}").quiet().run()?;
        cmd!(sh, "{python} {PIP_INSTALL...} --only-binary=:all: --requirement {requirements}").quiet().run()?;
        sh.write_file(&done, needed)?;
    }
    Ok(())
}
