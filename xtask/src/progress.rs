//! The progress of a command, on stderr, because a program may read stdout.

use std::io::{IsTerminal, Write, stderr};
use std::sync::atomic::{AtomicBool, Ordering};

/// Clears the line that the cursor is on.
const CLEAR: &str = "\r\x1b[2K";
/// Longer lines would wrap on a terminal, and a wrapped line cannot be rewritten.
const WIDTH: usize = 79;

/// Whether a progress line is on the terminal.
static SHOWN: AtomicBool = AtomicBool::new(false);

/// Reports a step. On a terminal it replaces the previous step, elsewhere it is a new line.
pub(crate) fn step(text: &str) {
    let text: String = text.chars().take(WIDTH).collect();
    if stderr().is_terminal() {
        SHOWN.store(true, Ordering::Relaxed);
        eprint!("{CLEAR}{text} …");
        drop(stderr().flush());
    } else {
        eprintln!("{text} …");
    }
}

/// Removes the progress line from the terminal, before other output.
pub(crate) fn clear() {
    if SHOWN.swap(false, Ordering::Relaxed) {
        eprint!("{CLEAR}");
        drop(stderr().flush());
    }
}
