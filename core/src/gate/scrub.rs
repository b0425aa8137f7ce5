//! Finds an edge's credentials anywhere inside a text, by their shape.
//!
//! Headers in which proxies repeat a host or a URL have many shapes: lists, quotes, schemes, URLs within URLs. Both
//! credentials consist only of characters that none of these escapes, so no parsing is needed.

use crate::request::route::SignedPart;
use crate::v2::PASS_PREFIX;

/// Writes `text` without the signed parts of host labels and without passes. A signed part is the last dash and the 34
/// characters after it, in `8080-abc-…` before a dot. A pass is `sg2p.` and the characters that a pass may have.
pub(crate) fn scrub(text: &[u8], out: &mut dyn FnMut(&[u8])) {
    let mut kept = text;
    let mut at: usize = 0;
    while let Some(rest) = kept.get(at..).filter(|rest| !rest.is_empty()) {
        let before = kept.get(..at).unwrap_or_default();
        let len = credential_len(before, rest);
        if len == 0 {
            at = at.wrapping_add(1);
            continue;
        }
        out(before);
        kept = rest.get(len..).unwrap_or_default();
        at = 0;
    }
    out(kept);
}

/// Returns the length of the credential at the start of `rest`, in bytes.
fn credential_len(before: &[u8], rest: &[u8]) -> usize {
    match rest.first() {
        Some(b'-') if is_label(before) => signed_part_len(rest),
        Some(b's') if rest.starts_with(PASS_PREFIX) => rest.iter().take_while(|byte| may_be_in_pass(**byte)).count(),
        _ => 0,
    }
}

/// Whether the text before the dash ends like `{port}-{sandbox_id}`.
fn is_label(before: &[u8]) -> bool {
    let id = before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let port = before.len().checked_sub(id).and_then(|end| before.get(..end));
    id > 0 && matches!(port, Some([.., b'0'..=b'9', b'-']))
}

/// Returns the dash and the 34 characters after it, if a dot follows them.
fn signed_part_len(rest: &[u8]) -> usize {
    const LEN: usize = 1 + SignedPart::LEN;
    match rest.split_at_checked(LEN) {
        Some(([_, part @ ..], [b'.', ..])) if part.iter().all(u8::is_ascii_alphanumeric) => LEN,
        _ => 0,
    }
}

fn may_be_in_pass(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::scrub;

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
        ] {
            let text = text.replace('P', part);
            assert_eq!(scrubbed(&text), text);
        }
    }
}
