//! The edge's rule for a head: route, look-up, decision.

use crate::given::{Provider, always};
use crate::lookup::Lookup;
use crate::refusal::Refusal;
use sandgate::{Edge, Head, Passed, Route, UnixSeconds};
use std::sync::Arc;

/// What a request may reach, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permitted {
    /// The sandbox and the port.
    pub route: Route,
    /// Why the request may pass.
    pub passed: Passed,
}

/// An edge and its look-up: the whole decision about a head, for servers that forward nothing themselves. [`EdgeLayer`](crate::EdgeLayer)
/// uses it too.
pub struct EdgeRule<L> {
    edge: Provider<Edge>,
    lookup: Arc<L>,
}

impl<L: Lookup> EdgeRule<L> {
    /// A rule with one edge.
    #[must_use]
    pub fn new(edge: Edge, lookup: L) -> Self {
        Self { edge: always(edge), lookup: Arc::new(lookup) }
    }

    /// A rule that asks for the current edge once per request, for a server whose seeds are replaced while it runs.
    #[must_use]
    pub fn with(edge: impl Fn() -> Arc<Edge> + Send + Sync + 'static, lookup: L) -> Self {
        Self { edge: Arc::new(edge), lookup: Arc::new(lookup) }
    }

    /// Decides about a request. The look-up is asked only for a request that an edge would forward to some sandbox.
    ///
    /// # Errors
    /// The refusal, with its answer.
    pub async fn decide(&self, head: &Head<'_>, now: UnixSeconds) -> Result<Permitted, Refusal> {
        // The same edge for both steps: it may be replaced while the look-up waits.
        let edge = (self.edge)();
        let route = edge.route(head).map_err(|denied| Refusal::by_edge(denied, None, head.target()))?;
        let found = self.lookup.lookup(route).await.map_err(|_| Refusal::state_unavailable(&route))?;
        let sandbox = found.ok_or_else(|| Refusal::unknown_sandbox(&route))?;
        match edge.guard(&route, sandbox.state(), head, now) {
            Ok(passed) => Ok(Permitted { route, passed }),
            Err(denied) => {
                let carrier = edge.carrier(&route, sandbox.state(), &head.request());
                Err(Refusal::by_edge(denied, Some(&route), head.target()).found_in(carrier))
            }
        }
    }
}

impl<L> Clone for EdgeRule<L> {
    fn clone(&self) -> Self {
        Self { edge: Arc::clone(&self.edge), lookup: Arc::clone(&self.lookup) }
    }
}

impl<L> std::fmt::Debug for EdgeRule<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EdgeRule")
    }
}
