//! The source of the edge's traffic tokens.

/// The source of the edge's traffic tokens.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum EdgeTokens {
    /// The edge gets each sandbox's token, and could not derive one.
    Stored,
    /// The edge derives them, and could derive v1's access tokens too.
    Derived,
}
