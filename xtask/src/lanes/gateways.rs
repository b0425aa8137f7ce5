//! Real gateways in front of the authorization service, and real programs behind it.

use crate::{cargo, machine, setup};
use xshell::{Shell, cmd};

/// nginx, a small Debian package. The service's own tests, with Redis, run with the tests in Rust.
pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    machine::packages(sh, &["nginx-light"])?;
    examples(sh, &["test_nginx"])
}

/// Starts each gateway on loopback, with its example's configuration.
fn examples(sh: &Shell, tests: &[&str]) -> anyhow::Result<()> {
    let out = cargo::target_directory()?.join("controller");
    let variables = setup::controller_variables(sh, &out)?;
    cmd!(sh, "make --silent --directory examples/controller all {variables...}").run()?;
    let service = cmd!(sh, "cargo build --package sandgate-gateway");
    let service = cargo::built(service, "sandgate-gateway", &[std::env::consts::EXE_EXTENSION])?;
    let _folder = sh.push_dir("gateways/examples/tests");
    let _service = sh.push_env("SANDGATE_GATEWAY", service);
    let _controller = sh.push_env("CONTROLLER_BIN", out.join("controller"));
    let _bytecode = sh.push_env("PYTHONDONTWRITEBYTECODE", "1");
    cmd!(sh, "python3 -m unittest {tests...}").run()?;
    Ok(())
}
