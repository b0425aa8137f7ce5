//! The inspector: its types, its reading without a browser, the page in headless Chromium, and the command that serves it.

use crate::addon::quietly;
use crate::{cargo, inspector, machine};
use anyhow::{Context, ensure};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use xshell::{Shell, cmd};

/// Fewer tests than this mean that the selection is broken.
const FEWEST: usize = 30;

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    machine::packages(sh, &["chromium"])?;
    let page = inspector::build(sh)?;
    let tsc = cargo::root()?.join("bindings-node/node_modules/.bin/tsc");
    let screenshots = inspector::out()?.join("screenshots");
    sh.remove_path(&screenshots)?;
    {
        let _sources = sh.push_dir(inspector::SOURCES);
        quietly(cmd!(sh, "{tsc} --project ."))?;
        let _given = [sh.push_env("SANDGATE_INSPECTOR", &page), sh.push_env("SANDGATE_SCREENSHOTS", &screenshots)];
        let mut tests = sh.read_dir("tests")?;
        tests.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
        let said = quietly(cmd!(sh, "node --test --test-reporter=tap --test-concurrency=2 {tests...}"))?;
        let count = said.lines().find_map(|line| line.strip_prefix("# pass ")).context("no tests were counted")?;
        ensure!(count.parse::<usize>()? >= FEWEST, "only {count} tests: {said}");
        println!("{count} tests; pictures of the page are in {}", screenshots.display());
    }
    served(sh, &page)
}

/// The command prints an address that answers with the page, and with nothing else.
fn served(sh: &Shell, page: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("inspector").current_dir(sh.current_dir());
    let mut server = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let checked = check(sh, &mut server, page);
    server.kill()?;
    server.wait()?;
    checked
}

fn check(sh: &Shell, server: &mut Child, page: &Path) -> anyhow::Result<()> {
    let mut lines = BufReader::new(server.stdout.take().context("no stdout")?).lines();
    let said = lines.next().context("the command printed nothing")??;
    let address = said.strip_prefix("The inspector is at ").with_context(|| said.clone())?;
    ensure!(address.starts_with("http://127.0.0.1:"), "the address must be on 127.0.0.1, not {address}");
    let curl = ["--disable", "--silent", "--noproxy", "*"];
    let headers = cmd!(sh, "curl {curl...} --head {address}").quiet().read()?;
    for header in ["200 OK", "content-security-policy: frame-ancestors 'none'", "cache-control: no-store"] {
        ensure!(headers.contains(header), "no {header} in {headers}");
    }
    let body = cmd!(sh, "curl {curl...} {address}").quiet().read()?;
    ensure!(body.trim_end() == sh.read_file(page)?.trim_end(), "the served page is not the one that was built");
    let status = ["--output", "/dev/null", "--write-out", "%{http_code}"];
    let other = cmd!(sh, "curl {curl...} {status...} {address}package.json").quiet().read()?;
    ensure!(other == "404", "another path must be 404, not {other}");
    Ok(())
}
