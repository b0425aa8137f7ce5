//! File names with characters that URLs must escape.

use super::client::Client;
use super::probe::Probe;
use super::rows::Rows;
use super::sandbox::{CONTROLLER, Sandbox};
use serde_json::json;

/// Directly in the user's home.
pub(crate) const NAMES: [&str; 12] = [
    "a space.txt",
    "a+plus.txt",
    "100%.txt",
    "%41 is not A.txt",
    "it's.txt",
    "(1).txt",
    "~tilde.txt",
    "10:30.txt",
    "\"quoted\".txt",
    "a&b=c?d#e;f,g@h!*$[i].txt",
    "文件.txt",
    "🦀.txt",
];

pub(crate) fn check(rows: &mut Rows, client: &mut Client, sandbox: &Sandbox) -> anyhow::Result<()> {
    let (id, host) = (sandbox.id.as_str(), sandbox.host(CONTROLLER));
    for name in NAMES {
        let path = format!("/home/user/{name}");
        let written = client.text("write", json!({ "id": id, "path": path, "text": "by the SDK" }))?;
        rows.add(format!("files.write: {name}"), client.name(), "controller", &path, written);
        let seen = client.text("read", json!({ "id": id, "path": path }))?;
        rows.add(format!("files.read: {name}"), client.name(), "controller", "by the SDK", seen);

        let upload = client.url("upload_url", json!({ "id": id, "path": path, "lifetime": 60 }))?;
        let answer = Probe::form("by URL").header(&host).send(&upload)?;
        rows.add(format!("upload_url: {name}"), client.name(), "controller", "200", answer.status_or_refusal());
        let download = client.url("download_url", json!({ "id": id, "path": path }))?;
        let answer = Probe::get().header(&host).send(&download)?;
        rows.add(format!("download_url: {name}"), client.name(), "controller", "200 by URL", answer.content());
    }
    Ok(())
}
