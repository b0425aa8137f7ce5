//! A large file: neither the edge nor the controller may hold all of it in memory.

use super::client::Client;
use super::platform::Platform;
use super::probe::Probe;
use super::rows::Rows;
use super::sandbox::{CONTROLLER, Sandbox};
use serde_json::json;

const MIB: usize = 1024 * 1024;
const SIZE: usize = 64 * MIB;
/// Far less than the file, far more than the buffers on the way.
const MEMORY: usize = 16 * MIB;

pub(crate) fn check(
    rows: &mut Rows,
    client: &mut Client,
    platform: &Platform,
    sandbox: &Sandbox,
) -> anyhow::Result<()> {
    let (id, path, host) = (sandbox.id.as_str(), "/home/user/large.txt", sandbox.host(CONTROLLER));
    let text = "sixteen bytes.\r\n".repeat(SIZE / 16);
    let before = platform.peak_memory()?;

    let url = client.url("upload_url", json!({ "id": id, "path": path }))?;
    let answer = Probe::bytes(&text).header(&host).send(&url)?;
    rows.add("upload_url, 64 MiB", client.name(), "controller", "200", answer.status_or_refusal());
    let url = client.url("download_url", json!({ "id": id, "path": path }))?;
    let answer = Probe::get().header(&host).send(&url)?;
    let seen = if answer.body() == text { "the same bytes" } else { "other bytes" };
    rows.add("download_url, 64 MiB", client.name(), "controller", "the same bytes", seen);

    let (needed, processes) = (platform.peak_memory()?, before.len());
    let grown = before.iter().filter(|(pid, peak)| needed.get(pid).is_none_or(|now| *now > *peak + MEMORY)).count();
    let step = format!("processes (of {processes}) that needed 16 MiB more");
    rows.add(step, "nobody", "edge and controller", "0", grown.to_string());
    Ok(())
}
