//! The generated header, laid out in sections with headings: cbindgen only sorts items by kind.

use anyhow::{Context, bail};

/// A heading, and the prefixes of the names below it. Of several that fit, the longest one decides; their order is the order of
/// the items.
type Section = (&'static str, &'static [&'static str]);

/// A type comes before the functions that take it, so the sections are ordered from the bottom up.
const SECTIONS: &[Section] = &[
    ("The library", &["SANDGATE_VERSION", "sandgate_version"]),
    ("Results", &["sandgate_result", "sandgate_refusal_json"]),
    (
        "Lengths and limits",
        &[
            "SANDGATE_TOKEN_MAX",
            "SANDGATE_SANDBOX_ID_MAX",
            "SANDGATE_V1_",
            "SANDGATE_V2_",
            "SANDGATE_WEBHOOK_SIGNATURE_LEN",
            "SANDGATE_FINGERPRINT_",
        ],
    ),
    (
        "Policies",
        &["SANDGATE_FORMAT_", "SANDGATE_CARRIER_", "SANDGATE_TRAFFIC_", "SANDGATE_POLICY_", "sandgate_policy"],
    ),
    (
        "Requests",
        &[
            "sandgate_header",
            "sandgate_bytes",
            "sandgate_request",
            "sandgate_header_line",
            "sandgate_head",
            "sandgate_deciding_header",
        ],
    ),
    ("What a request is allowed", &["SANDGATE_OPERATION_", "SANDGATE_ALLOWED_", "sandgate_text", "sandgate_allowed"]),
    ("v1: seeds and tokens", &["sandgate_v1_keyring"]),
    ("v1: file URLs", &["sandgate_v1_file_url_key", "sandgate_v1_file_url"]),
    ("v2: seeds and tokens", &["sandgate_v2_keyring", "sandgate_v2_traffic_root", "sandgate_v2_traffic_keyring"]),
    ("v2: file URLs", &["sandgate_v2_file_url_key", "sandgate_v2_file_url"]),
    (
        "v2: traffic passes and signed hosts",
        &["sandgate_v2_traffic_key", "sandgate_v2_pass", "sandgate_v2_signed_host"],
    ),
    ("The controller in a sandbox", &["sandgate_controller", "sandgate_initialized"]),
    (
        "The edge proxy in front of the sandboxes",
        &[
            "SANDGATE_CONTROLLER_PORT",
            "SANDGATE_UNKNOWN_SANDBOX_",
            "SANDGATE_PASSED_",
            "sandgate_route",
            "sandgate_sandbox_state",
            "sandgate_passed",
            "sandgate_edge",
            "sandgate_unknown_sandbox_json",
        ],
    ),
    ("Waking a paused sandbox", &["sandgate_wake"]),
    ("Webhooks", &["sandgate_webhook"]),
    ("What an edge forwards", &["sandgate_forward", "sandgate_forwarded_header"]),
    ("Creating a sandbox", &["sandgate_creation", "sandgate_credentials"]),
    (
        "Helpers",
        &["sandgate_equal", "sandgate_fingerprint", "sandgate_check_sandbox_id", "sandgate_sandbox_id_shorten"],
    ),
];

const WIDTH: usize = 110;

/// The parts of cbindgen's header in sections. A name that fits no section is an error.
pub(super) fn arrange(header: &str) -> anyhow::Result<String> {
    let paragraphs = header.trim_end().split("\n\n");
    let brackets: Vec<&str> = paragraphs.clone().filter(|text| text.contains("extern \"C\"")).collect();
    let [begins, ends] = brackets[..] else { bail!("cbindgen must write exactly two extern \"C\" brackets") };
    let mut before = Vec::new();
    let mut items = Vec::new();
    let mut after = Vec::new();
    for paragraph in paragraphs.filter(|text| *text != begins && *text != ends) {
        match name(paragraph) {
            Some(name) => items.push((place(name)?, paragraph)),
            None if items.is_empty() => before.push(paragraph),
            None => after.push(paragraph),
        }
    }
    // Stable: items with the same position keep cbindgen's order, in which a type follows the types of its fields.
    items.sort_by_key(|(place, text)| (place.0, kind(text), place.1));
    let mut parts: Vec<String> = before.iter().map(|text| (*text).to_owned()).collect();
    parts.push(begins.to_owned());
    let mut last = None;
    for ((section, _), text) in items {
        if last.replace(section) != Some(section) {
            parts.push(heading(SECTIONS[section].0));
        }
        parts.push(text.to_owned());
    }
    parts.push(ends.to_owned());
    parts.extend(after.iter().map(|text| (*text).to_owned()));
    Ok(parts.join("\n\n") + "\n")
}

fn heading(text: &str) -> String {
    format!("/* ---- {text} {} */", "-".repeat(WIDTH.saturating_sub(text.len() + 12)))
}

/// Constants, then types, then functions.
fn kind(text: &str) -> u8 {
    match declaration(text) {
        line if line.starts_with("#define") => 0,
        line if line.starts_with("typedef") || line.starts_with("enum") => 1,
        _ => 2,
    }
}

/// The first line that is not a comment.
fn declaration(text: &str) -> &str {
    text.lines().find(|line| !line.starts_with("//") && !line.starts_with("/*")).unwrap_or_default()
}

/// The name that a paragraph declares: of a constant, a type, or a function.
fn name(text: &str) -> Option<&str> {
    let line = declaration(text);
    if let Some(rest) = line.strip_prefix("#define ") {
        let ours = rest.starts_with("SANDGATE_") && !rest.starts_with("SANDGATE_H");
        return ours.then(|| rest.split(' ').next()).flatten();
    }
    if let Some(rest) = line.strip_prefix("typedef struct ").or_else(|| line.strip_prefix("enum ")) {
        return rest.split([' ', '\n']).next();
    }
    let code = text.lines().skip_while(|line| line.starts_with("//")).find(|line| line.contains('('))?;
    let (before, _) = code.split_once('(')?;
    before.rsplit([' ', '*']).next().filter(|name| name.starts_with("sandgate_"))
}

/// The section of a name, and the prefix in it.
fn place(name: &str) -> anyhow::Result<(usize, usize)> {
    let prefixes = SECTIONS.iter().enumerate().flat_map(|(section, (_, prefixes))| {
        prefixes.iter().enumerate().map(move |(at, prefix)| (prefix, (section, at)))
    });
    let fitting = prefixes.filter(|(prefix, _)| name.starts_with(**prefix));
    let longest = fitting.max_by_key(|(prefix, _)| prefix.len());
    longest.map(|(_, place)| place).with_context(|| format!("{name} must have a section in the header"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_below_the_longest_prefix() {
        let heading = |name| SECTIONS[place(name).unwrap().0].0;
        assert_eq!(heading("sandgate_header"), "Requests");
        assert_eq!(heading("sandgate_v2_traffic_keyring_add"), "v2: seeds and tokens");
        assert_eq!(heading("sandgate_v2_traffic_key_init"), "v2: traffic passes and signed hosts");
        assert_eq!(heading("sandgate_refusal_json"), "Results");
        assert!(place("sandgate_unheard_of").is_err());
    }

    #[test]
    fn every_kind_of_declaration_has_its_name() {
        for (text, expected) in [
            ("// A number.\n#define SANDGATE_TOKEN_MAX 256", "SANDGATE_TOKEN_MAX"),
            ("// A struct.\ntypedef struct sandgate_text {\n} sandgate_text;", "sandgate_text"),
            ("// Text.\nSANDGATE_API const char *sandgate_version(void);", "sandgate_version"),
            ("// Whether.\nSANDGATE_API\nbool sandgate_equal(const void *a);", "sandgate_equal"),
        ] {
            assert_eq!(name(text), Some(expected));
        }
        assert_eq!(name("#include <stdint.h>"), None);
    }
}
