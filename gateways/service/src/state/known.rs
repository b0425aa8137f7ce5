//! What is known of a store that is elsewhere: its answers, whether changes are heard of, and whether it is there.

use super::cache::Cache;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Why a store gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failed {
    /// It cannot be reached, takes too long, or is not ready itself.
    Away,
    /// Too many questions are open. That says nothing about the store.
    Busy,
    /// It answers with something that is no sandbox. An older answer would hide that, so none is used.
    WrongData,
}

pub(super) struct Known {
    cache: Mutex<Cache>,
    follows: AtomicBool,
    /// Failures since the last answer.
    failures: AtomicU32,
}

/// How many failures in a row say that a store is away. One slow answer is none.
const AWAY: u32 = 3;

impl Known {
    /// `follows` says that the cache may be used although nobody tells of changes.
    pub(super) fn new(cache_size: usize, follows: bool) -> Self {
        Self { cache: Mutex::new(Cache::new(cache_size)), follows: follows.into(), failures: 0.into() }
    }

    /// Changes are heard of from now on. What was remembered before may have changed meanwhile.
    pub(super) fn followed(&self) {
        self.cache().distrust();
        self.follows.store(true, Ordering::Release);
    }

    pub(super) fn unfollowed(&self) {
        self.follows.store(false, Ordering::Release);
    }

    /// Whether answers may be used again.
    pub(super) fn follows(&self) -> bool {
        self.follows.load(Ordering::Acquire)
    }

    /// Counts a question that the store answered or not.
    pub(super) fn asked(&self, answered: bool) {
        let failures = if answered { 0 } else { self.failures.load(Ordering::Relaxed).saturating_add(1) };
        self.failures.store(failures, Ordering::Relaxed);
    }

    /// Whether the store answered the last question.
    pub(super) fn is_answering(&self) -> bool {
        self.failures.load(Ordering::Relaxed) == 0
    }

    pub(super) fn is_up(&self) -> bool {
        self.failures.load(Ordering::Relaxed) < AWAY
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
