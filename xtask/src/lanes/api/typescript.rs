//! The public names of the npm package, from the `.d.ts` files that tsc makes. It writes one member per line.

use anyhow::Context;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The package's entries and namespaces: what each is imported as, and its types.
const ENTRIES: [(&str, &str); 8] = [
    ("", "index.d.ts"),
    ("v1.", "v1/index.d.ts"),
    ("v2.", "v2/index.d.ts"),
    ("wake.", "wake.d.ts"),
    ("webhook.", "webhook.d.ts"),
    ("e2b.", "e2b.d.ts"),
    ("http.", "http.d.ts"),
    ("fetch.", "fetch.d.ts"),
];

/// What each entry exports, and the members of classes. The fields of an interface are parts of it.
pub(super) fn names(types: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for (prefix, entry) in ENTRIES {
        for name in exported(&types.join(entry))? {
            names.insert(format!("{prefix}{name}"));
        }
    }
    Ok(names)
}

/// The exports of one file, with `Class.member` for members.
fn exported(file: &Path) -> anyhow::Result<BTreeSet<String>> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let mut names = members(&text);
    names.retain(|(name, _)| declares(&text, &format!("export declare class {name}")));
    let mut found: BTreeSet<String> = names.into_iter().map(|(class, member)| format!("{class}.{member}")).collect();
    for (at, _) in text.match_indices("export ") {
        let rest = &text[at + "export ".len()..];
        // Skip sentences in comments.
        if at > 0 && !text[..at].ends_with('\n') {
            continue;
        }
        if let Some(listed) = rest.strip_prefix("type {").or_else(|| rest.strip_prefix('{')) {
            let (listed, after) = listed.split_once('}').context("an export list without a closing brace")?;
            let source = after.split_once(';').and_then(|(from, _)| from.trim().strip_prefix("from "));
            let source = source.map(|from| target(file, from.trim_matches(['\'', '"'])));
            for name in
                listed.split(',').map(|name| name.trim().trim_start_matches("type ")).filter(|name| !name.is_empty())
            {
                found.insert(name.to_owned());
                if let Some(source) = &source {
                    let text = std::fs::read_to_string(source).with_context(|| source.display().to_string())?;
                    let of_class = members(&text).into_iter().filter(|(class, _)| class == name);
                    found.extend(of_class.map(|(class, member)| format!("{class}.{member}")));
                }
            }
        } else if !rest.starts_with('*') {
            // `export * as v1` has a row of its own in the list above.
            let words = rest.split(|sign: char| !sign.is_alphanumeric() && sign != '_' && sign != '$');
            let keywords = ["declare", "class", "const", "function", "interface", "type", "abstract"];
            found
                .extend(words.filter(|word| !word.is_empty()).find(|word| !keywords.contains(word)).map(str::to_owned));
        }
    }
    Ok(found)
}

fn declares(text: &str, declaration: &str) -> bool {
    text.lines().any(|line| line.strip_prefix(declaration).is_some_and(|rest| rest.starts_with([' ', '<'])))
}

fn target(file: &Path, from: &str) -> PathBuf {
    file.with_file_name(from.trim_start_matches("./")).with_extension("d.ts")
}

/// Each class of a file and its public members.
fn members(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut class = None;
    for line in text.lines() {
        if let Some((_, rest)) =
            line.split_once("declare class ").filter(|(before, _)| ["", "export "].contains(before))
        {
            class = rest.split([' ', '<']).next();
        } else if line.starts_with('}') {
            class = None;
        } else if let (Some(class), Some(member)) = (class, line.strip_prefix("    ").and_then(member)) {
            found.push((class.to_owned(), member.to_owned()));
        }
    }
    found
}

/// The name of a member, unless it is private, what every object has, or no declaration.
fn member(line: &str) -> Option<&str> {
    let words = line.trim_start_matches("static ").trim_start_matches("readonly ");
    let words = words.trim_start_matches("get ");
    let name = words.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next()?;
    let is_member = !name.is_empty() && !["private", "constructor", "set", "protected", "toString"].contains(&name);
    (is_member && words[name.len()..].starts_with(['(', ':', '?', '<'])).then_some(name)
}
