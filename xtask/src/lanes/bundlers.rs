//! The npm package in bundles, in a browser and in workerd, under other package managers than npm, and with the permissions that runtimes ask for.

use crate::addon::{self, quietly};
use crate::lanes::node;
use crate::{cargo, machine};
use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    machine::packages(sh, &["chromium"])?;
    let packed = addon::packed(sh)?;
    let package = cargo::root()?.join("bindings-node");
    let sources = package.join("tests");
    let runtimes = node::runtimes(sh, &sources)?;

    // Outside of the package, whose node_modules they would find.
    let folder = addon::out()?.join("bundlers");
    sh.create_dir(&folder)?;
    let sources = sources.join("bundlers");
    cmd!(sh, "cp -r {sources}/. {folder}").quiet().run()?;
    machine::node_modules(sh, &folder)?;

    let _folder = sh.push_dir(&folder);
    let _given = [
        sh.push_env("SANDGATE_PACKAGE", &packed.main),
        sh.push_env("SANDGATE_PLATFORM_PACKAGE", &packed.platform),
        sh.push_env("SANDGATE_RUNTIMES", runtimes),
        sh.push_env("SANDGATE_SOURCES", &package),
    ];
    let said = quietly(cmd!(sh, "node --test --test-reporter=tap --test-concurrency=2"))?;
    let count = said.lines().find_map(|line| line.strip_prefix("# pass ")).context("no tests were counted")?;
    // Fewer tests mean that the selection is broken.
    ensure!(count.parse::<usize>()? >= 46, "only {count} tests: {said}");
    // How many tests ran in other runtimes, and how large bundles are.
    for told in said.lines().filter_map(|line| line.strip_prefix("# ")) {
        if told.contains(" tests in ") || told.contains(" bytes of ") {
            println!("{told}");
        }
    }
    println!("{count} tests");
    Ok(())
}
