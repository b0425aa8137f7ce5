//! One signature for all files in a directory.

use super::signer::{SIGNER, Signer, soon};
use crate::demo::client::Client;
use crate::demo::platform::Platform;
use crate::demo::probe::Probe;
use crate::demo::rows::Rows;
use crate::demo::sandbox::{CONTROLLER, Sandbox};
use crate::demo::url::{append, replace};
use sandgate::v2::FileUrl;
use serde_json::json;

const OUTSIDE: &str = "401 signature does not cover this path";

pub(super) fn check(
    rows: &mut Rows,
    client: &mut Client,
    platform: &Platform,
    sandbox: &Sandbox,
) -> anyhow::Result<()> {
    let (signer, host, end) = (Signer::new(platform, sandbox.access_token()?)?, sandbox.host(CONTROLLER), soon()?);
    let uploads = signer.url(&FileUrl::upload(b"", end).directory(b"/home/user/inbox/"))?;
    let downloads = signer.url(&FileUrl::download(b"", end).directory(b"/home/user/inbox/"))?;
    let at = |url: &str, path: &str| append(url, &format!("path={path}"));

    for path in ["/home/user/inbox/a.txt", "/home/user/inbox/deep/er/b.txt"] {
        let answer = Probe::put(path).header(&host).send(&at(&uploads, path))?;
        rows.add(format!("upload to {path}"), SIGNER, "controller", "200", answer.status_or_refusal());
        let seen = client.text("read", json!({ "id": sandbox.id, "path": path }))?;
        rows.add(format!("files.read: {path}"), client.name(), "controller", path, seen);
        let answer = Probe::get().header(&host).send(&at(&downloads, path))?;
        rows.add(format!("download of {path}"), SIGNER, "controller", format!("200 {path}"), answer.outcome());
    }

    let before = platform.names_in(&sandbox.id, "/home/user")?;
    for path in [
        "/home/user/outside.txt",
        "/home/user/inbox",
        "/home/user/inbox/",
        "/home/user/inboxes/a.txt",
        "/home/user/inbox/../outside.txt",
        "/home/user/inbox/%2e%2e/outside.txt",
        "/home/user/inbox//a.txt",
        "/home/user/inbox/./a.txt",
        "/home/user/inbox/a%5C..%5Cb.txt",
        "inbox/a.txt",
    ] {
        let answer = Probe::put("spoiled").header(&host).send(&at(&uploads, path))?;
        rows.add(format!("upload to {path}"), SIGNER, "controller", OUTSIDE, answer.outcome());
    }
    let seen = if platform.names_in(&sandbox.id, "/home/user")? == before { "none" } else { "some" };
    rows.add("new files outside", "nobody", "controller", "none", seen);
    let seen = client.text("read", json!({ "id": sandbox.id, "path": "/home/user/inbox/a.txt" }))?;
    rows.add("nothing was overwritten", client.name(), "controller", "/home/user/inbox/a.txt", seen);

    let inside = "/home/user/inbox/a.txt";
    for (step, url, expected) in [
        ("no path", downloads.clone(), "400 malformed request"),
        ("the path twice", at(&at(&downloads, inside), inside), "400 malformed request"),
        (
            "a wider directory",
            at(&replace(&downloads, "signature_directory", "/home/user/"), inside),
            "401 invalid signature",
        ),
        (
            "a deeper directory",
            at(&replace(&downloads, "signature_directory", "/home/user/inbox/deep/"), inside),
            "401 invalid signature",
        ),
        ("uploads, used to download", at(&uploads, inside), "401 invalid signature"),
    ] {
        let answer = Probe::get().header(&host).send(&url)?;
        rows.add(format!("download: {step}"), SIGNER, "controller", expected, answer.outcome());
    }
    Ok(())
}
