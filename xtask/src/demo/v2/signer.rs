//! Signs URLs with a sandbox's access token, and asks for new tokens.

use crate::demo::platform::Platform;
use crate::demo::probe::Probe;
use crate::demo::sandbox::Sandbox;
use anyhow::Context;
use sandgate::v2::{FileUrl, FileUrlKey};
use sandgate::{AccessToken, UnixSeconds};
use std::time::SystemTime;

/// Who signed, in the rows.
pub(super) const SIGNER: &str = "sandgate";

pub(super) struct Signer<'a> {
    key: FileUrlKey,
    edge: &'a str,
}

impl<'a> Signer<'a> {
    pub(super) fn new(platform: &'a Platform, access_token: &str) -> anyhow::Result<Self> {
        Ok(Self { key: FileUrlKey::new(&AccessToken::try_from(access_token)?)?, edge: platform.edge() })
    }

    pub(super) fn url(&self, file: &FileUrl<'_>) -> anyhow::Result<String> {
        let mut url = String::new();
        self.key.write_url(&mut url, self.edge, file)?;
        Ok(url)
    }
}

pub(super) fn now() -> anyhow::Result<i64> {
    Ok(UnixSeconds::try_from(SystemTime::now())?.get())
}

/// A minute from now.
pub(super) fn soon() -> anyhow::Result<UnixSeconds> {
    Ok(UnixSeconds::new(now()? + 60))
}

/// The sandbox with the tokens that it gets when some are revoked.
pub(super) fn rotate(platform: &Platform, sandbox: &Sandbox, which: &str) -> anyhow::Result<Sandbox> {
    let url = format!("{}/sandboxes/{}/credentials/rotate", platform.api(), sandbox.id);
    let key = format!("X-API-Key: {}", platform.api_key());
    let answer = Probe::json(which).header(&key).send(&url)?;
    serde_json::from_str(answer.body()).with_context(|| answer.outcome())
}
