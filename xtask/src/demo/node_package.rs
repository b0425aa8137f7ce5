//! URLs that the npm package signs: the controller verifies them.

use super::client::Client;
use super::platform::Platform;
use super::probe::Probe;
use super::rows::Rows;
use super::sandbox::{CONTROLLER, Sandbox};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

const SIGNER: &str = "sandgate in JavaScript";

/// Signs for one sandbox of each format. Returns the secrets that must not appear in a log.
pub(crate) fn check(
    rows: &mut Rows,
    client: &mut Client,
    clients: &Path,
    platform: &Platform,
) -> anyhow::Result<Vec<String>> {
    let mut secrets = Vec::new();
    for version in ["v1", "v2"] {
        let sandbox = client.sandbox("create", json!({ "metadata": { "sandgate": version } }))?;
        let sign = |url: Value| sign(clients, platform.edge(), &sandbox, version, &url);
        check_one(rows, &sandbox, version, sign)?;
        client.text("kill", json!({ "id": sandbox.id }))?;
        secrets.extend(sandbox.secrets());
    }
    Ok(secrets)
}

fn check_one(
    rows: &mut Rows,
    sandbox: &Sandbox,
    version: &str,
    sign: impl Fn(Value) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    let host = sandbox.host(CONTROLLER);
    let mut row = |what: &str, expected: &str, seen: String| {
        rows.add(format!("{version}, {what}"), SIGNER, "controller", expected, seen);
    };
    let path = "/home/user/a b+c%漢.txt";
    let upload = sign(json!({ "path": path, "operation": "write", "user": "user", "expiresIn": 60 }))?;
    row("upload", "200", Probe::form("by JavaScript").header(&host).send(&upload)?.status_or_refusal());
    let download = sign(json!({ "path": path, "user": "user", "expiresIn": 60 }))?;
    row("download", "200 by JavaScript", Probe::get().header(&host).send(&download)?.content());
    let old = sign(json!({ "path": path, "user": "user", "expiresIn": 0 }))?;
    sleep(Duration::from_millis(1100));
    let answer = Probe::get().header(&host).send(&old)?;
    row("download: expired a second ago", "401 signature is already expired", answer.refusal());
    let answer = Probe::form("by JavaScript").header(&host).send(&download)?;
    row("upload by the URL of a download", "401 invalid signature", answer.refusal());
    let answer = Probe::get().header(&host).send(&download.replace("a%20b", "a%20c"))?;
    row("download of another path", "401 invalid signature", answer.refusal());
    Ok(())
}

fn sign(clients: &Path, base: &str, sandbox: &Sandbox, version: &str, url: &Value) -> anyhow::Result<String> {
    let mut command = Command::new("node");
    command.arg(clients.join("sandgate_node.mjs")).args([version, base, &url.to_string()]);
    let output = command.env("SANDGATE_ACCESS_TOKEN", sandbox.access_token()?).output().context("starting Node")?;
    ensure!(output.status.success(), "sandgate_node.mjs: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}
