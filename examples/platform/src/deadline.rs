//! When a sandbox ends by itself.

use std::time::Duration;
use tokio::time::Instant;

#[derive(Clone, Copy, Default)]
pub(crate) struct Deadline {
    /// The time that a sandbox gets when it is woken; none: it does not end.
    pub(crate) timeout: Option<Duration>,
    pub(crate) end: Option<Instant>,
}
