//! The C daemon's own tests.

use crate::{cargo, machine, setup};
use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    check(sh, "controller", &[])
}

pub(super) fn assure(sh: &Shell) -> anyhow::Result<String> {
    check(sh, "controller-sanitized", &["CFLAGS=-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"])?;
    Ok("no report".to_owned())
}

fn check(sh: &Shell, out: &str, flags: &[&str]) -> anyhow::Result<()> {
    machine::packages(sh, &[])?;
    let out = cargo::target_directory()?.join(out);
    let variables = setup::controller_variables(sh, &out)?;
    cmd!(sh, "make --silent --directory examples/controller check {variables...} {flags...}").run()?;
    Ok(())
}
