//! Where the edge has the traffic tokens from.

/// Where the edge has the traffic tokens from.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum EdgeTokens {
    /// It is handed each sandbox's, and could not make one.
    Stored,
    /// It derives them, and could derive v1's access tokens too.
    Derived,
}
