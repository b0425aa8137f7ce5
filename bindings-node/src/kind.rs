//! The classes of the errors that natives throw.

/// The class of an error.
pub(crate) enum Kind {
    Error,
    TypeError,
    RangeError,
}

impl Kind {
    #[cfg(not(target_family = "wasm"))]
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Error => "Error",
            Self::TypeError => "TypeError",
            Self::RangeError => "RangeError",
        }
    }
}
