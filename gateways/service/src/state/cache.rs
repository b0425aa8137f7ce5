//! A small bounded cache of look-ups, with a time to live.

use sandgate_tower::Sandbox;
use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// The answers of a store. `None` is an answer too: there is no such sandbox.
///
/// Sandboxes that do not exist have few rows of their own. Questions about many of them push out no other answer.
pub(super) struct Cache {
    found: Rows,
    missing: Rows,
    /// Increases with every change, so that an answer that was asked for before a change is not stored after it.
    epoch: u64,
    /// Answers from before are of use only while the store is away: changes may have been missed.
    trusted_from: Instant,
}

impl Cache {
    pub(super) fn new(size: usize) -> Self {
        Self { found: Rows::new(size), missing: Rows::new(size.div_ceil(10)), epoch: 0, trusted_from: Instant::now() }
    }

    /// Returns an answer that is at most this old, and that no change can have outdated.
    pub(super) fn fresh(&self, id: &str, age: Duration) -> Option<Option<Sandbox>> {
        self.get(id, age.min(self.trusted_from.elapsed()))
    }

    /// Returns an answer that is at most this old, for a store that is away.
    pub(super) fn get(&self, id: &str, age: Duration) -> Option<Option<Sandbox>> {
        self.found.get(id, age).or_else(|| self.missing.get(id, age))
    }

    /// Changes may have been missed until now.
    pub(super) fn distrust(&mut self) {
        self.epoch += 1;
        self.trusted_from = Instant::now();
    }

    /// The epoch in which a question is asked.
    pub(super) const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Stores an answer, unless something changed since its question.
    pub(super) fn put(&mut self, id: &str, found: Option<Sandbox>, epoch: u64) {
        if epoch != self.epoch {
            return;
        }
        let (into, other) =
            if found.is_some() { (&mut self.found, &mut self.missing) } else { (&mut self.missing, &mut self.found) };
        other.entries.remove(id);
        into.put(id, found);
    }

    /// Forgets one sandbox.
    pub(super) fn forget(&mut self, id: &str) {
        self.epoch += 1;
        self.found.entries.remove(id);
        self.missing.entries.remove(id);
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.epoch += 1;
        self.found.clear();
        self.missing.clear();
    }
}

/// A bounded number of answers.
struct Rows {
    entries: HashMap<String, Entry>,
    /// Ids in the order in which they were stored. The oldest one goes first.
    order: VecDeque<(String, u64)>,
    size: usize,
    stored: u64,
}

struct Entry {
    found: Option<Sandbox>,
    at: Instant,
    number: u64,
}

impl Rows {
    fn new(size: usize) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), size, stored: 0 }
    }

    fn get(&self, id: &str, age: Duration) -> Option<Option<Sandbox>> {
        let entry = self.entries.get(id)?;
        (entry.at.elapsed() < age).then(|| entry.found.clone())
    }

    fn put(&mut self, id: &str, found: Option<Sandbox>) {
        if self.size == 0 {
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

    fn clear(&mut self) {
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
        assert_eq!(cache.fresh("b", AGE * 100), Some(None));
        cache.distrust();
        assert_eq!((cache.fresh("b", AGE * 100), cache.get("b", AGE * 100)), (None, Some(None)));
        cache.put("b", None, cache.epoch());
        assert_eq!(cache.fresh("b", AGE * 100), Some(None));
        cache.clear();
        assert_eq!(cache.get("b", AGE * 100), None);
    }

    #[test]
    fn cache_is_bounded_and_an_answer_from_before_a_change_is_not_stored() {
        let (mut cache, there) = (Cache::new(2), Some(Sandbox::public()));
        for id in ["a", "b", "a", "c"] {
            cache.put(id, there.clone(), 0);
        }
        let got = ["b", "a", "c"].map(|id| cache.get(id, AGE * 100));
        assert_eq!(got, [None, Some(there.clone()), Some(there.clone())]);
        assert!(cache.found.order.len() <= 2 && cache.found.entries.len() <= 2);
        for id in 0..100 {
            cache.put(&id.to_string(), None, 0);
        }
        assert_eq!(cache.get("a", AGE * 100), Some(there.clone()), "sandboxes that do not exist push nothing out");
        assert_eq!((cache.get("98", AGE * 100), cache.get("99", AGE * 100)), (None, Some(None)));
        cache.put("a", None, 0);
        assert_eq!(cache.get("a", AGE * 100), Some(None), "the newer answer counts");
        let epoch = cache.epoch();
        cache.forget("c");
        cache.put("c", None, epoch);
        assert_eq!(cache.get("c", AGE), None);
        let mut none = Cache::new(0);
        none.put("a", None, 0);
        assert_eq!(none.get("a", AGE), None);
    }
}
