//! Where secrets stand and how they go: wiping, lists that are filled in place, the stack that calls leave behind.

pub(crate) mod residue;
pub(crate) mod slots;
pub(crate) mod wipe;
