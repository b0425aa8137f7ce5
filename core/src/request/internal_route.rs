//! The controller's routes that only the platform may call, from inside its network.

use crate::encoding::percent::{BadEscape, decode_path};

const INTERNAL_ROUTES: [&str; 7] = ["/init", "/upgrade", "/freeze", "/unfreeze", "/fsfreeze", "/fsthaw", "/collapse"];

/// Segments are truncated to this length, which is longer than any internal route.
const SEGMENT: usize = 16;

/// Returns the internal route that a raw path leads to. The path is decoded once and cleaned: empty segments and `.` are
/// dropped, `..` removes the segment before it, and a trailing `/` is ignored.
pub(crate) fn internal_route(path: &[u8]) -> Result<Option<&'static str>, BadEscape> {
    let mut cleaned = Cleaned::default();
    for byte in decode_path(path)? {
        if byte == b'/' { cleaned.end_segment() } else { cleaned.push(byte) }
    }
    cleaned.end_segment();
    Ok(cleaned.only_segment().and_then(|segment| {
        INTERNAL_ROUTES.into_iter().find(|route| route.as_bytes().strip_prefix(b"/") == Some(segment))
    }))
}

/// The part of a cleaned path that is needed to recognise a route of one segment.
#[derive(Default)]
struct Cleaned {
    depth: usize,
    first: Segment,
    current: Segment,
}

#[derive(Clone, Copy, Default)]
struct Segment {
    bytes: [u8; SEGMENT],
    len: usize,
}

impl Segment {
    /// Returns the segment, or none if it was truncated.
    fn whole(&self) -> Option<&[u8]> {
        self.bytes.get(..self.len)
    }
}

impl Cleaned {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.current.bytes.get_mut(self.current.len) {
            *place = byte;
        }
        self.current.len = self.current.len.saturating_add(1);
    }

    fn end_segment(&mut self) {
        let segment = core::mem::take(&mut self.current);
        match segment.whole() {
            Some(b"" | b".") => {}
            Some(b"..") => self.depth = self.depth.saturating_sub(1),
            _ => {
                if self.depth == 0 {
                    self.first = segment;
                }
                self.depth = self.depth.saturating_add(1);
            }
        }
    }

    fn only_segment(&self) -> Option<&[u8]> {
        if self.depth == 1 { self.first.whole() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::internal_route;
    use proptest::prelude::*;

    #[test]
    fn every_spelling_of_an_internal_route_is_found() {
        for path in [
            "/init",
            "/init/",
            "//init",
            "/./init",
            "/x/../init",
            "/%69nit",
            "/a%2f..%2Finit",
            "/../init/.",
            "init",
            "/%2e/init",
        ] {
            assert_eq!(internal_route(path.as_bytes()), Ok(Some("/init")), "{path}");
        }
        for path in [
            "/",
            "",
            "/initx",
            "/init/x",
            "/INIT",
            "/x/init",
            "/init/..",
            "/%2569nit",
            "/init%00",
            "/init+",
            "/collapse.",
            "/..init",
        ] {
            assert_eq!(internal_route(path.as_bytes()), Ok(None), "{path}");
        }
        assert!(internal_route(b"/init%").is_err());
    }

    fn naive(path: &str) -> Option<String> {
        let decoded = percent_encoding::percent_decode_str(path).collect::<Vec<u8>>();
        let mut stack: Vec<&[u8]> = Vec::new();
        for segment in decoded.split(|byte| *byte == b'/') {
            match segment {
                b"" | b"." => {}
                b".." => drop(stack.pop()),
                _ => stack.push(segment),
            }
        }
        let names = ["init", "upgrade", "freeze", "unfreeze", "fsfreeze", "fsthaw", "collapse"];
        let [only] = stack[..] else { return None };
        names.into_iter().find(|name| name.as_bytes() == only).map(|name| format!("/{name}"))
    }

    proptest! {
        #[test]
        fn it_is_what_a_stack_of_segments_gives(path in "((/|%2F|%2e|\\.|\\.\\.|init|%69nit|fsthaw|collapse|a-segment-longer-than-most|x)/?){0,8}") {
            prop_assert_eq!(internal_route(path.as_bytes()).unwrap().map(str::to_owned), naive(&path));
        }
    }
}
