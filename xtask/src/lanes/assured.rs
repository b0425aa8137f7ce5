//! What `cargo xtask assure` keeps: the checks that passed, and their figures in a table.

use anyhow::ensure;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use xshell::Shell;

/// The checks that passed with the same files, and their figures.
#[derive(Deserialize, Serialize)]
pub(super) struct Results {
    tree: String,
    figures: BTreeMap<String, String>,
}

impl Results {
    /// Reads the results for the files that git calls `tree`. Those for other files are forgotten.
    pub(super) fn read(sh: &Shell, file: &Path, tree: &str) -> anyhow::Result<Self> {
        let kept = if sh.path_exists(file) { serde_json::from_str(&sh.read_file(file)?).ok() } else { None };
        let new = || Self { tree: tree.to_owned(), figures: BTreeMap::new() };
        Ok(kept.filter(|kept: &Self| kept.tree == tree).unwrap_or_else(new))
    }

    pub(super) fn figure(&self, check: &str) -> Option<&str> {
        self.figures.get(check).map(String::as_str)
    }

    /// Adds a figure and writes the file at once, so that a stopped run can be continued.
    pub(super) fn add(&mut self, sh: &Shell, file: &Path, check: &str, figure: String) -> anyhow::Result<()> {
        self.figures.insert(check.to_owned(), figure);
        Ok(sh.write_file(file, serde_json::to_string_pretty(self)?)?)
    }
}

/// The column of the table that names the check, and the one with its figure.
const CHECK: usize = 2;
const FIGURE: usize = 3;

/// Returns the page with this figure in the row of a check.
pub(super) fn with_figure(page: &str, check: &str, figure: &str) -> anyhow::Result<String> {
    let figure = figure.replace('|', "\\|");
    let mut rows = 0;
    let mut row = |line: &str| {
        let mut cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
        if cells.get(CHECK - 1) != Some(&check) || cells.len() <= FIGURE {
            return line.to_owned();
        }
        rows += 1;
        cells[FIGURE - 1] = &figure;
        cells.join(" | ")
    };
    let lines: Vec<String> = page.lines().map(&mut row).collect();
    ensure!(rows == 1, "docs/assurance.md: {rows} rows of the check {check:?}; one is needed");
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo;

    const PAGE: &str = "# Page\n\n| promise | check | figure | again |\n| --- | --- | --- | --- |\n| fast | clock | 9 | `a \\| b` |\n| safe | other | | c |\n";

    #[test]
    fn figure_goes_into_the_row_of_its_check_alone() -> anyhow::Result<()> {
        let page = with_figure(PAGE, "clock", "|t| 2.0")?;
        assert_eq!(page, PAGE.replace("| 9 |", "| \\|t\\| 2.0 |"));
        assert_eq!(with_figure(&page, "clock", "9")?, PAGE, "a figure may contain what separates cells");
        assert!(with_figure(PAGE, "clo", "1").is_err());
        assert!(with_figure(&PAGE.repeat(2), "clock", "1").is_err());
        Ok(())
    }

    #[test]
    fn results_are_kept_for_the_same_files_alone() -> anyhow::Result<()> {
        let sh = Shell::new()?;
        let folder = cargo::target_directory()?.join(format!("assured-{}", std::process::id()));
        let file = folder.join("results.json");
        Results::read(&sh, &file, "one")?.add(&sh, &file, "clock", "9".to_owned())?;
        assert_eq!(Results::read(&sh, &file, "one")?.figure("clock"), Some("9"));
        assert_eq!(Results::read(&sh, &file, "one")?.figure("other"), None);
        assert_eq!(Results::read(&sh, &file, "two")?.figure("clock"), None);
        sh.remove_path(&folder)?;
        Ok(())
    }
}
