//! Sets up the demo: the SDKs, and the programs built from this repository.

use crate::{addon, archive, cargo, machine, progress, wheel};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// The paths of everything that the demo runs.
pub(crate) struct Tools {
    /// Python with the SDKs and our package.
    pub(crate) python: PathBuf,
    /// The scripts that call the SDKs.
    pub(crate) clients: PathBuf,
    pub(crate) controller: PathBuf,
    pub(crate) platform: PathBuf,
    /// The output directory of the demo.
    pub(crate) scratch: PathBuf,
}

pub(crate) fn tools(sh: &Shell) -> anyhow::Result<Tools> {
    let root = cargo::root()?;
    let scratch = cargo::target_directory()?.join("demo");
    let clients = root.join("examples/clients");
    sh.create_dir(&scratch)?;

    machine::packages(sh, &[])?;
    let python = python(sh, &clients, &scratch)?;
    machine::node_modules(sh, &clients)?;
    addon::link(sh, &clients)?;
    let controller = controller(sh, &root, &scratch)?;
    let platform = cmd!(sh, "cargo build --package sandgate-platform");
    let platform = cargo::built(platform, "sandgate-platform", &[std::env::consts::EXE_EXTENSION])?;
    Ok(Tools { python, clients, controller, platform, scratch })
}

/// A virtual environment with the SDKs and our package.
fn python(sh: &Shell, clients: &Path, scratch: &Path) -> anyhow::Result<PathBuf> {
    let (venv, requirements) = (scratch.join("venv"), clients.join("requirements.txt"));
    progress::step("setting up: the Python SDKs and our Python package");
    let python = venv.join("bin/python");
    machine::environment(sh, &venv, &requirements)?;
    wheel::install(sh, &python, wheel::build(sh)?)?;
    Ok(python)
}

/// Builds the C library, and tells the daemon's Makefile where it is and where to build.
pub(crate) fn controller_variables(sh: &Shell, out: &Path) -> anyhow::Result<Vec<String>> {
    let (root, library) = (cargo::root()?, archive::build(sh)?);
    Ok(vec![
        format!("OUT={}", out.display()),
        format!("SANDGATE_CFLAGS=-I{}", root.join("ffi-c/include").display()),
        format!("SANDGATE_LIBS={}", library.display()),
    ])
}

/// The C daemon, built with the current C library.
fn controller(sh: &Shell, root: &Path, scratch: &Path) -> anyhow::Result<PathBuf> {
    progress::step("setting up: the controller and the platform");
    let (source, out) = (root.join("examples/controller"), scratch.join("controller"));
    let variables = controller_variables(sh, &out)?;
    let binary = out.join("controller");
    // Its Makefile does not track changes of the library.
    sh.remove_path(&binary)?;
    cmd!(sh, "make --silent --directory {source} {variables...}").quiet().ignore_stdout().run()?;
    Ok(binary)
}
