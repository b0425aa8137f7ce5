//! Imports: no two files import each other, even indirectly, and a module of core imports only from modules below it.

mod cycles;
mod python;
mod rust;
#[cfg(test)]
mod tests;
mod typescript;

use anyhow::{Context, bail, ensure};
use cycles::Imports;
use std::collections::BTreeSet;
use std::path::Path;
use xshell::Shell;

/// The modules from the bottom up: folders and single files. Modules on the same line must not import each other.
const ROOMS: &[&[&str]] = &[
    &["memory"],
    &["encoding"],
    &["crypto"],
    &["value"],
    &["request"],
    &["v1", "v2", "webhook"],
    &["gate"],
    &["creation", "e2b"],
    &["explain"],
];

/// The only modules that know both wire formats.
const KNOW_BOTH_FORMATS: &[&str] = &["gate", "e2b", "explain"];

/// Crates that only one file may import.
const SOLE_IMPORTERS: &[(&str, &str)] =
    &[("subtle", "crypto/compare.rs"), ("sha2", "crypto/sha256.rs"), ("zeroize", "memory/wipe.rs")];

const CRATES: &[&str] = &[
    "core/src/lib.rs",
    "ffi-c/src/lib.rs",
    "bindings-node/src/lib.rs",
    "bindings-python/src/lib.rs",
    "examples/platform/src/lib.rs",
    "examples/platform/src/main.rs",
    "gateways/service/src/main.rs",
    "gateways/tower/src/lib.rs",
    "xtask/src/main.rs",
];

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    let mut all = Imports::new();
    for root in CRATES {
        // The lane runs in the root of the repository, so file names begin there.
        let found = rust::imports(Path::new(root)).context(*root)?;
        if *root == "core/src/lib.rs" {
            rooms(&found)?;
        }
        all.extend(found.imports);
    }
    all.extend(typescript::imports(Path::new("bindings-node/ts"))?);
    all.extend(python::imports(sh, Path::new("bindings-python/python/sandgate"))?);
    let arrows: usize = all.values().map(BTreeSet::len).sum();
    println!("{} files, {arrows} imports", all.len());
    no_cycles(&all)
}

/// Refuses files that import each other.
fn no_cycles(imports: &Imports) -> anyhow::Result<()> {
    let found = cycles::cycles(imports);
    if !found.is_empty() {
        let shown: Vec<String> =
            found.iter().map(|cycle| format!("  {} -> {}", cycle.join(" -> "), cycle[0])).collect();
        bail!("files import each other:\n{}", shown.join("\n"));
    }
    Ok(())
}

/// Checks that each module of core imports only from modules below it, and that few know both formats.
fn rooms(found: &rust::Found) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    for (file, imported) in found.imports.iter().chain(&found.reexports) {
        let room = room_of(file)?;
        if room == "lib" {
            continue;
        }
        seen.insert(room);
        let level = level_of(room).with_context(|| format!("{room} must be in the list of modules"))?;
        for target in imported {
            let below = room_of(target)?;
            let is_below = level_of(below).is_some_and(|below| below < level);
            ensure!(is_below || below == room, "{file} imports {target}: {below} is not below {room}");
        }
    }
    for room in &seen {
        let knows = |format: &str| {
            let files = found.imports.iter().filter(|(file, _)| room_of(file).is_ok_and(|of| of == *room));
            files.flat_map(|(_, imported)| imported).any(|target| room_of(target).is_ok_and(|of| of == format))
        };
        ensure!(
            !(knows("v1") && knows("v2")) || KNOW_BOTH_FORMATS.contains(room),
            "{room} imports v1 and v2: only {} may know both",
            KNOW_BOTH_FORMATS.join(", ")
        );
    }
    let known: BTreeSet<&str> = ROOMS.iter().copied().flatten().copied().collect();
    ensure!(seen == known, "the modules are {seen:?}, the list has {known:?}");
    for (file, crates) in &found.crates {
        for (name, importer) in SOLE_IMPORTERS {
            let is_allowed = !crates.contains(*name) || file.ends_with(importer);
            ensure!(is_allowed, "{file} imports {name}, which only {importer} may");
        }
    }
    Ok(())
}

/// The first name after `src`, without an extension.
fn room_of(file: &str) -> anyhow::Result<&str> {
    let below = file.split_once("src/").with_context(|| format!("{file} is in no src"))?.1;
    Ok(below.split(['/', '.']).next().unwrap_or(below))
}

fn level_of(name: &str) -> Option<usize> {
    ROOMS.iter().position(|level| level.contains(&name))
}
