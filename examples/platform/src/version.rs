//! Which wire format a sandbox's tokens are of.

use serde::Deserialize;

/// A wire format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Version {
    /// What the SDKs of E2B and Novita sign.
    V1,
    /// The stronger one beside it.
    V2,
}
