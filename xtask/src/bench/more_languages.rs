//! The peers in C and Go. `cargo xtask assure` installs what they need, which the tests do not.

use super::measured::{Report, printed};
use super::page;
use crate::{archive, cargo, machine, progress};
use anyhow::ensure;
use std::collections::BTreeMap;
use std::path::PathBuf;
use xshell::{Shell, cmd};

/// OpenSSL, mbedTLS and libsodium.
const LIBRARIES: [&str; 3] = ["libmbedtls-dev", "libsodium-dev", "libssl-dev"];

/// The check: installs, builds and runs each once. Returns what ran.
pub(crate) fn assure(sh: &Shell) -> anyhow::Result<String> {
    machine::packages(sh, &LIBRARIES)?;
    machine::environment(sh, &go_environment()?, "benches/go/requirements.txt")?;
    let reports = measure(sh, true)?;
    let languages: Vec<&str> = reports.iter().map(|report| report.language.as_str()).collect();
    ensure!(languages == ["C", "Go"], "measured {languages:?}");
    println!("{}", page::page(&[], &reports, &BTreeMap::new()));
    Ok("both run".to_owned())
}

/// Whether `assure` has installed what they need.
pub(super) fn are_installed(sh: &Shell) -> anyhow::Result<bool> {
    Ok(LIBRARIES.iter().all(|package| machine::is_installed(sh, package)) && go_environment()?.exists())
}

fn go_environment() -> anyhow::Result<PathBuf> {
    Ok(cargo::target_directory()?.join("bench-go"))
}

/// What the C library and its peers, and Go's standard library, take.
pub(super) fn measure(sh: &Shell, once: bool) -> anyhow::Result<Vec<Report>> {
    let once = once.then_some("--once");
    let (out, library) = (cargo::target_directory()?.join("bench"), archive::build(sh)?);
    sh.create_dir(&out)?;
    progress::step("C");
    let program = out.join("c");
    let sources = ["bench.c", "measure.c", "peers.c"].map(|file| format!("benches/c/{file}"));
    let options = ["-O2", "-std=c11", "-Wall", "-Wextra", "-Werror", "-Iffi-c/include"];
    let libraries = ["-lcrypto", "-lmbedcrypto", "-lsodium"];
    cmd!(sh, "cc {options...} -o {program} {sources...} {library} {libraries...}").quiet().run()?;
    let mut reports = printed(cmd!(sh, "{program} {once...}"))?;
    progress::step("Go");
    let (venv, built) = (go_environment()?, out.join("go"));
    let cache = venv.join("cache");
    let build = cmd!(sh, "{venv}/bin/go build -C benches/go -o {built} .");
    build.env("GOCACHE", &cache).env("GOTOOLCHAIN", "local").quiet().run()?;
    reports.extend(printed(cmd!(sh, "{built} {once...}"))?);
    progress::clear();
    Ok(reports)
}
