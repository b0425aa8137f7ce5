//! A store that is elsewhere: bounded in time, cached, and with a rule for the time in which it is away.

use super::cache::Cache;
use super::http::Http;
use super::redis::Redis;
use crate::config::{Remote, StateTable};
use crate::metrics::Metrics;
use sandgate::SandboxId;
use sandgate_tower::{Sandbox, StateUnavailable};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Why a store gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failed {
    /// It cannot be reached, or takes too long.
    Away,
    /// It answers with something that is no sandbox. An older answer would hide that, so none is used.
    WrongData,
}

enum Source {
    Redis(Redis),
    Http(Http),
}

pub(crate) struct RemoteState {
    source: Source,
    settings: Remote,
    cache: Mutex<Cache>,
    /// Whether changes are heard of, so that answers may be used again.
    follows: AtomicBool,
    up: AtomicBool,
    metrics: Arc<Metrics>,
}

impl RemoteState {
    /// None if the state is a file.
    ///
    /// # Errors
    /// If the address is none, or a password cannot be read.
    pub(crate) fn new(table: &StateTable, settings: Remote, metrics: Arc<Metrics>) -> anyhow::Result<Option<Self>> {
        let source = match table {
            StateTable::File(_) => return Ok(None),
            StateTable::Redis(table) => Source::Redis(Redis::new(table, settings.timeout())?),
            StateTable::Http(table) => Source::Http(Http::new(table)?),
        };
        // Nobody tells of changes over HTTP: the time to live is the bound.
        let follows = matches!(source, Source::Http(_)).into();
        let cache = Mutex::new(Cache::new(settings.cache_size));
        Ok(Some(Self { source, settings, cache, follows, up: AtomicBool::new(true), metrics }))
    }

    /// Listens to changes as long as the service runs, and looks whether a store that was away is back.
    pub(crate) async fn follow(self: Arc<Self>) {
        if let Source::Redis(redis) = &self.source {
            redis.follow(Arc::clone(&self)).await;
        }
    }

    pub(crate) async fn find(&self, id: &SandboxId) -> Result<Option<Sandbox>, StateUnavailable> {
        let ttl = if self.follows.load(Ordering::Acquire) { self.settings.ttl() } else { Duration::ZERO };
        let (known, epoch) = {
            let cache = self.cache();
            (cache.get(id.as_str(), ttl), cache.epoch())
        };
        self.metrics.cache(known.is_some());
        if let Some(found) = known {
            return Ok(found);
        }
        let asked = async {
            match &self.source {
                Source::Redis(redis) => redis.find(id).await,
                Source::Http(http) => http.find(id).await,
            }
        };
        let answer = tokio::time::timeout(self.settings.timeout(), asked).await.unwrap_or(Err(Failed::Away));
        self.up.store(answer != Err(Failed::Away), Ordering::Relaxed);
        match answer {
            Ok(found) => {
                self.cache().put(id.as_str(), found.clone(), epoch);
                Ok(found)
            }
            Err(Failed::WrongData) => {
                self.metrics.store_error("wrong_data");
                tracing::error!(sandbox = %id, "the store has wrong data");
                self.cache().forget(id.as_str());
                Err(StateUnavailable)
            }
            Err(Failed::Away) => {
                self.metrics.store_error("away");
                self.cache().get(id.as_str(), self.settings.stale()).ok_or(StateUnavailable)
            }
        }
    }

    pub(super) fn is_ready(&self) -> bool {
        self.up.load(Ordering::Relaxed) && self.follows.load(Ordering::Relaxed)
    }

    /// Changes are heard of from now on. What was remembered before may have changed meanwhile.
    pub(super) fn followed(&self) {
        self.forget_all();
        self.follows.store(true, Ordering::Release);
        self.up.store(true, Ordering::Relaxed);
    }

    pub(super) fn unfollowed(&self) {
        self.follows.store(false, Ordering::Release);
    }

    pub(super) fn forget(&self, id: &str) {
        self.cache().forget(id);
    }

    pub(super) fn forget_all(&self) {
        self.cache().clear();
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
