//! A store that is elsewhere: bounded in time, cached, and with a rule for the time in which it is away.

use super::http::Http;
use super::known::{Failed, Known};
use super::questions::{Answer, Questions};
use super::redis::Redis;
use crate::config::{Remote, StateTable};
use crate::metrics::Metrics;
use sandgate::SandboxId;
use sandgate_tower::{Sandbox, StateUnavailable};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often a store that is away is asked.
const LOOK_EVERY: Duration = Duration::from_millis(500);

enum Source {
    Redis(Redis),
    Http(Http),
}

pub(crate) struct RemoteState {
    source: Source,
    settings: Remote,
    known: Known,
    questions: Questions,
    /// Whether the store was ready once.
    was_ready: AtomicBool,
    metrics: Arc<Metrics>,
}

impl RemoteState {
    /// None if the state is a file.
    ///
    /// # Errors
    /// If a password cannot be read.
    pub(crate) fn new(table: &StateTable, settings: Remote, metrics: Arc<Metrics>) -> anyhow::Result<Option<Self>> {
        let source = match table {
            StateTable::File(_) => return Ok(None),
            StateTable::Redis(table) => Source::Redis(Redis::new(table, settings.timeout())?),
            StateTable::Http(table) => Source::Http(Http::new(table)),
        };
        // Nobody tells of changes over HTTP: the time to live is the bound.
        let known = Known::new(settings.cache_size, matches!(source, Source::Http(_)));
        let (questions, was_ready) = (Questions::new(), AtomicBool::new(false));
        Ok(Some(Self { source, settings, known, questions, was_ready, metrics }))
    }

    /// Reads the password again.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) fn reload(&self, table: &StateTable) -> anyhow::Result<()> {
        match (&self.source, table) {
            (Source::Redis(redis), StateTable::Redis(table)) => redis.reload(table),
            _ => Ok(()),
        }
    }

    /// Listens to changes as long as the service runs, and looks whether a store that was away is back.
    pub(crate) async fn follow(self: Arc<Self>) {
        let Ok(nobody) = SandboxId::try_from("readiness") else { return };
        match &self.source {
            Source::Redis(redis) => drop(tokio::join!(redis.follow(&self.known), self.look_for(&nobody))),
            Source::Http(_) => self.look_for(&nobody).await,
        }
    }

    /// Asks while the store is away. A service that is not ready gets no request by which it would notice.
    async fn look_for(&self, nobody: &SandboxId) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if !self.known.is_answering() {
                let _ = self.ask(nobody).await;
            }
        }
    }

    async fn ask(&self, id: &SandboxId) -> Answer {
        let asked = async {
            match &self.source {
                Source::Redis(redis) => redis.find(id).await,
                Source::Http(http) => http.find(id).await,
            }
        };
        let answer = tokio::time::timeout(self.settings.timeout(), asked).await.unwrap_or(Err(Failed::Away));
        self.known.asked(answer != Err(Failed::Away));
        answer
    }

    pub(crate) async fn find(self: &Arc<Self>, id: &SandboxId) -> Result<Option<Sandbox>, StateUnavailable> {
        let ttl = if self.known.follows() { self.settings.ttl() } else { Duration::ZERO };
        let (known, epoch) = {
            let cache = self.known.cache();
            (cache.fresh(id.as_str(), ttl), cache.epoch())
        };
        self.metrics.cache(known.is_some());
        if let Some(found) = known {
            return Ok(found);
        }
        let (store, asked) = (Arc::clone(self), *id);
        let question = || async move { store.ask(&asked).await };
        match self.questions.ask(id.as_str(), epoch, self.settings.timeout(), question).await {
            Ok(found) => {
                self.known.cache().put(id.as_str(), found.clone(), epoch);
                Ok(found)
            }
            Err(Failed::WrongData) => {
                self.metrics.store_error("wrong_data");
                tracing::error!(sandbox = %id, "the store has wrong data");
                self.known.forget(id.as_str());
                Err(StateUnavailable)
            }
            Err(failed @ (Failed::Away | Failed::Busy)) => {
                self.metrics.store_error(if failed == Failed::Away { "away" } else { "busy" });
                self.known.cache().get(id.as_str(), self.settings.stale()).ok_or(StateUnavailable)
            }
        }
    }

    /// With `away = "stale"` a service that was ready stays so: old answers are of use only if requests arrive.
    pub(super) fn is_ready(&self) -> bool {
        let is_up = self.is_up();
        let was_ready = self.was_ready.fetch_or(is_up, Ordering::Relaxed);
        is_up || (was_ready && !self.settings.stale().is_zero())
    }

    /// Whether the store answers, and tells of changes.
    pub(super) fn is_up(&self) -> bool {
        self.known.is_up() && self.known.follows()
    }
}
