//! One line per operation: what it does, its name, and how often valgrind saw it depend on a secret, with tabs between.
//!
//! The lane that runs this program says what each kind must report.

use crate::request::{errors, is_hidden};
use std::hint::black_box;

/// Makes a secret, and says whether valgrind still knows that it is one. If not, nothing was checked.
pub(crate) fn derives<T>(name: &str, make: impl FnOnce() -> T) -> T {
    let before = errors();
    let made = black_box(make());
    let kind = if is_hidden(&made) { "derives" } else { "loses" };
    println!("{kind}\t{name}\t{}", errors() - before);
    made
}

/// Writes a URL, which shows its signature: where it has a `+` or a `/`, the URL has an escape.
pub(crate) fn publishes(name: &str, publish: impl FnOnce()) {
    let before = errors();
    publish();
    println!("publishes\t{name}\t{}", errors() - before);
}

/// Answers yes or no, which is not a secret.
pub(crate) fn decides(name: &str, expected: bool, decide: impl FnOnce() -> bool) {
    let before = errors();
    let decided = black_box(decide());
    println!("decides\t{name}\t{}", errors() - before);
    assert_eq!(decided, expected, "{name}");
}

/// A control: an operation that is not constant time.
pub(crate) fn leaks(name: &str, leak: impl FnOnce() -> usize) {
    let before = errors();
    black_box(leak());
    println!("leaks\t{name}\t{}", errors() - before);
}
