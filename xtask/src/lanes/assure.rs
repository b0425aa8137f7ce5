//! `cargo xtask assure`: the long checks. It can be stopped and continued, and it keeps docs/assurance.md.

use super::assured::{Results, with_figure};
use super::ended::NAME;
use super::list::{ASSURE, Check};
use crate::cargo;
use anyhow::{bail, ensure};
use std::time::Instant;
use xshell::{Shell, cmd};

const PAGE: &str = "docs/assurance.md";

/// Runs the checks whose names contain one of `only`, all if there is none. Those that passed before with the same files are not
/// run again, unless the run is `fresh`.
pub(crate) fn run(sh: &Shell, only: &[String], fresh: bool) -> anyhow::Result<()> {
    let is_chosen = |check: &&Check| only.is_empty() || only.iter().any(|only| check.name.contains(only));
    let chosen: Vec<&Check> = ASSURE.iter().filter(is_chosen).collect();
    if chosen.is_empty() {
        let names = ASSURE.iter().map(|check| check.name).collect::<Vec<_>>().join(", ");
        bail!("no check's name contains {:?}; the checks are: {names}", only.join(" or "));
    }
    let file = cargo::target_directory()?.join("assure/results.json");
    let mut results = Results::read(sh, &file, &tree(sh)?)?;
    let commit = cmd!(sh, "git rev-parse --short HEAD").quiet().read()?;
    let mut failed = 0;
    for (number, check) in (1..).zip(&chosen) {
        let name = check.name;
        let title = format!("{NAME}{number} of {}: {name}", chosen.len());
        if let Some(figure) = results.figure(name).filter(|_| !fresh) {
            println!("{title}: passed before: {figure}");
            continue;
        }
        println!("{title}");
        let start = Instant::now();
        match (check.run)(sh) {
            Ok(figure) => {
                println!("{title}: passed in {} s: {figure}", start.elapsed().as_secs());
                let date = cmd!(sh, "date -u +%F").quiet().read()?;
                sh.write_file(PAGE, with_figure(&sh.read_file(PAGE)?, name, &format!("{figure} ({date}, {commit})"))?)?;
                results.add(sh, &file, name, figure)?;
            }
            Err(error) => {
                println!("{error:#}\n{title}: FAILED after {} s", start.elapsed().as_secs());
                failed += 1;
            }
        }
    }
    println!("\n{} passed, {failed} failed; the figures are in {PAGE}", chosen.len() - failed);
    if failed > 0 {
        // Not returned as an error, which would be printed: the count must be the last line.
        std::process::exit(1);
    }
    Ok(())
}

/// What git calls the files as they are now, whether committed or not, without the page that this command writes.
fn tree(sh: &Shell) -> anyhow::Result<String> {
    let index = cargo::target_directory()?.join("assure/index");
    sh.create_dir(cargo::target_directory()?.join("assure"))?;
    sh.remove_path(&index)?;
    let _index = sh.push_env("GIT_INDEX_FILE", &index);
    cmd!(sh, "git add --all").quiet().run()?;
    cmd!(sh, "git rm --quiet --cached --ignore-unmatch {PAGE}").quiet().run()?;
    let tree = cmd!(sh, "git write-tree").quiet().read()?;
    ensure!(!tree.is_empty(), "git names no tree");
    Ok(tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_has_a_row_for_each_check() -> anyhow::Result<()> {
        let page = Shell::new()?.read_file(cargo::root()?.join(PAGE))?;
        for check in ASSURE {
            with_figure(&page, check.name, "figure")?;
        }
        Ok(())
    }
}
