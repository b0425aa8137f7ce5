//! A small bounded cache of look-ups, with a time to live.

use sandgate_tower::Sandbox;
use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// The answers of a store. `None` is an answer too: there is no such sandbox.
pub(super) struct Cache {
    entries: HashMap<String, Entry>,
    /// Ids in the order in which they were stored. The oldest one goes first.
    order: VecDeque<(String, u64)>,
    size: usize,
    /// Increases with every change, so that an answer that was asked for before a change is not stored after it.
    epoch: u64,
    stored: u64,
}

struct Entry {
    found: Option<Sandbox>,
    at: Instant,
    number: u64,
}

impl Cache {
    pub(super) fn new(size: usize) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), size, epoch: 0, stored: 0 }
    }

    /// Returns an answer that is at most this old.
    pub(super) fn get(&self, id: &str, age: Duration) -> Option<Option<Sandbox>> {
        let entry = self.entries.get(id)?;
        (entry.at.elapsed() < age).then(|| entry.found.clone())
    }

    /// The epoch in which a question is asked.
    pub(super) const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Stores an answer, unless something changed since its question.
    pub(super) fn put(&mut self, id: &str, found: Option<Sandbox>, epoch: u64) {
        if epoch != self.epoch || self.size == 0 {
            return;
        }
        self.stored += 1;
        self.entries.insert(id.to_owned(), Entry { found, at: Instant::now(), number: self.stored });
        self.order.push_back((id.to_owned(), self.stored));
        while self.order.len() > self.size {
            let Some((oldest, number)) = self.order.pop_front() else { break };
            if self.entries.get(&oldest).is_some_and(|entry| entry.number == number) {
                self.entries.remove(&oldest);
            }
        }
    }

    /// Forgets one sandbox.
    pub(super) fn forget(&mut self, id: &str) {
        self.epoch += 1;
        self.entries.remove(id);
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.epoch += 1;
        self.entries.clear();
        self.order.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGE: Duration = Duration::from_millis(200);

    #[test]
    fn answers_age_and_are_forgotten() {
        let mut cache = Cache::new(2);
        cache.put("a", Some(Sandbox::restricted()), 0);
        cache.put("b", None, 0);
        assert_eq!(cache.get("a", AGE), Some(Some(Sandbox::restricted())));
        assert_eq!(cache.get("b", AGE), Some(None));
        assert_eq!(cache.get("c", AGE), None);
        cache.forget("a");
        assert_eq!(cache.get("a", AGE), None);
        std::thread::sleep(AGE);
        assert_eq!(cache.get("b", AGE), None);
        assert_eq!(cache.get("b", AGE * 100), Some(None));
        cache.clear();
        assert_eq!(cache.get("b", AGE * 100), None);
    }

    #[test]
    fn cache_is_bounded_and_an_answer_from_before_a_change_is_not_stored() {
        let mut cache = Cache::new(2);
        for id in ["a", "b", "a", "c"] {
            cache.put(id, None, 0);
        }
        assert_eq!((cache.get("b", AGE), cache.get("a", AGE), cache.get("c", AGE)), (None, Some(None), Some(None)));
        assert!(cache.order.len() <= 2 && cache.entries.len() <= 2);
        let epoch = cache.epoch();
        cache.forget("c");
        cache.put("c", None, epoch);
        assert_eq!(cache.get("c", AGE), None);
        let mut none = Cache::new(0);
        none.put("a", None, 0);
        assert_eq!(none.get("a", AGE), None);
    }
}
