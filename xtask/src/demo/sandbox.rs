//! A sandbox, from the data of the SDK that made it.

use super::platform::DOMAIN;
use anyhow::Context;
use serde::Deserialize;

/// The controller's port.
pub(crate) const CONTROLLER: u16 = 49983;
/// The port of the program that the sandbox's user runs.
pub(crate) const WEB: u16 = 8080;

/// Parsed from the SDKs' scripts and from the control API.
#[derive(Deserialize)]
pub(crate) struct Sandbox {
    #[serde(alias = "sandboxID")]
    pub(crate) id: String,
    #[serde(alias = "envdAccessToken")]
    access_token: Option<String>,
    #[serde(alias = "trafficAccessToken")]
    traffic_token: Option<String>,
}

impl Sandbox {
    pub(crate) fn host(&self, port: u16) -> String {
        format!("Host: {port}-{}.{DOMAIN}", self.id)
    }

    pub(crate) fn has_access_token(&self) -> bool {
        self.access_token.is_some()
    }

    pub(crate) fn has_traffic_token(&self) -> bool {
        self.traffic_token.is_some()
    }

    pub(crate) fn access_token(&self) -> anyhow::Result<&str> {
        self.access_token.as_deref().context("no access token")
    }

    pub(crate) fn traffic_token(&self) -> anyhow::Result<&str> {
        self.traffic_token.as_deref().context("no traffic token")
    }

    pub(crate) fn compared(&self, other: &Self) -> &'static str {
        let is_same = self.access_token == other.access_token && self.traffic_token == other.traffic_token;
        if is_same { "the same tokens" } else { "others" }
    }

    /// The secrets that must not appear in a log.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = String> + use<> {
        self.access_token.clone().into_iter().chain(self.traffic_token.clone())
    }
}
