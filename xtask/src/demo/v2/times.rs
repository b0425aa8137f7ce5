//! The expiry of a URL of v2: it must be in the future, and not too far.

use super::signer::{SIGNER, Signer, now};
use crate::demo::client::Client;
use crate::demo::platform::Platform;
use crate::demo::probe::Probe;
use crate::demo::rows::Rows;
use crate::demo::sandbox::{CONTROLLER, Sandbox};
use sandgate::v2::FileUrl;
use serde_json::json;

const WEEK: i64 = 604_800;
const EXPIRED: &str = "401 signature is already expired";
const TOO_LONG: &str = "401 signature lifetime is too long";

pub(super) fn check(
    rows: &mut Rows,
    client: &mut Client,
    platform: &Platform,
    sandbox: &Sandbox,
) -> anyhow::Result<()> {
    let (signer, host, now) = (Signer::new(platform, sandbox.access_token()?)?, sandbox.host(CONTROLLER), now()?);
    client.text("write", json!({ "id": sandbox.id, "path": "/home/user/timed.txt", "text": "kept" }))?;
    for (step, expires, expected) in [
        ("a minute ahead", now + 60, "200 kept"),
        ("a week ahead", now + WEEK, "200 kept"),
        ("a week and a minute ahead", now + WEEK + 60, TOO_LONG),
        ("the latest possible expiry", (1 << 53) - 1, TOO_LONG),
        ("a second ago", now - 1, EXPIRED),
        ("the epoch", 0, EXPIRED),
    ] {
        let url = signer.url(&FileUrl::download(b"/home/user/timed.txt", expires.into()))?;
        let answer = Probe::get().header(&host).send(&url)?;
        rows.add(format!("download, expiry: {step}"), SIGNER, "controller", expected, answer.outcome());
    }
    let late = signer.url(&FileUrl::upload(b"/home/user/late.txt", (now - 1).into()))?;
    let answer = Probe::put("late").header(&host).send(&late)?;
    rows.add("upload, expiry: a second ago", SIGNER, "controller", EXPIRED, answer.outcome());
    let left = platform.names_in(&sandbox.id, "/home/user")?.iter().filter(|name| name.contains("late")).count();
    rows.add("files that the upload left", "nobody", "controller", "0", left.to_string());
    Ok(())
}
