//! The wire format of a sandbox's tokens.

use serde::Deserialize;

/// A wire format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Version {
    /// The format that the SDKs of E2B and Novita sign.
    V1,
    /// The stronger format.
    V2,
}
