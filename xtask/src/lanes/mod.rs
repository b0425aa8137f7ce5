//! The lanes of `cargo xtask test`: one file each. A lane passes or says why not; none is skipped.

mod bench;
mod bundlers;
mod capi;
mod controller;
mod demo;
mod freestanding;
mod fuzz;
mod glibc;
mod header;
mod header_sections;
mod installing;
mod layers;
mod linking;
mod lint;
mod node;
mod python;
mod quick_start;
mod residue;
mod rust;
mod vectors;

use anyhow::bail;
use std::time::Instant;
use xshell::Shell;

pub(crate) use bench::run as bench;
pub(crate) use header::write as write_header;

type Lane = (&'static str, fn(&Shell) -> anyhow::Result<()>);

/// Cheap ones first.
const TEST: &[Lane] = &[
    ("format and lints", lint::run),
    ("layers of core", layers::run),
    ("the C header is as generated", header::check),
    ("vectors are as generated", vectors::run),
    ("tests in Rust", rust::run),
    ("core freestanding, without a path that panics", freestanding::run),
    ("fuzzing, 10 seconds a target", |sh| fuzz::run(sh, 10)),
    ("benches run", bench::once),
    ("the installed C library", capi::run),
    ("the installed C library under valgrind and sanitizers", capi::memory),
    ("the controller daemon in C", controller::run),
    ("the Python package", python::run),
    ("the npm package", node::run),
    ("the npm package in bundles", bundlers::run),
    ("the packages need glibc 2.17 alone", glibc::run),
    ("the README's quick starts", quick_start::run),
    ("the demo's rows", demo::run),
];

/// What takes longer, before a release.
const ASSURE: &[Lane] = &[
    ("fuzzing, 10 minutes a target", |sh| fuzz::run(sh, 600)),
    ("properties, 200,000 cases each", rust::many_cases),
    ("the controller daemon under sanitizers", controller::assure),
];

pub(crate) fn test(sh: &Shell, only: Option<&str>) -> anyhow::Result<()> {
    run(sh, TEST, only)
}

pub(crate) fn assure(sh: &Shell) -> anyhow::Result<()> {
    run(sh, ASSURE, None)
}

pub(crate) fn lint(sh: &Shell) -> anyhow::Result<()> {
    run(sh, &TEST[..3], None)
}

/// Runs every lane, also behind one that fails, and closes with the count.
fn run(sh: &Shell, lanes: &[Lane], only: Option<&str>) -> anyhow::Result<()> {
    let chosen: Vec<&Lane> = lanes.iter().filter(|lane| only.is_none_or(|only| lane.0.contains(only))).collect();
    if chosen.is_empty() {
        bail!("no lane is called so; there are: {}", lanes.iter().map(|lane| lane.0).collect::<Vec<_>>().join(", "));
    }
    let mut failed = Vec::new();
    for (name, lane) in &chosen {
        println!("\n=== {name}");
        let start = Instant::now();
        let outcome = lane(sh);
        let seconds = start.elapsed().as_secs();
        match outcome {
            Ok(()) => println!("=== {name}: passed in {seconds} s"),
            Err(error) => {
                println!("=== {name}: FAILED after {seconds} s: {error:#}");
                failed.push(*name);
            }
        }
    }
    println!();
    for name in &failed {
        println!("failed: {name}");
    }
    println!("{} passed, {} failed", chosen.len() - failed.len(), failed.len());
    if !failed.is_empty() {
        // Not an error that would be printed: the count is the last line.
        std::process::exit(1);
    }
    Ok(())
}
