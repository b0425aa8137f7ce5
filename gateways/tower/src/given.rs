//! What an application gives to a layer, apart from its secrets: a clock, a context, a hook.

use crate::refusal::Refusal;
use http::request::Parts;
use sandgate::{Context, UnixSeconds};
use std::sync::Arc;

/// Returns the current controller or edge.
pub(crate) type Provider<T> = Arc<dyn Fn() -> Arc<T> + Send + Sync>;

pub(crate) fn always<T: Send + Sync + 'static>(value: T) -> Provider<T> {
    let value = Arc::new(value);
    Arc::new(move || Arc::clone(&value))
}

type Clock = Arc<dyn Fn() -> UnixSeconds + Send + Sync>;
type ContextOf = Arc<dyn Fn(&Parts) -> Option<Vec<u8>> + Send + Sync>;
type OnRefusal = Arc<dyn Fn(&Parts, &Refusal) + Send + Sync>;

#[derive(Clone, Default)]
pub(crate) struct Given {
    pub(crate) clock: Option<Clock>,
    pub(crate) context: Option<ContextOf>,
    pub(crate) on_refusal: Option<OnRefusal>,
}

impl Given {
    pub(crate) fn now(&self) -> UnixSeconds {
        self.clock.as_ref().map_or_else(UnixSeconds::now, |clock| clock())
    }

    pub(crate) fn context_of(&self, parts: &Parts) -> Option<Vec<u8>> {
        self.context.as_ref().and_then(|context| context(parts))
    }

    pub(crate) fn tell(&self, parts: &Parts, refusal: &Refusal) {
        if let Some(on_refusal) = &self.on_refusal {
            on_refusal(parts, refusal);
        }
    }
}

/// A context that is empty or too long is the application's mistake, so nothing is allowed with it.
pub(crate) fn context(given: Option<&[u8]>) -> Result<Option<Context<'_>>, Refusal> {
    given.map(Context::try_from).transpose().map_err(|_| Refusal::context())
}

/// Adds the setters that both layers have.
macro_rules! setters {
    () => {
        /// Sets the clock, in place of the system's.
        #[must_use]
        pub fn clock(mut self, clock: impl Fn() -> sandgate::UnixSeconds + Send + Sync + 'static) -> Self {
            self.given.clock = Some(std::sync::Arc::new(clock));
            self
        }

        /// Sets the function that returns the context for which v2 credentials were signed, 1 to 255 bytes. Another length
        /// answers 500, and the request is not allowed.
        #[must_use]
        pub fn context(
            mut self,
            context: impl Fn(&http::request::Parts) -> Option<Vec<u8>> + Send + Sync + 'static,
        ) -> Self {
            self.given.context = Some(std::sync::Arc::new(context));
            self
        }

        /// Sets a function that is called with the head and the refusal before the answer is sent, for logs and counters. It
        /// must not block. The head contains credentials: do not log all of it.
        #[must_use]
        pub fn on_refusal(
            mut self,
            on_refusal: impl Fn(&http::request::Parts, &crate::Refusal) + Send + Sync + 'static,
        ) -> Self {
            self.given.on_refusal = Some(std::sync::Arc::new(on_refusal));
            self
        }
    };
}
pub(crate) use setters;
