//! What the demo needs on a fresh machine: Debian's packages, the SDKs, and the programs built from this repository.
//! What is there already is left as it is.

use crate::{addon, archive, cargo, progress, wheel};
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// Where everything is that the demo runs.
pub(crate) struct Tools {
    /// Python with the SDKs and our package.
    pub(crate) python: PathBuf,
    /// The scripts that call the SDKs.
    pub(crate) clients: PathBuf,
    pub(crate) controller: PathBuf,
    pub(crate) platform: PathBuf,
    /// A directory for what the demo writes.
    pub(crate) scratch: PathBuf,
}

pub(crate) fn tools(sh: &Shell) -> anyhow::Result<Tools> {
    let root = root()?;
    let scratch = cargo::target_directory()?.join("demo");
    let clients = root.join("examples/clients");
    sh.create_dir(&scratch)?;

    packages(sh, &[])?;
    let python = python(sh, &clients, &scratch)?;
    node_modules(sh, &clients)?;
    addon::link(sh, &clients)?;
    let controller = controller(sh, &root, &scratch)?;
    let platform = cmd!(sh, "cargo build --package sandgate-platform");
    let platform = cargo::built(platform, "sandgate-platform", &[std::env::consts::EXE_EXTENSION])?;
    Ok(Tools { python, clients, controller, platform, scratch })
}

pub(crate) fn root() -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.map(Path::to_owned).context("xtask is not in a workspace")
}

/// What the examples are built with, and what the demo runs.
const FOR_DEMO: [&str; 6] = ["curl", "libjansson-dev", "make", "nettle-dev", "pkg-config", "zlib1g-dev"];

/// Installs the Debian packages that are missing, those for the demo and `more`; elsewhere names them.
pub(crate) fn packages(sh: &Shell, more: &[&'static str]) -> anyhow::Result<()> {
    let mut needed = [&FOR_DEMO, more].concat();
    if cmd!(sh, "dpkg --version").quiet().ignore_stdout().ignore_stderr().run().is_err() {
        eprintln!("this is no Debian: have what its packages hold: {}", needed.join(" "));
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
    progress::step(&format!("setting up: apt-get install {}", needed.join(" ")));
    cmd!(sh, "apt-get -q update").quiet().ignore_stdout().run()?;
    let install = cmd!(sh, "apt-get -q install -y --no-install-recommends {needed...}");
    install.env("DEBIAN_FRONTEND", "noninteractive").quiet().ignore_stdout().run()?;
    Ok(())
}

fn is_installed(sh: &Shell, package: &str) -> bool {
    let format = "--showformat=${Status}";
    let status = cmd!(sh, "dpkg-query --show {format} {package}").quiet().ignore_stderr().read();
    status.is_ok_and(|status| status == "install ok installed")
}

/// A virtual environment with the SDKs and our package.
fn python(sh: &Shell, clients: &Path, scratch: &Path) -> anyhow::Result<PathBuf> {
    let (venv, requirements) = (scratch.join("venv"), clients.join("requirements.txt"));
    progress::step("setting up: the Python SDKs and our Python package");
    let python = venv.join("bin/python");
    wheel::environment(sh, &venv, &requirements)?;
    wheel::install(sh, &python, &wheel::build(sh)?)?;
    Ok(python)
}

/// `node_modules` with exactly what `package-lock.json` says.
pub(crate) fn node_modules(sh: &Shell, folder: &Path) -> anyhow::Result<()> {
    let done = folder.join("node_modules/.sandgate-installed");
    let wanted = sh.read_file(folder.join("package-lock.json"))?;
    if sh.read_file(&done).ok().as_ref() != Some(&wanted) {
        progress::step(&format!("setting up: npm ci in {}", folder.file_name().unwrap_or_default().display()));
        let _folder = sh.push_dir(folder);
        cmd!(sh, "npm ci --ignore-scripts --no-audit --no-fund --loglevel=error").quiet().ignore_stdout().run()?;
        sh.write_file(&done, wanted)?;
    }
    Ok(())
}

/// The fuzzer. Its toolchain has to be there: a toolchain is not for a project to install.
pub(crate) fn cargo_fuzz(sh: &Shell) -> anyhow::Result<()> {
    packages(sh, &["g++"])?;
    cmd!(sh, "cargo +nightly --version")
        .quiet()
        .ignore_stdout()
        .run()
        .context("fuzzing needs the nightly toolchain")?;
    if cmd!(sh, "cargo fuzz --version").quiet().ignore_stdout().ignore_stderr().run().is_err() {
        eprintln!("installing cargo-fuzz");
        cmd!(sh, "cargo install --quiet --locked cargo-fuzz@0.13.2").quiet().run()?;
    }
    Ok(())
}

/// Builds the C library, and tells the daemon's Makefile where it is and where to build.
pub(crate) fn controller_variables(sh: &Shell, out: &Path) -> anyhow::Result<Vec<String>> {
    let (root, library) = (root()?, archive::build(sh)?);
    Ok(vec![
        format!("OUT={}", out.display()),
        format!("SANDGATE_CFLAGS=-I{}", root.join("ffi-c/include").display()),
        format!("SANDGATE_LIBS={}", library.display()),
    ])
}

/// The C daemon, against the C library as it is now.
fn controller(sh: &Shell, root: &Path, scratch: &Path) -> anyhow::Result<PathBuf> {
    progress::step("setting up: the controller and the platform");
    let (source, out) = (root.join("examples/controller"), scratch.join("controller"));
    let variables = controller_variables(sh, &out)?;
    let binary = out.join("controller");
    // Its Makefile knows nothing of when the library changed.
    sh.remove_path(&binary)?;
    cmd!(sh, "make --silent --directory {source} {variables...}").quiet().ignore_stdout().run()?;
    Ok(binary)
}
