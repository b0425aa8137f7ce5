//! Credentials of an edge that stand somewhere inside a text, found by their shape.
//!
//! Headers in which proxies repeat a host or a URL have many shapes: lists, quotes, schemes, URLs within URLs. A client may
//! escape any character of a credential, and each URL around it escapes the `%` once more. So each character is read through
//! all of its escapes, and nothing else is parsed.

use crate::encoding::percent::hex_digit;
use crate::request::route::SignedPart;
use crate::v2::PASS_PREFIX;

/// Hands `text` on without the signed parts of host labels (`8080-abc-` and 34 characters before a dot: the last dash and what
/// follows it) and without passes (`sg2p.` and the characters that a pass may have).
pub(crate) fn scrub(text: &[u8], out: &mut dyn FnMut(&[u8])) {
    let (mut kept, mut rest, mut label) = (text, text, Label::default());
    while let Some((byte, after)) = character(rest) {
        let credential = match byte {
            b'-' if label.has_id => after_signed_part(after),
            b's' => after_pass(rest),
            _ => None,
        };
        if let Some(left) = credential {
            out(without_end(kept, rest));
            (kept, rest, label) = (left, left, Label::default());
        } else {
            label = label.then(byte, without_end(rest, after));
            rest = after;
        }
    }
    out(kept);
}

/// `text` up to its end `end`.
fn without_end<'a>(text: &'a [u8], end: &[u8]) -> &'a [u8] {
    text.get(..text.len().wrapping_sub(end.len())).unwrap_or_default()
}

/// The first character, however often it is escaped, and what follows it.
fn character(text: &[u8]) -> Option<(u8, &[u8])> {
    let (first, after) = text.split_first()?;
    let mut digits = after;
    while let [b'2', b'5', inner @ ..] = digits {
        digits = inner;
    }
    if let (b'%', [high, low, rest @ ..]) = (first, digits)
        && let (Some(high), Some(low)) = (hex_digit(high), hex_digit(low))
    {
        return Some(((high << 4) | low, rest));
    }
    Some((*first, after))
}

/// How the text so far ends: like a part of `{port}-{sandbox_id}`?
#[derive(Clone, Copy, Default)]
struct Label {
    after_digit: bool,
    after_port: bool,
    has_id: bool,
}

impl Label {
    /// The same after one more character, which is spelled like this.
    fn then(self, byte: u8, spelling: &[u8]) -> Self {
        Self {
            // Of a bad escape the digit may count.
            after_digit: byte.is_ascii_digit() || spelling.last().is_some_and(u8::is_ascii_digit),
            after_port: byte == b'-' && self.after_digit,
            has_id: byte.is_ascii_alphanumeric() && (self.after_port || self.has_id),
        }
    }
}

/// What follows the 34 characters of a signed part, where that is a dot.
fn after_signed_part(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    for _ in 0..SignedPart::LEN {
        (_, rest) = character(rest).filter(|(byte, _)| byte.is_ascii_alphanumeric())?;
    }
    matches!(character(rest), Some((b'.', _))).then_some(rest)
}

/// What follows a pass.
fn after_pass(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    for expected in PASS_PREFIX {
        (_, rest) = character(rest).filter(|(byte, _)| byte == expected)?;
    }
    while let Some((_, after)) = character(rest).filter(|(byte, _)| may_be_in_pass(*byte)) {
        rest = after;
    }
    Some(rest)
}

fn may_be_in_pass(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::scrub;
    use proptest::prelude::*;

    fn scrubbed(text: &str) -> String {
        let mut out = Vec::new();
        scrub(text.as_bytes(), &mut |piece| out.extend_from_slice(piece));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn credentials_are_cut_out_wherever_they_stand() {
        let part = "a0ts17k1abcdefghijklmnopqrstuvwxyz";
        let pass = "sg2p.k.8080.1800000000.OHkLyKF2vWvCJr3s7tckCwYKf4N6tGm-n5iOahbm_zs";
        for (text, left) in [
            ("8080-abc-P.e2b.app", "8080-abc.e2b.app"),
            ("8080-abc-P.e2b.app:443, proxy.test", "8080-abc.e2b.app:443, proxy.test"),
            (
                "for=1.2.3.4;host=\"8080-abc-P.e2b.app\";proto=https",
                "for=1.2.3.4;host=\"8080-abc.e2b.app\";proto=https",
            ),
            ("https://u@8080-abc-P.e2b.app/a-b?c", "https://u@8080-abc.e2b.app/a-b?c"),
            ("/go?to=https%3A%2F%2F8080-ABC-P.e2b.app%2F", "/go?to=https%3A%2F%2F8080-ABC.e2b.app%2F"),
            ("1-a-P.x 2-b-P.y", "1-a.x 2-b.y"),
            ("/go?to=%2F%3Fsandgate_traffic%3DT%26b", "/go?to=%2F%3Fsandgate_traffic%3D%26b"),
            ("TT", ""),
            ("sg2p.", ""),
            ("/a?x=%73g2p%2ek%2E8080%252e1%25252Ex%26b", "/a?x=%26b"),
            ("https://8080%2Dabc%252DP%2Ee2b.app", "https://8080%2Dabc%2Ee2b.app"),
            ("%38-%61-P%25252e", "%38-%61%25252e"),
            // No character at all to a reader that knows UTF-8.
            ("%80-abc-P.e2b.app", "%80-abc.e2b.app"),
            ("%25sg2p.x %2 sg2p.x%", "%25 %2 %"),
        ] {
            let text = text.replace('P', part).replace('T', pass);
            assert_eq!(scrubbed(&text), left, "{text}");
        }
    }

    #[test]
    fn all_else_stays() {
        let part = "a0ts17k1abcdefghijklmnopqrstuvwxyz";
        for text in [
            "",
            "-",
            "8080-abc.e2b.app",
            "8080-abc-anything.e2b.app",
            "my-proxy-P.test",
            "8080-abc-P",
            "8080-abc-Pa.e2b.app",
            "8080--P.e2b.app",
            "-abc-P.e2b.app",
            "/2024-01-02-report.pdf?a-b-c=1",
            "sg2a.k.x",
            "%73g2a.k",
            "8080%20abc-P.e2b.app",
            "%25252525zz%",
        ] {
            let text = text.replace('P', part);
            assert_eq!(scrubbed(&text), text);
        }
    }

    proptest! {
        /// Whatever is escaped, and however often: no reader that decodes the text finds a credential in it.
        #[test]
        fn no_escape_hides_a_credential(escapes in proptest::collection::vec(0_usize..4, 60..100), signed: bool) {
            let credential = if signed {
                "8080-abc-a0ts17k1abcdefghijklmnopqrstuvwxyz."
            } else {
                "sg2p.k.8080.1800000000.OHkLyKF2vWvCJr3s7tckCwYKf4N6tGm-n5iOahbm_zs"
            };
            let spelled: String = credential.bytes().zip(escapes).map(|(byte, times)| match times {
                0 => char::from(byte).to_string(),
                _ => format!("%{}{byte:02x}", "25".repeat(times - 1)),
            }).collect();
            let left = scrubbed(&format!("https://a.test/?b={spelled}&c"));
            let decoded = (0..4).fold(left, |text, _| percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned());
            prop_assert_eq!(decoded, format!("https://a.test/?b={}&c", if signed { "8080-abc." } else { "" }));
        }
    }
}
