//! URLs that `sandgate` signs in ways that the SDKs cannot.

use super::client::Client;
use super::names::NAMES;
use super::platform::Platform;
use super::probe::Probe;
use super::rows::Rows;
use super::sandbox::{CONTROLLER, Sandbox};
use sandgate::v1::{FileUrl, FileUrlKey};
use sandgate::{AccessToken, UnixSeconds};
use serde_json::json;
use std::time::SystemTime;

const SIGNER: &str = "sandgate";

pub(crate) fn check(
    rows: &mut Rows,
    client: &mut Client,
    platform: &Platform,
    sandbox: &Sandbox,
) -> anyhow::Result<()> {
    let key = FileUrlKey::new(&AccessToken::try_from(sandbox.access_token()?)?)?;
    let now = UnixSeconds::try_from(SystemTime::now())?.get();
    let host = sandbox.host(CONTROLLER);
    let sign = |file: &FileUrl<'_>| {
        let mut url = String::new();
        key.write_url(&mut url, platform.edge(), file)?;
        anyhow::Ok(url)
    };

    for name in NAMES {
        let path = format!("/home/user/{name}");
        let upload = sign(&FileUrl::upload(path.as_bytes()).expires((now + 60).into()))?;
        let answer = Probe::form("by sandgate").header(&host).send(&upload)?;
        rows.add(format!("upload: {name}"), SIGNER, "controller", "200", answer.status_or_refusal());
        let seen = client.text("read", json!({ "id": sandbox.id, "path": path }))?;
        rows.add(format!("files.read: {name}"), client.name(), "controller", "by sandgate", seen);
        let answer = Probe::get().header(&host).send(&sign(&FileUrl::download(path.as_bytes()))?)?;
        rows.add(format!("download: {name}"), SIGNER, "controller", "200 by sandgate", answer.content());
    }

    let path = b"/home/user/timed.txt";
    client.text("write", json!({ "id": sandbox.id, "path": "/home/user/timed.txt", "text": "kept" }))?;
    for (step, expires, expected) in [
        ("an expiry a minute ahead", now + 60, "200 kept"),
        ("the latest possible expiry", i64::MAX, "200 kept"),
        ("expired a second ago", now - 1, "401 signature is already expired"),
        ("expired at the epoch", 0, "401 signature is already expired"),
        ("expired before the epoch", -10_000, "401 signature is already expired"),
    ] {
        let answer = Probe::get().header(&host).send(&sign(&FileUrl::download(path).expires(expires.into()))?)?;
        let seen = if expected.starts_with("200") { answer.content() } else { answer.refusal() };
        rows.add(format!("download: {step}"), SIGNER, "controller", expected, seen);
    }

    let answer = Probe::get().header(&host).send(&sign(&FileUrl::download(b"timed.txt").user(b"user"))?)?;
    rows.add("download: a path in the user's home", SIGNER, "controller", "200 kept", answer.content());
    let upload = sign(&FileUrl::upload(b""))?;
    let answer = Probe::form("named by the form").header(&host).send(&upload)?;
    rows.add("upload: no path, the form names the file", SIGNER, "controller", "200", answer.status_or_refusal());
    let seen = client.text("read", json!({ "id": sandbox.id, "path": "/home/user/upload.txt" }))?;
    rows.add("files.read of that file", client.name(), "controller", "named by the form", seen);
    let other = FileUrlKey::new(&AccessToken::try_from("the token of another sandbox")?)?;
    let mut url = String::new();
    other.write_url(&mut url, platform.edge(), &FileUrl::download(path))?;
    let answer = Probe::get().header(&host).send(&url)?;
    rows.add("download: another sandbox's signature", SIGNER, "controller", "401 invalid signature", answer.refusal());
    Ok(())
}
