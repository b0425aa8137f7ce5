//! Counts the instructions of the main operations, with callgrind: a regression shows without a clock.

mod callgrind;
mod growth;
mod recorded;

use crate::{cargo, machine, progress};
use anyhow::{Context, ensure};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// The committed counts.
const FILE: &str = "benches/counts.json";
/// What the C library chooses by the processor is the same on all of them: its plainest copying.
const PLAIN: &str = "glibc.cpu.hwcaps=-AVX2,-AVX_Fast_Unaligned_Load,-AVX512F,-AVX512VL,-ERMS,-FSRM";

/// What was counted.
struct Counted {
    /// Instructions per call without the compression function of SHA-256, by operation.
    operations: BTreeMap<String, u64>,
    /// Instructions of one call with everything, by what grows, in the order of its sizes.
    series: BTreeMap<String, Vec<(u64, u64)>>,
}

/// Compares with the committed counts; with `write` it replaces those of this compiler instead. Also checks that work is
/// linear in what a client sends.
pub(crate) fn run(sh: &Shell, write: bool) -> anyhow::Result<()> {
    let counted = count(sh)?;
    let key = key(sh)?;
    let text = sh.read_file(FILE).unwrap_or_else(|_| "{}".to_owned());
    if write {
        sh.write_file(FILE, recorded::with(&text, &key, &counted.operations)?)?;
        println!("{FILE}: {} counts of {key}", counted.operations.len());
    } else {
        recorded::compare(&text, &key, &counted.operations)?;
        println!("{} operations within {} % of {FILE}", counted.operations.len(), recorded::TOLERANCE);
    }
    growth::check(&counted.series)?;
    println!("{} series grow no faster than their inputs", counted.series.len());
    Ok(())
}

/// The compiler and the C library that the counts depend on.
fn key(sh: &Shell) -> anyhow::Result<String> {
    let rustc = cmd!(sh, "rustc --version").quiet().read()?;
    let version = rustc.split_whitespace().nth(1).context("rustc says no version")?;
    let libc = cmd!(sh, "getconf GNU_LIBC_VERSION").quiet().read()?;
    Ok(format!("rustc {version}, {libc}, {}", std::env::consts::ARCH))
}

fn count(sh: &Shell) -> anyhow::Result<Counted> {
    machine::packages(sh, &["valgrind"])?;
    progress::step("building the operations");
    let build = cmd!(sh, "cargo build --release --locked --manifest-path benches/Cargo.toml --bin counts");
    let program = cargo::built(build.env_remove("RUSTFLAGS"), "counts", &[std::env::consts::EXE_EXTENSION])?;
    let out = cargo::target_directory()?.join("counts");
    sh.remove_path(&out)?;
    sh.create_dir(&out)?;
    progress::step("counting instructions");
    let printed = callgrind(sh, &program, &out)?;
    progress::clear();
    let mut counted = Counted { operations: BTreeMap::new(), series: BTreeMap::new() };
    for (at, line) in printed.lines().enumerate() {
        let part = sh.read_file(out.join(format!("part.{}", at + 1)))?;
        let cost = callgrind::cost(&part).with_context(|| format!("callgrind's part of {line:?}"))?;
        match *line.split('\t').collect::<Vec<_>>() {
            ["operation", name, calls] => {
                let calls: u64 = calls.parse()?;
                counted.operations.insert(name.to_owned(), cost.others / calls);
            }
            ["series", name, grows, size, "1"] => {
                let series = counted.series.entry(format!("{name}, by {grows}")).or_default();
                series.push((size.parse()?, cost.others + cost.compressions));
            }
            _ => anyhow::bail!("the operations printed {line:?}"),
        }
    }
    ensure!(!counted.operations.is_empty() && !counted.series.is_empty(), "nothing was counted");
    Ok(counted)
}

/// Runs the program, which writes one part per operation.
fn callgrind(sh: &Shell, program: &Path, out: &Path) -> anyhow::Result<String> {
    let part: PathBuf = out.join("part");
    let only = ["--collect-atstart=no", "--toggle-collect=counted", "--dump-after=counted"];
    let names = ["--compress-strings=no", "--compress-pos=no"];
    // The program sees no variable of the caller: they would move its stack.
    let path = sh.var("PATH")?;
    let run = cmd!(sh, "valgrind -q --tool=callgrind {only...} {names...} --callgrind-out-file={part} {program}");
    let run = run.env_clear().env("PATH", path).env("LD_BIND_NOW", "1").env("GLIBC_TUNABLES", PLAIN);
    Ok(run.quiet().read()?)
}
