//! A file of core imports only from those below it.

use anyhow::{Context, ensure};
use xshell::Shell;

/// From the ground up; what shares a line may not import each other.
const LAYERS: &[&[&str]] = &[
    &["bytes", "address"],
    &["text", "number", "residue"],
    &["base64"],
    &["json"],
    &["error"],
    &["compare"],
    &["slots"],
    &["secret", "tag"],
    &["sha256"],
    &["short_message"],
    &["mac", "credential"],
    &["fingerprint", "time", "ids", "header", "buffer"],
    &["query"],
    &["host", "request", "file_query", "internal_route", "target", "url"],
    &["carrier", "grant"],
    &["headers"],
    &["v1", "v2", "head", "unknown_sandbox"],
    &["scrub"],
    &["forward"],
    &["policy"],
    &["traffic_secrets"],
    &["controller", "creation", "e2b", "edge"],
    &["explain"],
];

/// Crates that only one file may import.
const SOLE_IMPORTERS: &[(&str, &str)] = &[("subtle", "compare"), ("sha2", "sha256"), ("zeroize", "bytes")];

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    let mut seen = 0;
    for path in sh.read_dir("core/src")? {
        let name = path.file_stem().and_then(|stem| stem.to_str()).context("a file without a name")?;
        if name == "lib" {
            continue;
        }
        let layer = layer_of(name).with_context(|| format!("{name} stands in no layer"))?;
        let files = if path.is_dir() { sh.read_dir(&path)? } else { vec![path.clone()] };
        for file in files {
            let text = sh.read_file(&file)?;
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for import in imports(code, "crate::") {
                let below = layer_of(import).with_context(|| format!("{name} imports {import}, in no layer"))?;
                ensure!(below < layer || import == name, "{name} imports {import}, which is not below it");
            }
            for (krate, importer) in SOLE_IMPORTERS {
                let used = imports(code, &format!("{krate}::")).next().is_some();
                ensure!(!used || name == *importer, "{name} imports {krate}, which is {importer}'s to import");
            }
        }
        seen += 1;
    }
    let known: usize = LAYERS.iter().map(|layer| layer.len()).sum();
    ensure!(seen == known, "{known} files are named in layers, {seen} were found");
    Ok(())
}

fn layer_of(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
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
