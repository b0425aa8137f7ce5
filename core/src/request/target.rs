//! Checks that every server after an edge reads a request target as the same path and query.
//!
//! Forwarders and URL parsers differ: some drop the part after a `#`, read `\` as `/`, strip control bytes, merge slashes,
//! or decode an escape twice. Then the path that arrives is not the one that the edge screened.

use crate::encoding::percent::{BadEscape, decode_path};

/// Whether the target begins with `/` and contains no `#`, no `\` and no control byte.
pub(crate) fn is_plain(path: &[u8], query: &[u8]) -> bool {
    let is_odd = |byte: &u8| matches!(byte, b'#' | b'\\') || byte.is_ascii_control();
    path.starts_with(b"/") && !path.iter().chain(query).any(is_odd)
}

/// Whether a path stays the same if slashes are merged or if its decoded form is parsed again. It has no `//`, and its
/// decoded form contains no `%` (a second escape), `?`, `#`, `\` or control byte.
pub(crate) fn is_final(path: &[u8]) -> Result<bool, BadEscape> {
    let is_parsed = |byte: u8| matches!(byte, b'%' | b'?' | b'#' | b'\\') || byte.is_ascii_control();
    let merges = path.windows(2).any(|pair| pair == b"//");
    Ok(!decode_path(path)?.any(is_parsed) && !merges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_target_is_in_origin_form() {
        for target in ["/", "/files", "//a", "/%23%5c%00", "/a;b=c:d@e!$&'()*+,"] {
            assert!(is_plain(target.as_bytes(), b"a=b&c=%zz?/"), "{target}");
        }
        for target in ["", "*", "x", "http://x/", "?", "/a#b", "/a\\b", "/a\tb", "/a\x7f", "/\0"] {
            assert!(!is_plain(target.as_bytes(), b""), "{target}");
            assert!(!is_plain(b"/", format!("{target}#").as_bytes()), "{target}");
        }
    }

    #[test]
    fn final_path_has_nothing_left_to_decode() {
        for path in ["/", "/files", "/%66iles", "/%2e/init", "/a%2F..%2Finit", "/a/../b", "/é"] {
            assert_eq!(is_final(path.as_bytes()), Ok(true), "{path}");
        }
        for path in [
            "//init",
            "/a//b",
            "/%252e",
            "/%252Finit",
            "/%2569nit",
            "/%25",
            "/init%3f",
            "/init%23",
            "/a%5cb",
            "/init%00",
        ] {
            assert_eq!(is_final(path.as_bytes()), Ok(false), "{path}");
        }
        assert!(is_final(b"/%2").is_err());
    }
}
