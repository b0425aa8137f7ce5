//! Runs every fuzz target for some seconds, from its committed seeds.
//!
//! The compiler that builds everything else builds these too: no nightly toolchain. `RUSTC_BOOTSTRAP` lets a stable one take
//! the `-Z` flags with which cargo-fuzz asks for the address sanitizer and for coverage.

use crate::machine;
use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

/// Returns what was run, in words.
pub(super) fn run(sh: &Shell, seconds: u32) -> anyhow::Result<String> {
    machine::cargo_fuzz(sh)?;
    let _flags = sh.push_env("RUSTC_BOOTSTRAP", "1");
    let mut targets = 0;
    for target in sh.read_dir("fuzz/fuzz_targets")? {
        let target = target.file_stem().and_then(|stem| stem.to_str()).context("a target without a name")?;
        let corpus = ["fuzz/corpus", "fuzz/seeds"].map(|directory| format!("{directory}/{target}"));
        sh.create_dir(&corpus[0])?;
        let limits = [format!("-max_total_time={seconds}"), "-max_len=1024".to_owned()];
        let options =
            [format!("-dict=fuzz/{target}.dict"), "-verbosity=0".to_owned(), "-print_final_stats=1".to_owned()];
        cmd!(sh, "cargo fuzz run {target} {corpus...} -- {limits...} {options...}").run()?;
        targets += 1;
    }
    ensure!(targets > 0, "no fuzz target was found");
    Ok(format!("{targets} targets, {seconds} seconds each: no finding"))
}
