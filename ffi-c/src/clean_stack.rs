//! Functions that make, move or change keys.

use crate::pointer::result;
use crate::result::sandgate_result;
use sandgate::clean_stack;

/// More than core uses. Firmware has less stack.
const STACK: usize = if cfg!(target_os = "none") { 4096 } else { 16_384 };

/// Runs code that handles keys below this frame, then overwrites the stack that it used: Rust moves keys by copying them.
pub(crate) fn with_keys(run: impl FnOnce() -> Result<(), sandgate_result>) -> sandgate_result {
    clean_stack::<STACK, _>(|| result(run()))
}
