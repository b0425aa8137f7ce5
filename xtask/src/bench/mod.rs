//! `cargo xtask bench`: core and each package beside their peers. Every harness prints JSON; one renderer makes the page and the charts.

mod chart;
mod machine_facts;
mod measured;
mod more_languages;
mod page;

pub(crate) use more_languages::assure;

use crate::{addon, cargo, machine, progress, wheel};
use measured::{Report, printed};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// Criterion's medians in nanoseconds, by name.
type Medians = BTreeMap<String, f64>;

/// The folder that the report is written to.
const BENCHES: &str = "benches";

/// Measures everything and writes the report. With `quick`, everything runs once and the report goes to the target directory.
pub(crate) fn run(sh: &Shell, quick: bool) -> anyhow::Result<()> {
    let scratch = cargo::target_directory()?.join("bench");
    sh.create_dir(&scratch)?;
    // The load before the measurement, not the load that it makes.
    let machine = machine_facts::of(sh)?;
    let (mut reports, criterion) = rust(sh, quick, &scratch)?;
    let once = quick.then_some("--once");
    let python = python(sh)?;
    progress::step("Python");
    let bench = cmd!(sh, "{python} benches/python/bench.py {once...}").env("PYTHONDONTWRITEBYTECODE", "1");
    reports.extend(printed(bench)?);
    node(sh)?;
    for harness in ["bench.mjs", "backends.mjs"] {
        progress::step(&format!("Node: {harness}"));
        reports.extend(printed(cmd!(sh, "node benches/node/{harness} {once...}"))?);
    }
    if !quick && more_languages::are_installed(sh)? {
        reports.extend(more_languages::measure(sh, false)?);
    }
    progress::clear();
    write(sh, if quick { &scratch } else { Path::new(BENCHES) }, &machine, &reports, &criterion)
}

/// Writes the page, and the chart of each language that has one.
fn write(
    sh: &Shell,
    folder: &Path,
    machine: &[(&str, String)],
    reports: &[Report],
    criterion: &Medians,
) -> anyhow::Result<()> {
    sh.write_file(folder.join("REPORT.md"), page::page(machine, reports, criterion))?;
    for report in reports {
        if let (Some(file), Some(svg)) = (page::chart_of(&report.language), chart::chart(report)) {
            sh.write_file(folder.join(file), svg)?;
        }
    }
    println!("{} reports in {}", reports.len(), folder.join("REPORT.md").display());
    Ok(())
}

/// Core by criterion, and beside its peers.
fn rust(sh: &Shell, quick: bool, scratch: &Path) -> anyhow::Result<(Vec<Report>, Medians)> {
    let manifest = ["--quiet", "--locked", "--manifest-path", "benches/Cargo.toml"];
    if quick {
        // As tests, which take half the time to build, and without the peers that take minutes.
        progress::step("Rust");
        return Ok((printed(cmd!(sh, "cargo test {manifest...} --benches"))?, Medians::new()));
    }
    let criterion = scratch.join("criterion");
    sh.remove_path(&criterion)?;
    let _home = sh.push_env("CRITERION_HOME", &criterion);
    progress::step("Rust: criterion");
    let times = ["--warm-up-time", "1", "--measurement-time", "2"];
    cmd!(sh, "cargo bench {manifest...} --features peers --bench v1 --bench v2 -- {times...}").run()?;
    let mut reports = printed(cmd!(sh, "cargo bench {manifest...} --features peers --bench peers"))?;
    let lock = sh.read_file("benches/Cargo.lock")?;
    for report in &mut reports {
        report.versions.extend(machine_facts::crates(&lock));
    }
    Ok((reports, medians(sh, &criterion)?))
}

/// The medians that criterion left, by name.
fn medians(sh: &Shell, folder: &Path) -> anyhow::Result<Medians> {
    let mut medians = Medians::new();
    let found = cmd!(sh, "find {folder} -path */new/estimates.json").quiet().read()?;
    for file in found.lines() {
        let read = |file: &Path| -> anyhow::Result<Value> { Ok(serde_json::from_str(&sh.read_file(file)?)?) };
        let estimates = read(Path::new(file))?;
        let benchmark = read(&Path::new(file).with_file_name("benchmark.json"))?;
        let (name, median) = (&benchmark["full_id"], &estimates["median"]["point_estimate"]);
        if let (Some(name), Some(median)) = (name.as_str(), median.as_f64()) {
            medians.insert(name.to_owned(), median);
        }
    }
    Ok(medians)
}

/// The benches' folder, with our package and its peers.
fn node(sh: &Shell) -> anyhow::Result<()> {
    machine::packages(sh, &["chromium"])?;
    let folder = cargo::root()?.join("benches/node");
    machine::node_modules(sh, &folder)?;
    addon::link(sh, &folder)
}

/// Python with our package and its peers.
fn python(sh: &Shell) -> anyhow::Result<PathBuf> {
    machine::packages(sh, &[])?;
    let venv = cargo::target_directory()?.join("bench-python");
    let python = venv.join("bin/python");
    machine::environment(sh, &venv, "benches/python/requirements.txt")?;
    wheel::install(sh, &python, wheel::build(sh)?)?;
    Ok(python)
}
