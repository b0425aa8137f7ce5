//! Questions that are open: one at a time about a sandbox, and not too many in all.

use super::known::Failed;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use sandgate_tower::Sandbox;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// How many questions may be open. Anyone can ask about sandboxes that do not exist, before a credential is looked at.
const MOST: usize = 256;

pub(super) type Answer = Result<Option<Sandbox>, Failed>;

/// An id, and the epoch of the cache. After a change nobody waits for an answer from before it.
type Key = (String, u64);

#[derive(Clone)]
pub(super) struct Questions {
    open: Arc<Mutex<HashMap<Key, Shared<BoxFuture<'static, Answer>>>>>,
    permits: Arc<Semaphore>,
}

impl Questions {
    pub(super) fn new() -> Self {
        Self { open: Arc::default(), permits: Arc::new(Semaphore::new(MOST)) }
    }

    /// Returns the answer of the open question about this id, or asks.
    ///
    /// Who joins gets an answer that is at most as old as one question may take.
    pub(super) async fn ask<F>(&self, id: &str, epoch: u64, limit: Duration, asked: impl FnOnce() -> F) -> Answer
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let key = (id.to_owned(), epoch);
        let shared = {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            match open.get(&key) {
                Some(shared) => shared.clone(),
                None => {
                    let shared = self.start(key.clone(), limit, asked());
                    open.insert(key, shared.clone());
                    shared
                }
            }
        };
        shared.await
    }

    /// A task of its own: it ends although the one that asked first has gone.
    fn start(
        &self,
        key: Key,
        limit: Duration,
        asked: impl Future<Output = Answer> + Send + 'static,
    ) -> Shared<BoxFuture<'static, Answer>> {
        let questions = self.clone();
        let task = tokio::spawn(async move {
            let answer = match timeout(limit, questions.permits.acquire()).await {
                Ok(Ok(_permit)) => asked.await,
                Ok(Err(_)) | Err(_) => Err(Failed::Busy),
            };
            questions.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
            answer
        });
        task.map(|ended| ended.unwrap_or(Err(Failed::Busy))).boxed().shared()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const SHORT: Duration = Duration::from_millis(100);
    const LONG: Duration = Duration::from_secs(120);

    /// Asks about ids at once, and returns the answers with the number of questions that the store got.
    async fn ask_all(
        ids: impl Iterator<Item = (String, u64)>,
        takes: Duration,
        limit: Duration,
    ) -> (Vec<Answer>, usize) {
        let (questions, asked) = (Questions::new(), Arc::new(AtomicUsize::new(0)));
        let waiting = ids.map(|(id, epoch)| {
            let (questions, asked) = (questions.clone(), Arc::clone(&asked));
            async move {
                let question = || async move {
                    asked.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(takes).await;
                    Ok(None)
                };
                questions.ask(&id, epoch, limit, question).await
            }
        });
        let answers = futures_util::future::join_all(waiting).await;
        assert!(questions.open.lock().unwrap().is_empty());
        (answers, asked.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn one_question_is_asked_about_a_sandbox_until_something_changes() {
        let ids = (0..100).map(|index| ("a".to_owned(), index / 50));
        let (answers, asked) = ask_all(ids, SHORT, LONG).await;
        assert_eq!((answers.len(), asked), (100, 2));
        assert!(answers.iter().all(|answer| *answer == Ok(None)));
    }

    #[tokio::test]
    async fn questions_are_bounded() {
        let ids = (0..MOST + 10).map(|index| (index.to_string(), 0));
        let (answers, asked) = ask_all(ids, SHORT * 20, SHORT).await;
        assert_eq!((asked, answers.iter().filter(|answer| **answer == Err(Failed::Busy)).count()), (MOST, 10));
    }
}
