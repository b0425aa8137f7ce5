//! The lanes of `cargo xtask test`: one file each. A lane passes or reports why not; none is skipped.

mod api;
mod assure;
mod assured;
mod bundlers;
mod capi;
mod changed;
mod clock;
mod constant_time;
mod controller;
mod demo;
mod ended;
mod freestanding;
mod fuzz;
mod gateways;
mod glibc;
mod header;
mod header_sections;
mod inspector;
mod install_command;
mod installed_library;
mod instrumented;
mod layers;
mod linking;
mod lint;
mod list;
mod node;
mod python;
mod python_environment;
mod quick_start;
mod residue;
mod rot;
mod rust;
mod track;
mod tracks;
mod vectors;

use anyhow::bail;
use ended::{Done, NAME, table};
use list::{Lane, TEST};
use std::time::Instant;
use xshell::Shell;

pub(crate) use assure::run as assure;
pub(crate) use header::write as write_header;
pub(crate) use track::Track;

/// Runs the lanes whose names contain one of `only`, all if there is none, and with `changed` only those that the change against main
/// can affect. With `track` this process runs the lanes of one track with exactly these names, for another process that prints the table.
pub(crate) fn test(sh: &Shell, only: &[String], changed: bool, track: Option<Track>) -> anyhow::Result<()> {
    if let Some(track) = track {
        let lanes: Vec<&Lane> =
            TEST.iter().filter(|lane| lane.track == track && only.iter().any(|name| lane.name == name)).collect();
        one_by_one(sh, &lanes);
        return Ok(());
    }
    let is_chosen = |lane: &Lane| only.is_empty() || only.iter().any(|only| lane.name.contains(only));
    let mut chosen: Vec<&Lane> = TEST.iter().filter(|lane| is_chosen(lane)).collect();
    if chosen.is_empty() {
        let names = TEST.iter().map(|lane| lane.name).collect::<Vec<_>>().join(", ");
        bail!("no lane's name contains {:?}; the lanes are: {names}", only.join(" or "));
    }
    if changed {
        let files = changed::files(sh)?;
        println!("{} changed files", files.len());
        chosen.retain(|lane| changed::affects(&files, lane, TEST));
    }
    let whole = Instant::now();
    let two = chosen.len() > 1 && std::thread::available_parallelism().is_ok_and(|processors| processors.get() > 1);
    let done = if two { tracks::run(&chosen)? } else { one_by_one(sh, &chosen) };
    end(&done, whole)
}

pub(crate) fn lint(sh: &Shell) -> anyhow::Result<()> {
    let whole = Instant::now();
    end(&one_by_one(sh, &TEST[..5].iter().collect::<Vec<_>>()), whole)
}

/// Runs every lane, even after one that fails.
fn one_by_one(sh: &Shell, lanes: &[&'static Lane]) -> Vec<Done> {
    let mut done = Vec::new();
    for lane in lanes {
        let name = lane.name;
        println!("\n{NAME}{name}");
        let start = Instant::now();
        let outcome = (lane.run)(sh);
        let seconds = start.elapsed().as_secs();
        match &outcome {
            Ok(()) => println!("{NAME}{name}: passed in {seconds} s"),
            // On one line: an error of many lines comes before.
            Err(error) => println!("{error:#}\n{NAME}{name}: FAILED after {seconds} s"),
        }
        done.push((name, seconds, outcome.is_ok()));
    }
    done
}

/// Prints a table of times with the count at the end.
fn end(done: &[Done], whole: Instant) -> anyhow::Result<()> {
    print!("\n{}", table(done, whole.elapsed().as_secs()));
    if done.iter().any(|(_, _, passed)| !passed) {
        // Not returned as an error, which would be printed: the count must be the last line.
        std::process::exit(1);
    }
    Ok(())
}
