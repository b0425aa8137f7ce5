//! The edge's rule in front of a service that forwards.

use crate::edge_rule::{EdgeRule, Permitted};
use crate::forwarded::rewrite;
use crate::given::{Given, context, setters};
use crate::lookup::Lookup;
use crate::received::Received;
use crate::refusal::Refusal;
use http::request::Parts;
use http::{Request, Response};
use http_body::Body;
use sandgate::{Code, Denied, Edge, Gate};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Guards a service that forwards to sandboxes with the edge's rule.
///
/// An allowed request reaches the service without the edge's credentials, with the [`Route`](sandgate::Route) and the
/// [`Passed`](sandgate::Passed) in its extensions. A connection that outlives its request may be cut at `passed.expires()`.
pub struct EdgeLayer<L> {
    rule: EdgeRule<L>,
    given: Given,
}

impl<L: Lookup> EdgeLayer<L> {
    /// A layer with one edge.
    #[must_use]
    pub fn new(edge: Edge, lookup: L) -> Self {
        Self { rule: EdgeRule::new(edge, lookup), given: Given::default() }
    }

    /// A layer that asks for the current edge once per request, for a server whose seeds are replaced while it runs.
    #[must_use]
    pub fn with(edge: impl Fn() -> Arc<Edge> + Send + Sync + 'static, lookup: L) -> Self {
        Self { rule: EdgeRule::with(edge, lookup), given: Given::default() }
    }

    setters!();

    /// Decides, then removes the credentials from the head.
    async fn check(&self, parts: &mut Parts, ended: bool) -> Result<(), Refusal> {
        let permitted = self.decide(parts, ended).await?;
        // No allowed request is known to be one that cannot be rewritten.
        rewrite(parts).map_err(|_| {
            Refusal::by_edge(Denied::new(Gate::InternalRoute, Code::Malformed), Some(&permitted.route), b"")
        })?;
        parts.extensions.insert(permitted.route);
        parts.extensions.insert(permitted.passed);
        Ok(())
    }

    async fn decide(&self, parts: &Parts, ended: bool) -> Result<Permitted, Refusal> {
        let given = self.given.context_of(parts);
        let context = context(given.as_deref())?;
        let received = Received::new(parts, ended);
        self.rule.decide(&received.head(context), self.given.now()).await
    }
}

impl<L> Clone for EdgeLayer<L> {
    fn clone(&self) -> Self {
        Self { rule: self.rule.clone(), given: self.given.clone() }
    }
}

impl<L, S> Layer<S> for EdgeLayer<L> {
    type Service = EdgeService<L, S>;

    fn layer(&self, inner: S) -> Self::Service {
        EdgeService { inner, layer: self.clone() }
    }
}

impl<L> std::fmt::Debug for EdgeLayer<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EdgeLayer")
    }
}

/// A service behind [`EdgeLayer`].
#[derive(Debug)]
pub struct EdgeService<L, S> {
    inner: S,
    layer: EdgeLayer<L>,
}

impl<L, S: Clone> Clone for EdgeService<L, S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: self.layer.clone() }
    }
}

impl<L, S, B, R> Service<Request<B>> for EdgeService<L, S>
where
    L: Lookup,
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
    R: From<String>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The clone may not be ready, so the service that is takes the request.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        let layer = self.layer.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match layer.check(&mut parts, body.is_end_stream()).await {
                Ok(()) => inner.call(Request::from_parts(parts, body)).await,
                Err(refusal) => {
                    layer.given.tell(&parts, &refusal);
                    Ok(refusal.into_response())
                }
            }
        })
    }
}
