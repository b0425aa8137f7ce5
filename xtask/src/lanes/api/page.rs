//! Reads the tables of the page: one row per idea, one column per language.

use anyhow::{Context, ensure};
use std::collections::BTreeSet;

/// The columns after the idea, in their order. The reason follows them.
pub(super) const LANGUAGES: [&str; 4] = ["Rust", "C", "Python", "TypeScript"];

/// Returns the names in each language's column.
///
/// # Errors
///
/// If a table has other columns, if a cell is empty or holds no name, if a `–` has no reason, or if a name has two rows.
pub(super) fn names(page: &str) -> anyhow::Result<[BTreeSet<String>; 4]> {
    let mut names: [BTreeSet<String>; 4] = Default::default();
    for line in page.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let [idea, columns @ .., reason] = cells.as_slice() else { anyhow::bail!("not a row of five columns: {line}") };
        ensure!(columns.len() == LANGUAGES.len(), "{idea}: must have one cell per language");
        if columns == LANGUAGES || columns.iter().all(|cell| cell.trim_matches([':', '-']).is_empty()) {
            continue;
        }
        for ((cell, language), names) in columns.iter().zip(LANGUAGES).zip(&mut names) {
            if *cell == "–" {
                ensure!(!reason.is_empty(), "{idea}: must give the reason for the – of {language}");
                continue;
            }
            let spans: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
            ensure!(!spans.is_empty(), "{idea}: must have a name or a – for {language}");
            for name in spans.into_iter().map(expand).collect::<anyhow::Result<Vec<_>>>()?.into_iter().flatten() {
                ensure!(names.insert(name.clone()), "{name} of {language} must have one row; the second is {idea}");
            }
        }
    }
    Ok(names)
}

/// Expands braces as a shell does: `v{1, 2}::Keyring` stands for two names. An empty alternative is allowed.
fn expand(name: &str) -> anyhow::Result<Vec<String>> {
    let Some((before, rest)) = name.split_once('{') else { return Ok(vec![name.to_owned()]) };
    let (inside, after) = rest.split_once('}').with_context(|| format!("{name}: a brace does not close"))?;
    let after = expand(after)?;
    let every =
        inside.split(',').flat_map(|one| after.iter().map(move |after| format!("{before}{}{after}", one.trim())));
    Ok(every.collect())
}
