//! Request targets that every reader behind an edge takes for the same path and query.
//!
//! Forwarders and URL parsers differ: some drop what follows a `#`, read `\` as `/`, strip control bytes, merge slashes, or
//! decode an escape a second time. The path that an edge has screened is then not the one that arrives.

use crate::encoding::percent::{BadEscape, decode_path};

/// Whether the target begins with `/` and holds no `#`, no `\` and no control byte.
pub(crate) fn is_plain(path: &[u8], query: &[u8]) -> bool {
    let is_odd = |byte: &u8| matches!(byte, b'#' | b'\\') || byte.is_ascii_control();
    path.starts_with(b"/") && !path.iter().chain(query).any(is_odd)
}

/// Whether a path stays the same path when slashes are merged, and when what is decoded is parsed again: no `//`, and decoded
/// neither `%` (a second escape) nor `?`, `#`, `\` and control bytes.
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
    fn a_final_path_has_nothing_left_to_parse() {
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
