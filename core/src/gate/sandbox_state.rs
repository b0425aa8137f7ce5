//! The state of a sandbox, which an edge's look-up returns.

use crate::value::token::TrafficToken;

/// The state of a sandbox, from the caller's look-up.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SandboxState<'a> {
    /// Whether public traffic is restricted.
    pub restricted: bool,
    /// The current generation of the sandbox's traffic credentials (v2).
    pub generation: u32,
    /// The sandbox's traffic token, of either format, for an edge that does not derive it. One of v2 takes precedence over
    /// a keyring for its key id. Text that begins with `sg2t.` but is not a token fails closed: it opens nothing.
    pub traffic_token: Option<&'a TrafficToken>,
}

impl<'a> SandboxState<'a> {
    /// A sandbox that anyone may reach.
    #[must_use]
    pub const fn public() -> Self {
        Self { restricted: false, generation: 0, traffic_token: None }
    }

    /// A sandbox that requires its traffic token. An edge without a keyring needs that token here.
    #[must_use]
    pub const fn restricted() -> Self {
        Self { restricted: true, ..Self::public() }
    }

    /// Sets the current generation, 0 by default.
    #[must_use]
    pub const fn generation(self, generation: u32) -> Self {
        Self { generation, ..self }
    }

    /// Sets the token that is stored with the sandbox.
    #[must_use]
    pub const fn traffic_token(self, token: &'a TrafficToken) -> Self {
        Self { traffic_token: Some(token), ..self }
    }
}
