//! Throwing: JavaScript does, and all of this module's frames are gone at once.

use crate::kind::Kind;
use alloc::string::String;

/// A JavaScript exception. Creating one never returns, so no caller checks for it.
pub(crate) enum Thrown {}

#[link(wasm_import_module = "sandgate")]
unsafe extern "C" {
    /// Throws a `kind` with these texts, which are ASCII. No frame needs to be dropped, because JavaScript overwrites memory and resets the stack.
    fn throw(kind: u32, code: *const u8, code_len: usize, message: *const u8, message_len: usize) -> !;
}

impl Thrown {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(kind: Kind, code: &str, message: String) -> Self {
        // SAFETY: both texts stay where they are until JavaScript has read them.
        unsafe { throw(kind as u32, code.as_ptr(), code.len(), message.as_ptr(), message.len()) }
    }
}
