//! One sandbox, as a state file, a look-up or a hash describes it.

use anyhow::Context;
use sandgate::TrafficToken;
use sandgate_tower::Sandbox;
use serde::Deserialize;

/// A sandbox that does not say so is restricted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(default = "yes")]
    pub(super) restricted: bool,
    #[serde(default)]
    pub(super) generation: u32,
    pub(super) traffic_token: Option<String>,
}

const fn yes() -> bool {
    true
}

impl Row {
    pub(super) fn sandbox(self) -> anyhow::Result<Sandbox> {
        let token = self.traffic_token.map(zeroize::Zeroizing::new);
        let traffic_token = token.map(|token| TrafficToken::try_from(token.as_str())).transpose();
        let traffic_token = traffic_token.context("traffic_token")?;
        Ok(Sandbox { restricted: self.restricted, generation: self.generation, traffic_token })
    }
}
