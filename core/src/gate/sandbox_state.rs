//! What the look-up of an edge returns for a sandbox.

use crate::value::token::TrafficToken;

/// What the edge knows of a sandbox: the caller's look-up.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SandboxState<'a> {
    /// Whether public traffic is restricted.
    pub restricted: bool,
    /// Which generation of the sandbox's traffic credentials is the current one (v2).
    pub generation: u32,
    /// The sandbox's traffic token, of either format, where the edge is handed each one's instead of what they derive from.
    /// One of v2 takes precedence over a keyring for its key id. One that begins with `sg2t.` and is no token fails closed:
    /// it opens nothing.
    pub traffic_token: Option<&'a TrafficToken>,
}

impl<'a> SandboxState<'a> {
    /// A sandbox that anyone may reach.
    #[must_use]
    pub const fn public() -> Self {
        Self { restricted: false, generation: 0, traffic_token: None }
    }

    /// A sandbox that takes its traffic token. An edge without a keyring must be given that token.
    #[must_use]
    pub const fn restricted() -> Self {
        Self { restricted: true, ..Self::public() }
    }

    /// With the generation that is the current one, if it is not 0.
    #[must_use]
    pub const fn generation(self, generation: u32) -> Self {
        Self { generation, ..self }
    }

    /// With the token that is stored beside the sandbox.
    #[must_use]
    pub const fn traffic_token(self, token: &'a TrafficToken) -> Self {
        Self { traffic_token: Some(token), ..self }
    }
}
