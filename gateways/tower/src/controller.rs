//! The controller's rule in front of a service.

use crate::allowed::Allowed;
use crate::given::{Given, Provider, always, context, setters};
use crate::received::Received;
use crate::refusal::Refusal;
use futures_util::future::{Either, Ready, ready};
use http::request::Parts;
use http::{Request, Response};
use http_body::Body;
use sandgate::Controller;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Guards a service inside a sandbox with the controller's rule.
///
/// An allowed request reaches the service with an [`Allowed`] in its extensions. So does a CORS preflight, without an
/// [`Allowed`], unless the controller waits for its token.
#[derive(Clone)]
pub struct ControllerLayer {
    controller: Provider<Controller>,
    given: Given,
}

impl ControllerLayer {
    /// A layer with one controller.
    #[must_use]
    pub fn new(controller: Controller) -> Self {
        Self { controller: always(controller), given: Given::default() }
    }

    /// A layer that asks for the current controller once per request, for a server whose token is replaced while it runs.
    #[must_use]
    pub fn with(controller: impl Fn() -> Arc<Controller> + Send + Sync + 'static) -> Self {
        Self { controller: Arc::new(controller), given: Given::default() }
    }

    setters!();

    /// None: a preflight, which goes on unchecked.
    fn check(&self, parts: &Parts, ended: bool) -> Result<Option<Allowed>, Refusal> {
        let given = self.given.context_of(parts);
        let context = context(given.as_deref())?;
        let received = Received::new(parts, ended);
        let allowed = (self.controller)().guard(&received.head(context), self.given.now());
        Ok(allowed.map_err(Refusal::by_controller)?.map(Allowed::from))
    }
}

impl<S> Layer<S> for ControllerLayer {
    type Service = ControllerService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ControllerService { inner, layer: self.clone() }
    }
}

impl std::fmt::Debug for ControllerLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ControllerLayer")
    }
}

/// A service behind [`ControllerLayer`].
#[derive(Clone, Debug)]
pub struct ControllerService<S> {
    inner: S,
    layer: ControllerLayer,
}

impl<S, B, R> Service<Request<B>> for ControllerService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    B: Body,
    R: From<String>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<Response<R>, S::Error>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (mut parts, body) = request.into_parts();
        // Only this layer says what was verified.
        parts.extensions.remove::<Allowed>();
        match self.layer.check(&parts, body.is_end_stream()) {
            Ok(allowed) => {
                allowed.and_then(|allowed| parts.extensions.insert(allowed));
                Either::Left(self.inner.call(Request::from_parts(parts, body)))
            }
            Err(refusal) => {
                self.layer.given.tell(&parts, &refusal);
                Either::Right(ready(Ok(refusal.into_response())))
            }
        }
    }
}
