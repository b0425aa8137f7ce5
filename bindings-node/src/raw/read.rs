//! What reading a text finds.

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    Text,
    /// `undefined` or `null`.
    Absent,
    /// Something else than text.
    Other,
    LoneSurrogate,
}
