//! `docs/api.md` names every public name of the four languages, and no other.

mod c;
mod page;
mod python;
mod rust;
#[cfg(test)]
mod tests;
mod typescript;

use anyhow::{bail, ensure};
use page::LANGUAGES;
use std::collections::BTreeSet;
use std::path::Path;
use xshell::Shell;

const PAGE: &str = "docs/api.md";

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    let public = [
        rust::names(sh)?,
        c::names(&sh.read_file("ffi-c/include/sandgate.h")?),
        python::names(sh, Path::new("bindings-python/python/sandgate"))?,
        typescript::names(Path::new("bindings-node/types"))?,
    ];
    for (language, names) in LANGUAGES.iter().zip(&public) {
        ensure!(names.len() > 50, "only {} public names were found in {language}", names.len());
        println!("{language}: {} public names", names.len());
    }
    let faults = compare(&sh.read_file(PAGE)?, &public)?;
    if !faults.is_empty() {
        bail!("{PAGE} is out of date:\n{}", faults.join("\n"));
    }
    Ok(())
}

/// Reports per language the public names that the page lacks, and those on the page that are not public.
fn compare(page: &str, public: &[BTreeSet<String>; 4]) -> anyhow::Result<Vec<String>> {
    let named = page::names(page)?;
    let mut faults = Vec::new();
    for ((language, named), public) in LANGUAGES.iter().zip(&named).zip(public) {
        for (what, found) in [("missing", public - named), ("not public", named - public)] {
            if !found.is_empty() {
                let found: Vec<String> = found.into_iter().collect();
                faults.push(format!("  {language}, {what}: {}", found.join(", ")));
            }
        }
    }
    Ok(faults)
}
