//! The clock of a sandbox: it starts, stops, and ends the sandbox.

use crate::deadline::Deadline;
use crate::platform::Platform;
use crate::sandbox::{Life, Sandbox};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, sleep_until};

impl Sandbox {
    fn end(&self) -> Option<Instant> {
        self.deadline.lock().unwrap_or_else(PoisonError::into_inner).end
    }

    /// For the answer to a query; none if it does not end by itself.
    pub(crate) fn ends_at(&self) -> Option<SystemTime> {
        SystemTime::now().checked_add(self.end()?.saturating_duration_since(Instant::now()))
    }

    /// A paused sandbox does not end.
    pub(crate) fn stop_clock(&self) {
        self.deadline.lock().unwrap_or_else(PoisonError::into_inner).end = None;
    }
}

impl Platform {
    /// The sandbox ends so many seconds from now.
    pub(crate) fn set_timeout(self: &Arc<Self>, sandbox: &Arc<Sandbox>, seconds: u32) {
        let timeout = Duration::from_secs(seconds.into());
        let end = Instant::now() + timeout;
        *sandbox.deadline.lock().unwrap_or_else(PoisonError::into_inner) =
            Deadline { timeout: Some(timeout), end: Some(end) };
        self.watch(sandbox, end);
    }

    /// A running sandbox may get more time this way, but not less.
    pub(crate) fn extend(self: &Arc<Self>, sandbox: &Arc<Sandbox>, seconds: u32) {
        let end = Instant::now() + Duration::from_secs(seconds.into());
        if sandbox.end().is_some_and(|before| before < end) {
            self.set_timeout(sandbox, seconds);
        }
    }

    /// A sandbox that was woken gets the time that it had when it was started.
    pub(crate) fn restart_clock(self: &Arc<Self>, sandbox: &Arc<Sandbox>) {
        let timeout = sandbox.deadline.lock().unwrap_or_else(PoisonError::into_inner).timeout;
        if let Some(timeout) = timeout {
            self.set_timeout(sandbox, u32::try_from(timeout.as_secs()).unwrap_or(u32::MAX));
        }
    }

    fn watch(self: &Arc<Self>, sandbox: &Arc<Sandbox>, end: Instant) {
        // It keeps neither alive.
        let (platform, sandbox) = (Arc::downgrade(self), Arc::downgrade(sandbox));
        tokio::spawn(async move {
            sleep_until(end).await;
            if let (Some(platform), Some(sandbox)) = (platform.upgrade(), sandbox.upgrade()) {
                platform.expire(&sandbox, end).await;
            }
        });
    }

    async fn expire(&self, sandbox: &Arc<Sandbox>, end: Instant) {
        let mut life = sandbox.life.lock().await;
        // Another end may have been set meanwhile, or the sandbox was paused.
        if sandbox.end() != Some(end) || !matches!(*life, Life::Running(_)) {
            return;
        }
        eprintln!("sandbox {}: its time is over", sandbox.id);
        if sandbox.plan.pauses {
            sandbox.stop(&mut life, Life::Paused).await;
        } else if self.sandboxes.remove(&sandbox.id).is_some() {
            sandbox.stop(&mut life, Life::Ended).await;
            sandbox.home.remove().await;
        }
    }
}
