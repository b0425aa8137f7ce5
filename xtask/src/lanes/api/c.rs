//! The public names of the C header.

use std::collections::BTreeSet;

/// Types, functions and macros. The codes of `sandgate_result` and the fields of structs are parts of their types.
pub(super) fn names(header: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut in_comment = false;
    for line in header.lines() {
        let text = line.trim_start();
        in_comment |= text.starts_with("/*");
        if !in_comment {
            names.extend(macro_of(line).or_else(|| type_of(line)).or_else(|| function_of(line)).map(str::to_owned));
        }
        in_comment &= !text.contains("*/");
    }
    names
}

fn macro_of(line: &str) -> Option<&str> {
    let name = word(line.strip_prefix("#define ")?);
    // The include guard, and what only the header's own declarations use.
    (!["SANDGATE_H", "SANDGATE_API"].contains(&name)).then_some(name)
}

fn type_of(line: &str) -> Option<&str> {
    if let Some(name) = line.strip_prefix("typedef enum ") {
        return Some(word(name));
    }
    line.strip_prefix("} ")?.strip_suffix(';')
}

/// A function is declared in the first column; its arguments may follow on other lines.
fn function_of(line: &str) -> Option<&str> {
    let before = line.split_once('(')?.0;
    let at = before.rfind("sandgate_")?;
    (!line.starts_with([' ', '#', '}']) && before[at..] == *word(&before[at..])).then_some(&before[at..])
}

fn word(text: &str) -> &str {
    text.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next().unwrap_or_default()
}
