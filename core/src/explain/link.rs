//! A link as people paste it: with or without scheme, host, path and fragment.

use crate::encoding::bytes::split_once;

/// The parts of a link. Nothing is decoded.
#[derive(Clone, Copy)]
pub(super) struct Link<'t> {
    /// Empty where the text begins with the path or the query.
    pub(super) host: &'t [u8],
    pub(super) path: &'t [u8],
    pub(super) query: Option<&'t [u8]>,
}

impl<'t> Link<'t> {
    pub(super) fn split(text: &'t [u8]) -> Self {
        let text = split_once(text, b'#').map_or(text, |(before, _)| before);
        let (before, query) = split_once(text, b'?').map_or((text, None), |(before, query)| (before, Some(query)));
        let at = before.windows(3).position(|three| three == b"://");
        let after_scheme = at.and_then(|at| before.get(at.saturating_add(3)..)).unwrap_or(before);
        let path = after_scheme.iter().position(|byte| *byte == b'/').unwrap_or(after_scheme.len());
        let (host, path) = after_scheme.split_at_checked(path).unwrap_or_default();
        Self { host, path, query }
    }
}
