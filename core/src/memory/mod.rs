//! Storage of secrets: wiping, lists that are filled in place, and cleaning the stack after a call.

pub(crate) mod residue;
pub(crate) mod slots;
pub(crate) mod wipe;
