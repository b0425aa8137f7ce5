//! Which files of a folder in TypeScript import which others. `import type` counts: a reader must know both files.

use super::cycles::Imports;
use anyhow::Context;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// Reads every file below a folder. Files are named as `folder` is.
pub(super) fn imports(folder: &Path) -> anyhow::Result<Imports> {
    let mut imports = Imports::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let file = entry?.path();
            if file.is_dir() {
                folders.push(file);
                continue;
            }
            let text = std::fs::read_to_string(&file)?;
            let targets: BTreeSet<String> = specifiers(&text)
                .filter_map(|specifier| resolved(&folder.join(specifier)))
                .filter(|target| *target != file)
                .map(|target| target.display().to_string())
                .collect();
            imports.insert(file.display().to_string(), targets);
        }
    }
    Ok(imports)
}

/// The relative paths after `from`, `import` and `require`, without those in comments.
fn specifiers(text: &str) -> impl Iterator<Item = &str> {
    let code = text.lines().filter(|line| !["//", "*", "/*"].iter().any(|sign| line.trim_start().starts_with(sign)));
    code.flat_map(|line| {
        ["'", "\""].into_iter().flat_map(move |quote| {
            let parts: Vec<&str> = line.split(quote).collect();
            let pairs: Vec<(&str, &str)> = parts.windows(2).map(|pair| (pair[0], pair[1])).collect();
            pairs.into_iter().filter(|(before, path)| {
                let before = before.trim_end().trim_end_matches('(').trim_end();
                path.starts_with('.') && ["from", "import", "require"].iter().any(|word| before.ends_with(word))
            })
        })
    })
    .map(|(_, path)| path)
}

/// The source of what is imported as JavaScript.
fn resolved(imported: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in imported.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    let extensions: &[&str] = match plain.extension().and_then(|extension| extension.to_str()) {
        Some("mjs") => &["mts", "d.mts"],
        _ => &["ts", "d.ts"],
    };
    let found = extensions.iter().map(|extension| plain.with_extension(extension));
    found.into_iter().find(|file| file.exists())
}
