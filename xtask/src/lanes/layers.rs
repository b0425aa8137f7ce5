//! A room of core imports only from those below it.

use anyhow::{Context, ensure};
use xshell::Shell;

/// The rooms from the ground up: folders, and files that stand alone. Those that share a line may not import each other.
const ROOMS: &[&[&str]] = &[
    &["memory"],
    &["encoding"],
    &["crypto"],
    &["value"],
    &["request"],
    &["v1", "v2"],
    &["gate"],
    &["creation", "e2b"],
    &["explain"],
];

/// Crates that only one file may import.
const SOLE_IMPORTERS: &[(&str, &str)] =
    &[("subtle", "crypto/compare.rs"), ("sha2", "crypto/sha256.rs"), ("zeroize", "memory/wipe.rs")];

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    let mut seen = 0;
    for path in sh.read_dir("core/src")? {
        let name = path.file_stem().and_then(|stem| stem.to_str()).context("a file without a name")?;
        if name == "lib" {
            continue;
        }
        let level = level_of(name).with_context(|| format!("{name} is in no list of rooms"))?;
        let files = if path.is_dir() { sh.read_dir(&path)? } else { vec![path.clone()] };
        for file in files {
            let text = sh.read_file(&file)?;
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for import in imports(code, "crate::") {
                let below = level_of(import).with_context(|| format!("{name} imports {import}, which is no room"))?;
                ensure!(below < level || import == name, "{name} imports {import}, which is not below it");
            }
            for (krate, importer) in SOLE_IMPORTERS {
                let used = imports(code, &format!("{krate}::")).next().is_some();
                ensure!(
                    !used || file.ends_with(importer),
                    "{} imports {krate}, which only {importer} may",
                    file.display()
                );
            }
        }
        seen += 1;
    }
    let known: usize = ROOMS.iter().map(|level| level.len()).sum();
    ensure!(seen == known, "{known} rooms are listed, {seen} were found");
    Ok(())
}

fn level_of(name: &str) -> Option<usize> {
    ROOMS.iter().position(|level| level.contains(&name))
}

/// The words behind `prefix`, wherever it stands on its own.
fn imports<'a>(code: &'a str, prefix: &str) -> impl Iterator<Item = &'a str> {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let found: Vec<&str> = lines
        .flat_map(|line| line.match_indices(prefix).map(move |(at, _)| (line, at)))
        .filter(|(line, at)| {
            !line[..*at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':')
        })
        .filter_map(|(line, at)| {
            line[at + prefix.len()..].split(|after: char| !after.is_alphanumeric() && after != '_').next()
        })
        .collect();
    found.into_iter()
}
