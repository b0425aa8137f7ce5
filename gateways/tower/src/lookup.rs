//! How an edge finds the state of a sandbox.

use sandgate::{Route, SandboxState, TrafficToken};
use std::future::Future;

/// The state of a sandbox, as a look-up returns it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sandbox {
    /// Whether public traffic is restricted.
    pub restricted: bool,
    /// The current generation of the sandbox's traffic credentials (v2).
    pub generation: u32,
    /// The sandbox's traffic token, for an edge that does not derive it.
    pub traffic_token: Option<TrafficToken>,
}

impl Sandbox {
    /// A sandbox that anyone may reach.
    #[must_use]
    pub fn public() -> Self {
        Self::default()
    }

    /// A sandbox that requires its traffic token.
    #[must_use]
    pub fn restricted() -> Self {
        Self { restricted: true, ..Self::default() }
    }

    /// The state, as core reads it.
    #[must_use]
    pub const fn state(&self) -> SandboxState<'_> {
        let state = if self.restricted { SandboxState::restricted() } else { SandboxState::public() };
        let state = state.generation(self.generation);
        match &self.traffic_token {
            Some(token) => state.traffic_token(token),
            None => state,
        }
    }
}

/// The state of a sandbox cannot be found out now. The request is refused with 503.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateUnavailable;

impl std::fmt::Display for StateUnavailable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the state of the sandbox is not available")
    }
}

impl std::error::Error for StateUnavailable {}

/// Finds the state of the sandbox of a route. A function that takes a [`Route`] and returns a future is one.
pub trait Lookup: Send + Sync + 'static {
    /// Returns the state of the sandbox; none if there is no such sandbox.
    ///
    /// The request was not checked yet: it may name any sandbox.
    fn lookup(&self, route: Route) -> impl Future<Output = Result<Option<Sandbox>, StateUnavailable>> + Send;
}

impl<F, T> Lookup for F
where
    F: Fn(Route) -> T + Send + Sync + 'static,
    T: Future<Output = Result<Option<Sandbox>, StateUnavailable>> + Send,
{
    fn lookup(&self, route: Route) -> impl Future<Output = Result<Option<Sandbox>, StateUnavailable>> + Send {
        self(route)
    }
}
