//! A platform that stays after the checks, and URLs to try on it.

use super::platform::{DOMAIN, Platform};
use super::probe::Probe;
use super::sandbox::{CONTROLLER, Sandbox};
use crate::setup::Tools;
use anyhow::{Context, ensure};
use sandgate::v1::{FileUrl, FileUrlKey};
use sandgate::{AccessToken, UnixSeconds};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::time::SystemTime;

const PATH: &str = "/home/user/hello.txt";
const HOUR: i64 = 3600;

/// Starts a platform with one sandbox, prints a URL that opens and one that expired, and waits for SIGINT or SIGTERM.
pub(crate) fn hold(tools: &Tools) -> anyhow::Result<()> {
    // Before the platform starts, so that a signal cannot leave it running.
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let mut platform = Platform::start(tools, "kept", &[])?;
    let (opens, expired) = urls(&platform)?;
    println!("This URL opens for an hour, in a browser or with curl:");
    println!("{opens}");
    println!("This one expired a minute ago, and the controller refuses it with 401:");
    println!("{expired}");
    println!("Quote them in a shell: curl 'URL'. `cargo xtask inspector` explains them. Ctrl-C stops the platform.");
    signals.forever().next();
    let status = platform.stop()?;
    ensure!(status.success(), "the platform: {status}");
    Ok(())
}

/// Returns a URL of a file that opens, and one of the same file that expired.
fn urls(platform: &Platform) -> anyhow::Result<(String, String)> {
    let key = format!("X-API-Key: {}", platform.api_key());
    let answer = Probe::json(r#"{"templateID":"base"}"#).header(&key).send(&format!("{}/sandboxes", platform.api()))?;
    let sandbox: Sandbox = serde_json::from_str(answer.body()).with_context(|| answer.outcome())?;
    let port = platform.edge().rsplit(':').next().context("the edge has no port")?;
    // Browsers and curl resolve every name below localhost to 127.0.0.1 by themselves.
    let base = format!("http://{CONTROLLER}-{}.{DOMAIN}:{port}", sandbox.id);
    let signer = FileUrlKey::new(&AccessToken::try_from(sandbox.access_token()?)?)?;
    let now = UnixSeconds::try_from(SystemTime::now())?.get();
    let sign = |file: FileUrl<'_>, expires: i64| {
        let mut url = String::new();
        signer.write_url(&mut url, &base, &file.expires(expires.into()))?;
        anyhow::Ok(url)
    };
    let text = format!("This is {PATH} of sandbox {}. The signature in the URL let you read it.\n", sandbox.id);
    let answer = Probe::bytes(&text).send(&sign(FileUrl::upload(PATH.as_bytes()), now + 60)?)?;
    ensure!(answer.status() == "200", "upload: {}", answer.outcome());
    let download = FileUrl::download(PATH.as_bytes());
    Ok((sign(download, now + HOUR)?, sign(download, now - 60)?))
}
