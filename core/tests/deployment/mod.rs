//! The deployment that `vectors/guard.json` and `vectors/life.json` describe: an edge, its sandboxes, and controllers.

use sandgate::{AccessToken, Carrier, Carriers, Controller, Edge, Policy, SandboxState, v1, v2};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub(crate) struct EdgeSetup {
    v1_seed: String,
    v2_kid: String,
    v2_seed_hex: String,
    pub(crate) sandboxes: BTreeMap<String, Sandbox>,
}

#[derive(Deserialize)]
pub(crate) struct Sandbox {
    restricted: bool,
    generation: u32,
}

impl EdgeSetup {
    /// An edge with the seeds of both wire formats, which looks everywhere for a credential.
    pub(crate) fn edge(&self) -> Edge {
        let seed = hex::decode(&self.v2_seed_hex).unwrap();
        let v2 = v2::Keyring::new(self.v2_kid.parse().unwrap(), &seed).unwrap();
        let v1 = v1::Keyring::new(self.v1_seed.as_bytes()).unwrap();
        let policy = Policy::default().carriers(Carriers::of(&Carrier::ALL));
        Edge::new(policy).v1_keyring(v1).v2_keyring(v2.traffic().clone())
    }
}

impl Sandbox {
    pub(crate) fn state(&self) -> SandboxState<'static> {
        let state = if self.restricted { SandboxState::restricted() } else { SandboxState::public() };
        state.generation(self.generation)
    }
}

/// The controller that requires one of these tokens; open without one.
pub(crate) fn controller(tokens: &[String]) -> Controller {
    let tokens: Vec<_> = tokens.iter().map(|token| AccessToken::try_from(token.as_str()).unwrap()).collect();
    if tokens.is_empty() { Controller::open() } else { Controller::new(&tokens, Policy::default()).unwrap() }
}

/// Each character of the tables is one byte.
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}
