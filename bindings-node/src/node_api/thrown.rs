//! What a native throws.

use crate::kind::Kind;
use std::boxed::Box;
use std::string::String;

/// A JavaScript exception.
pub(crate) enum Thrown {
    /// One that is pending already, from code of the caller's.
    Pending,
    /// One to be made.
    Fresh(Box<Fresh>),
}

pub(crate) struct Fresh {
    pub(super) kind: Kind,
    pub(super) code: String,
    pub(super) message: String,
}

impl Thrown {
    #[cold]
    pub(crate) fn new(kind: Kind, code: &str, message: String) -> Self {
        Self::Fresh(Box::new(Fresh { kind, code: code.into(), message }))
    }
}
