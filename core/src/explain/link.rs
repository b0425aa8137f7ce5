//! A link as people paste it: with or without scheme, host, path and fragment.

use crate::encoding::bytes::split_once;

/// The parts of a link. Nothing is decoded.
#[derive(Clone, Copy)]
pub(super) struct Link<'t> {
    /// Empty where the text begins with the path or the query.
    pub(super) host: &'t [u8],
    /// Without the slash before it.
    pub(super) path: &'t [u8],
    pub(super) query: Option<&'t [u8]>,
}

impl<'t> Link<'t> {
    pub(super) fn split(text: &'t [u8]) -> Self {
        let text = split_once(text, b'#').map_or(text, |(before, _)| before);
        let (before, query) = split_once(text, b'?').map_or((text, None), |(before, query)| (before, Some(query)));
        let host_and_path = after_scheme(before);
        let (host, path) = split_once(host_and_path, b'/').unwrap_or((host_and_path, b""));
        Self { host, path, query }
    }
}

/// What follows the first `://`, or everything.
fn after_scheme(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while let Some((_, after)) = split_once(rest, b':') {
        if let Some(found) = after.strip_prefix(b"//") {
            return found;
        }
        rest = after;
    }
    text
}
