//! What is known of a store that is elsewhere: its answers, whether changes are heard of, and whether it is there.

use super::cache::Cache;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Why a store gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failed {
    /// It cannot be reached, or takes too long.
    Away,
    /// It answers with something that is no sandbox. An older answer would hide that, so none is used.
    WrongData,
}

pub(super) struct Known {
    cache: Mutex<Cache>,
    follows: AtomicBool,
    up: AtomicBool,
}

impl Known {
    /// `follows` says that the cache may be used although nobody tells of changes.
    pub(super) fn new(cache_size: usize, follows: bool) -> Self {
        Self { cache: Mutex::new(Cache::new(cache_size)), follows: follows.into(), up: true.into() }
    }

    /// Changes are heard of from now on. What was remembered before may have changed meanwhile.
    pub(super) fn followed(&self) {
        self.forget_all();
        self.follows.store(true, Ordering::Release);
        self.set_up(true);
    }

    pub(super) fn unfollowed(&self) {
        self.follows.store(false, Ordering::Release);
    }

    /// Whether answers may be used again.
    pub(super) fn follows(&self) -> bool {
        self.follows.load(Ordering::Acquire)
    }

    pub(super) fn set_up(&self, up: bool) {
        self.up.store(up, Ordering::Relaxed);
    }

    pub(super) fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }

    pub(super) fn forget(&self, id: &str) {
        self.cache().forget(id);
    }

    pub(super) fn forget_all(&self) {
        self.cache().clear();
    }

    pub(super) fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
