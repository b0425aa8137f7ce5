//! Work that runs at the same time.

use anyhow::{Context, anyhow};
use std::num::NonZero;
use std::sync::Mutex;
use std::thread;

/// Handles every item, as many at a time as there are processors, and returns the results in the order of the items. After an
/// error the other items are handled too.
pub(crate) fn side_by_side<T: Send, R: Send>(
    items: impl IntoIterator<Item = T>,
    handle: impl Fn(T) -> anyhow::Result<R> + Sync,
) -> anyhow::Result<Vec<R>> {
    let items: Vec<T> = items.into_iter().collect();
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let workers = processors.min(items.len());
    let (waiting, done) = (Mutex::new(items.into_iter().enumerate()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        let work = || {
            loop {
                let next = waiting.lock().map_err(|_| anyhow!("a worker panicked"))?.next();
                let Some((index, item)) = next else { return anyhow::Ok(()) };
                let result = handle(item);
                done.lock().map_err(|_| anyhow!("a worker panicked"))?.push((index, result));
            }
        };
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow!("a worker panicked"))?)
    })?;
    let mut done = done.into_inner().ok().context("a worker panicked")?;
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::ensure;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        assert_eq!(
            side_by_side(0..100, |item| Ok(item * 2)).unwrap(),
            (0..100).map(|item| item * 2).collect::<Vec<_>>()
        );
    }

    #[test]
    fn after_an_error_the_other_items_are_handled() {
        let handled = Mutex::new(0);
        let done = side_by_side(0..100, |item| {
            *handled.lock().unwrap() += 1;
            ensure!(item != 0, "item {item}");
            Ok(())
        });
        assert_eq!((done.unwrap_err().to_string().as_str(), handled.into_inner().unwrap()), ("item 0", 100));
    }
}
