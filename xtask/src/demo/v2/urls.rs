//! A v2 URL allows only one operation on one path of one sandbox.

use super::signer::{SIGNER, Signer, soon};
use crate::demo::client::Client;
use crate::demo::names::NAMES;
use crate::demo::platform::Platform;
use crate::demo::probe::{Answer, Probe};
use crate::demo::rows::Rows;
use crate::demo::sandbox::{CONTROLLER, Sandbox};
use sandgate::Context;
use sandgate::v2::FileUrl;
use serde_json::json;

const PATH: &str = "/home/user/by-url.txt";
const INVALID: &str = "401 invalid signature";

pub(super) fn check(
    rows: &mut Rows,
    client: &mut Client,
    platform: &Platform,
    sandbox: &Sandbox,
    other: &Sandbox,
) -> anyhow::Result<()> {
    let (signer, host, end) = (Signer::new(platform, sandbox.access_token()?)?, sandbox.host(CONTROLLER), soon()?);
    let (read, write) = (FileUrl::download(PATH.as_bytes(), end), FileUrl::upload(PATH.as_bytes(), end));
    let (download, upload) = (signer.url(&read)?, signer.url(&write)?);

    for (step, probe, text) in [
        ("POST, a form", Probe::form("by form"), "by form"),
        ("POST, bytes", Probe::bytes("by bytes"), "by bytes"),
        ("PUT", Probe::put("by PUT"), "by PUT"),
    ] {
        let answer = probe.header(&host).send(&upload)?;
        rows.add(format!("upload: {step}"), SIGNER, "controller", "200", answer.status_or_refusal());
        let seen = client.text("read", json!({ "id": sandbox.id, "path": PATH }))?;
        rows.add(format!("upload: {step}: files.read"), client.name(), "controller", text, seen);
    }
    let answer = Probe::get().header(&host).send(&download)?;
    rows.add("download: GET", SIGNER, "controller", "200 by PUT", answer.outcome());
    let answer = Probe::head().header(&host).send(&download)?;
    rows.add("download: HEAD", SIGNER, "controller", "200, 6 bytes", length(&answer));

    for (step, probe, url) in [
        ("POST with a URL to download", Probe::form("spoiled"), &download),
        ("PUT with a URL to download", Probe::put("spoiled"), &download),
        ("GET with a URL to upload", Probe::get(), &upload),
    ] {
        rows.add(step, SIGNER, "controller", INVALID, probe.header(&host).send(url)?.outcome());
    }
    let answer = Probe::head().header(&host).send(&upload)?;
    rows.add("HEAD with a URL to upload", SIGNER, "controller", "401", answer.status());
    let answer = Probe::method("DELETE").header(&host).send(&upload)?;
    let expected = "401 unauthorized access, please provide a valid access token or method signing if supported";
    rows.add("DELETE with a URL to upload", SIGNER, "controller", expected, answer.outcome());

    let (foreign, there) = (Signer::new(platform, other.access_token()?)?, other.host(CONTROLLER));
    for (step, url, host) in [
        ("a URL of another sandbox", foreign.url(&read)?, &host),
        ("the URL at another sandbox", download.clone(), &there),
    ] {
        rows.add(step, SIGNER, "controller", INVALID, Probe::get().header(host).send(&url)?.outcome());
    }
    let bound = signer.url(&read.context(Context::try_from("192.0.2.1")?))?;
    let answer = Probe::get().header(&host).send(&bound)?;
    rows.add(
        "a URL bound to a client address that the controller does not check",
        SIGNER,
        "controller",
        INVALID,
        answer.outcome(),
    );
    let relative = signer.url(&FileUrl::download(b"by-url.txt", end).user(b"user"))?;
    let answer = Probe::get().header(&host).send(&relative)?;
    rows.add("a path in the user's home", SIGNER, "controller", "200 by PUT", answer.outcome());

    for name in NAMES {
        let path = format!("/home/user/{name}");
        let upload = signer.url(&FileUrl::upload(path.as_bytes(), end))?;
        let answer = Probe::put("by sandgate").header(&host).send(&upload)?;
        rows.add(format!("upload: {name}"), SIGNER, "controller", "200", answer.status_or_refusal());
        let answer = Probe::get().header(&host).send(&signer.url(&FileUrl::download(path.as_bytes(), end))?)?;
        rows.add(format!("download: {name}"), SIGNER, "controller", "200 by sandgate", answer.outcome());
    }
    Ok(())
}

/// The status and length of an answer to HEAD: `200, 6 bytes`. curl prints the headers as the body.
fn length(answer: &Answer) -> String {
    let (head, body) = answer.body().split_once("\r\n\r\n").unwrap_or((answer.body(), ""));
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    format!("{}, {} bytes{body}", answer.status(), length.unwrap_or_default())
}
