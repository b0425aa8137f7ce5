//! The lanes of `cargo xtask test`: one file each. A lane passes or reports why not; none is skipped.

mod api;
mod bundlers;
mod capi;
mod changed;
mod controller;
mod demo;
mod freestanding;
mod fuzz;
mod glibc;
mod header;
mod header_sections;
mod inspector;
mod install_command;
mod installed_library;
mod layers;
mod linking;
mod lint;
mod list;
mod node;
mod python;
mod quick_start;
mod residue;
mod rust;
mod vectors;

use anyhow::bail;
use list::{ASSURE, Lane, TEST};
use std::time::Instant;
use xshell::Shell;

pub(crate) use header::write as write_header;

/// Runs the lanes whose names contain `only`, and with `changed` only those that the change against main can affect.
pub(crate) fn test(sh: &Shell, only: Option<&str>, changed: bool) -> anyhow::Result<()> {
    let mut chosen = named(TEST, only)?;
    if changed {
        let files = changed::files(sh)?;
        println!("{} changed files", files.len());
        chosen.retain(|lane| changed::affects(&files, lane, TEST));
    }
    run(sh, &chosen)
}

/// Runs the long lanes whose names contain `only`.
pub(crate) fn assure(sh: &Shell, only: Option<&str>) -> anyhow::Result<()> {
    run(sh, &named(ASSURE, only)?)
}

/// The lanes whose names contain `only`.
fn named<'a>(lanes: &'a [Lane], only: Option<&str>) -> anyhow::Result<Vec<&'a Lane>> {
    let chosen: Vec<&Lane> = lanes.iter().filter(|lane| only.is_none_or(|only| lane.name.contains(only))).collect();
    if chosen.is_empty() {
        let names = lanes.iter().map(|lane| lane.name).collect::<Vec<_>>().join(", ");
        bail!("no lane's name contains {:?}; the lanes are: {names}", only.unwrap_or_default());
    }
    Ok(chosen)
}

pub(crate) fn lint(sh: &Shell) -> anyhow::Result<()> {
    run(sh, &TEST[..5].iter().collect::<Vec<_>>())
}

/// Runs every lane, even after one that fails. Prints a table of times and the count at the end.
fn run(sh: &Shell, lanes: &[&Lane]) -> anyhow::Result<()> {
    let whole = Instant::now();
    let mut done = Vec::new();
    for lane in lanes {
        let name = lane.name;
        println!("\n=== {name}");
        let start = Instant::now();
        let outcome = (lane.run)(sh);
        let seconds = start.elapsed().as_secs();
        match &outcome {
            Ok(()) => println!("=== {name}: passed in {seconds} s"),
            Err(error) => println!("=== {name}: FAILED after {seconds} s: {error:#}"),
        }
        done.push((name, seconds, outcome.is_ok()));
    }
    print!("\n{}", table(&done, whole.elapsed().as_secs()));
    if done.iter().any(|(_, _, passed)| !passed) {
        // Not returned as an error, which would be printed: the count must be the last line.
        std::process::exit(1);
    }
    Ok(())
}

/// One row per lane, then the count and the whole time.
fn table(done: &[(&str, u64, bool)], whole: u64) -> String {
    let mut table = String::new();
    for (name, seconds, passed) in done {
        let outcome = if *passed { "passed" } else { "FAILED" };
        table += &format!("{outcome} {seconds:>5} s  {name}\n");
    }
    let failed = done.iter().filter(|(_, _, passed)| !passed).count();
    let (minutes, seconds) = (whole / 60, whole % 60);
    table + &format!("{} passed, {failed} failed, in {minutes} min {seconds} s\n", done.len() - failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_shows_each_time_and_ends_with_the_count() {
        let table = table(&[("lints", 79, true), ("npm", 1093, false)], 1172);
        assert_eq!(table, "passed    79 s  lints\nFAILED  1093 s  npm\n1 passed, 1 failed, in 19 min 32 s\n");
    }
}
