//! The committed counts: for each compiler, the instructions of each operation.

use anyhow::{Context, bail};
use std::collections::{BTreeMap, BTreeSet};

/// Per cent by which a count may differ.
pub(super) const TOLERANCE: u64 = 2;
/// The command that writes the file.
const WRITE: &str = "cargo xtask counts --write";

type Counts = BTreeMap<String, u64>;
type File = BTreeMap<String, Counts>;

/// The file with the counts of one compiler replaced. Those of other compilers stay.
pub(super) fn with(text: &str, key: &str, counted: &Counts) -> anyhow::Result<String> {
    let mut file: File = serde_json::from_str(text)?;
    file.insert(key.to_owned(), counted.clone());
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

/// Fails with every operation whose count differs from the file by more than [`TOLERANCE`], or is in one of the two alone.
pub(super) fn compare(text: &str, key: &str, counted: &Counts) -> anyhow::Result<()> {
    let file: File = serde_json::from_str(text)?;
    let known = file.get(key).with_context(|| {
        let others = file.keys().map(String::as_str).collect::<Vec<_>>().join("; ");
        format!("benches/counts.json has no counts of {key:?}, only of: {others}. `{WRITE}` adds them")
    })?;
    let names: BTreeSet<&String> = known.keys().chain(counted.keys()).collect();
    let differences: Vec<String> = names.into_iter().filter_map(|name| difference(name, known, counted)).collect();
    if differences.is_empty() {
        return Ok(());
    }
    bail!(
        "instruction counts differ from benches/counts.json by more than {TOLERANCE} %:\n{}\nIf the change is intended, `{WRITE}` records it",
        differences.join("\n")
    )
}

fn difference(name: &str, known: &Counts, counted: &Counts) -> Option<String> {
    match (known.get(name), counted.get(name)) {
        (Some(&known), Some(&now)) if now.abs_diff(known) * 100 > known * TOLERANCE => {
            let change = (now as f64 / known as f64 - 1.0) * 100.0;
            Some(format!("    {name}: {known} before, {now} now, {change:+.1} %"))
        }
        (Some(_), Some(_)) => None,
        (None, _) => Some(format!("    {name}: is not in the file")),
        (_, None) => Some(format!("    {name}: was not counted")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(list: &[(&str, u64)]) -> Counts {
        list.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    #[test]
    fn two_per_cent_either_way_pass_and_more_is_named() -> anyhow::Result<()> {
        let text = with("{}", "rustc 1", &counts(&[("sign", 1000), ("verify", 500)]))?;
        compare(&text, "rustc 1", &counts(&[("sign", 1020), ("verify", 490)]))?;
        let error = compare(&text, "rustc 1", &counts(&[("sign", 1021), ("verify", 489)])).unwrap_err().to_string();
        assert!(error.contains("sign: 1000 before, 1021 now, +2.1 %"), "{error}");
        assert!(error.contains("verify: 500 before, 489 now, -2.2 %") && error.contains(WRITE), "{error}");
        Ok(())
    }

    #[test]
    fn operation_in_one_of_the_two_alone_is_named() -> anyhow::Result<()> {
        let text = with("{}", "rustc 1", &counts(&[("old", 1)]))?;
        let error = compare(&text, "rustc 1", &counts(&[("new", 1)])).unwrap_err().to_string();
        assert!(error.contains("new: is not in the file") && error.contains("old: was not counted"), "{error}");
        Ok(())
    }

    #[test]
    fn unknown_compiler_fails_and_names_the_command() -> anyhow::Result<()> {
        let text = with("{}", "rustc 1", &counts(&[("sign", 1)]))?;
        let error = compare(&text, "rustc 2", &counts(&[("sign", 1)])).unwrap_err().to_string();
        assert!(error.contains("rustc 2") && error.contains("rustc 1") && error.contains(WRITE), "{error}");
        Ok(())
    }

    #[test]
    fn writing_keeps_the_counts_of_other_compilers() -> anyhow::Result<()> {
        let text = with("{}", "rustc 1", &counts(&[("sign", 1)]))?;
        let text = with(&text, "rustc 2", &counts(&[("sign", 2)]))?;
        let text = with(&text, "rustc 2", &counts(&[("sign", 3)]))?;
        compare(&text, "rustc 1", &counts(&[("sign", 1)]))?;
        compare(&text, "rustc 2", &counts(&[("sign", 3)]))
    }
}
