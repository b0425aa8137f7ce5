//! A virtual environment with the Python package.

use crate::{cargo, zig};
use anyhow::Context;
use std::path::{Path, PathBuf};
use xshell::{Cmd, Shell, cmd};

pub(super) struct Environment {
    pub(super) python: PathBuf,
    pub(super) version: String,
}

impl Environment {
    /// A fresh environment of this Python, with exactly these requirements and this wheel.
    pub(super) fn new(sh: &Shell, out: &Path, python: &Path, requirements: &str, wheel: &Path) -> anyhow::Result<Self> {
        let version = version(sh, python)?;
        let venv = out.join("venvs").join(format!("{requirements}-{version}"));
        let made = venv.join("bin/python");
        let requirements = self::requirements(requirements)?;
        uv(sh, &["venv"])?.arg("--python").arg(python).arg(venv).run()?;
        install(sh, &made)?.arg("--requirement").arg(requirements).run()?;
        install(sh, &made)?.args(["--no-index", "--no-deps", "--no-cache"]).arg(wheel).run()?;
        Ok(Self { python: made, version })
    }

    /// Adds older versions of servers, in a directory of the environment that the tests put first.
    pub(super) fn older(&self, sh: &Shell) -> anyhow::Result<()> {
        let there = self.python.ancestors().nth(2).context("python is in an environment")?.join("older");
        let command = install(sh, &self.python)?.arg("--no-deps").arg("--target").arg(there);
        command.arg("--requirement").arg(requirements("older")?).run()?;
        Ok(())
    }
}

fn requirements(name: &str) -> anyhow::Result<PathBuf> {
    Ok(cargo::root()?.join("bindings-python/requirements").join(name).with_extension("txt"))
}

/// uv makes an environment in a tenth of the time of venv and pip. It takes the index of pip's environment variables.
fn uv<'a>(sh: &'a Shell, command: &[&str]) -> anyhow::Result<Cmd<'a>> {
    let uv = zig::programs(sh)?.join("uv");
    let mut uv = cmd!(sh, "{uv} --quiet --no-config --no-python-downloads {command...}").quiet();
    for (pip, ours) in
        [("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_EXTRA_INDEX_URL", "UV_INDEX"), ("PIP_CERT", "SSL_CERT_FILE")]
    {
        if let (Ok(value), Err(_)) = (sh.var(pip), sh.var(ours)) {
            uv = uv.env(ours, value);
        }
    }
    Ok(uv)
}

fn install<'a>(sh: &'a Shell, python: &Path) -> anyhow::Result<Cmd<'a>> {
    Ok(uv(sh, &["pip", "install", "--only-binary", ":all:", "--python"])?.arg(python))
}

/// The version, if the wheel supports this CPython; it does not support those without a GIL.
pub(super) fn version(sh: &Shell, python: &Path) -> anyhow::Result<String> {
    let code = "import platform, sys, sysconfig
assert sys.version_info >= (3, 10) and sys.implementation.name == 'cpython'
assert not sysconfig.get_config_var('Py_GIL_DISABLED')
print(platform.python_version())";
    Ok(cmd!(sh, "{python} -c {code}").quiet().ignore_stderr().read()?)
}
