//! URLs that the Python package signs, by its command: the controller verifies them.

use super::client::Client;
use super::platform::Platform;
use super::probe::Probe;
use super::rows::Rows;
use super::sandbox::{CONTROLLER, Sandbox};
use anyhow::{Context, ensure};
use serde_json::json;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

const SIGNER: &str = "sandgate in Python";

/// Signs for one sandbox of each format. Returns the secrets that must not appear in a log.
pub(crate) fn check(
    rows: &mut Rows,
    client: &mut Client,
    python: &Path,
    platform: &Platform,
) -> anyhow::Result<Vec<String>> {
    let mut secrets = Vec::new();
    for version in ["v1", "v2"] {
        let sandbox = client.sandbox("create", json!({ "metadata": { "sandgate": version } }))?;
        check_one(rows, python, platform, &sandbox, version)?;
        client.text("kill", json!({ "id": sandbox.id }))?;
        secrets.extend(sandbox.secrets());
    }
    Ok(secrets)
}

fn check_one(
    rows: &mut Rows,
    python: &Path,
    platform: &Platform,
    sandbox: &Sandbox,
    version: &str,
) -> anyhow::Result<()> {
    let host = sandbox.host(CONTROLLER);
    let sign = |path: &str, more: &[&str]| {
        let arguments = [&["url", platform.edge(), path][..], more].concat();
        run(python, sandbox.access_token()?, &arguments)
    };
    let mut row = |what: &str, expected: &str, seen: String| {
        rows.add(format!("{version}, {what}"), SIGNER, "controller", expected, seen);
    };
    let path = "/home/user/a b+c%é.txt";
    let minute = ["--user", "user", "--expires-in", "60"];
    let upload = sign(path, &[&["--operation", "write"][..], &minute].concat())?;
    row("upload", "200", Probe::form("by Python").header(&host).send(&upload)?.status_or_refusal());
    let download = sign(path, &minute)?;
    row("download", "200 by Python", Probe::get().header(&host).send(&download)?.content());
    let old = sign(path, &["--expires-in=0"])?;
    sleep(Duration::from_millis(1100));
    let answer = Probe::get().header(&host).send(&old)?;
    row("download: expired a second ago", "401 signature is already expired", answer.refusal());
    let answer = Probe::form("by Python").header(&host).send(&download)?;
    row("upload by the URL of a download", "401 invalid signature", answer.refusal());
    let why = run(python, sandbox.access_token()?, &["explain", &download, "--operation", "write"])?;
    row("sandgate explain", "the signature is right for another operation: \"read\"", tail(&why));
    Ok(())
}

fn tail(why: &str) -> String {
    why.rsplit_once("; ").map_or(why, |(_, change)| change).to_owned()
}

/// The output of the command, including refusals.
fn run(python: &Path, token: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new(python);
    command.args(["-m", "sandgate"]).args(arguments).env("SANDGATE_ACCESS_TOKEN", token);
    let output = command.output().context("starting Python")?;
    ensure!(output.stderr.is_empty(), "sandgate: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}
