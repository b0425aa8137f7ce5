//! No key stays in the memory of a process after the process dropped it.

use super::{installed_library, rust};
use crate::cargo;
use anyhow::{Context, ensure};
use std::path::PathBuf;
use xshell::{Shell, cmd};

/// The program of a language that makes and drops each kind of key.
pub(super) fn program(extension: &str) -> anyhow::Result<PathBuf> {
    Ok(cargo::root()?.join("xtask/residue/make_and_drop_keys").with_extension(extension))
}

/// Runs such a program and searches its memory. Returns for how many forms of keys.
pub(super) fn scan(sh: &Shell, command: &[PathBuf]) -> anyhow::Result<usize> {
    let scan = cargo::root()?.join("xtask/residue/scan.py");
    let output = cmd!(sh, "python3 -B {scan} {command...}").ignore_status().output()?;
    let said = String::from_utf8(output.stdout)?;
    print!("{said}");
    ensure!(output.status.success(), "a key stays in memory, or the search does not see one that does");
    forms(&said)
}

fn forms(said: &str) -> anyhow::Result<usize> {
    let looked = said.lines().find_map(|line| line.split_once(" forms of keys looked for, 0 found"));
    looked.and_then(|(count, _)| count.parse().ok()).with_context(|| format!("not the report of a search:\n{said}"))
}

/// Returns what was searched, in words. Python and Node are searched in their own lanes, where their packages are built.
pub(super) fn figure(sh: &Shell) -> anyhow::Result<String> {
    let of_rust = rust::residue(sh)?;
    let (installed, _environment) = installed_library::install(sh)?;
    let of_c = installed.residue(sh)?;
    Ok(format!(
        "Rust {of_rust} forms of keys, C {of_c}, after each was used: none is left; each leak on purpose is found"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_without_a_count_or_with_a_finding_is_refused() {
        assert!(
            forms("kept by the interpreter: a\n139 forms of keys looked for, 0 found: a.mjs\n")
                .is_ok_and(|count| count == 139)
        );
        for wrong in ["", "139 forms of keys looked for, 1 found: a", "x forms of keys looked for, 0 found: a"] {
            assert!(forms(wrong).is_err(), "{wrong}");
        }
    }
}
