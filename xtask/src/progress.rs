//! What a command is doing now, on stderr: stdout may be read by a program.

use std::io::{IsTerminal, Write, stderr};
use std::sync::atomic::{AtomicBool, Ordering};

/// Clears the line that the cursor is on.
const CLEAR: &str = "\r\x1b[2K";
/// Longer lines would wrap on a terminal, and what wraps cannot be rewritten.
const WIDTH: usize = 79;

/// Whether a progress line stands on the terminal.
static SHOWN: AtomicBool = AtomicBool::new(false);

/// Tells of a step: on a terminal it replaces the step before, elsewhere it is a line.
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
