//! Constant time, seen by valgrind: every operation that touches a secret, in core and through the C interface, at two
//! optimisation levels. The secrets are marked as undefined, so that valgrind reports each branch and each address that
//! depends on one.
//!
//! Valgrind hides the processor's hash instructions. [`clock`](super::clock) measures the build that uses them.

use crate::{cargo, machine};
use anyhow::{Context, bail, ensure};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// The manifest of the programs that run the operations.
pub(super) const MANIFEST: &str = "xtask/constant-time/Cargo.toml";

/// Names the function in which a secret may decide a branch.
const SUPPRESSIONS: &str = "xtask/constant-time/core.supp";

/// Makes it one that a suppression can name.
const CFG: &str = "--cfg sandgate_constant_time";

/// Fewer operations of a kind in one program mean that it did not run them.
const AT_LEAST: usize = 12;

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    figure(sh).map(|figure| println!("{figure}"))
}

/// Returns what was checked, in words.
pub(super) fn figure(sh: &Shell) -> anyhow::Result<String> {
    machine::packages(sh, &["valgrind"])?;
    let flags = [sh.var("RUSTFLAGS").unwrap_or_default(), CFG.to_owned()].join(" ");
    let _flags = sh.push_env("RUSTFLAGS", flags.trim());
    let (mut operations, mut controls) = (0, 0);
    for level in ["3", "z"] {
        let out = cargo::target_directory()?.join("constant-time").join(level);
        for program in [core(sh, &out, level)?, c(sh, &out, level)?] {
            let (checked, leaking) = check(sh, &program).with_context(|| format!("opt-level {level}"))?;
            operations += checked;
            controls += leaking;
        }
    }
    Ok(format!("{operations} operations, none depends on a secret; {controls} controls, each is reported"))
}

fn core(sh: &Shell, out: &Path, level: &str) -> anyhow::Result<PathBuf> {
    let build = cmd!(sh, "cargo build --release --bin memcheck --manifest-path {MANIFEST} --target-dir {out}");
    cargo::built(build.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level), "memcheck", &[""])
}

/// A C program with the library as it is installed, before its symbols are hidden.
fn c(sh: &Shell, out: &Path, level: &str) -> anyhow::Result<PathBuf> {
    let options = ["--package", "sandgate-capi", "--no-default-features", "--profile", "archive"];
    let build = cmd!(sh, "cargo rustc {options...} --crate-type staticlib --target-dir {out}");
    let library = cargo::built(build.env("CARGO_PROFILE_ARCHIVE_OPT_LEVEL", level), "sandgate_capi", &["a"])?;
    let program = out.join("memcheck-c");
    let options = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-Iffi-c/include"];
    let source = "xtask/constant-time/memcheck.c";
    cmd!(sh, "gcc {options...} -o {program} {source} {library}").run()?;
    Ok(program)
}

/// Runs a program with the suppressions and without, and returns how many operations and controls it has.
fn check(sh: &Shell, program: &Path) -> anyhow::Result<(usize, usize)> {
    let log = program.with_extension("valgrind");
    let valgrind = |suppressions: &[&str]| {
        // Without the costly checks, valgrind takes some comparisons of partly known values for undefined.
        let options = ["-q", "--error-limit=no", "--expensive-definedness-checks=yes"];
        let log = format!("--log-file={}", log.display());
        cmd!(sh, "valgrind {options...} {log} {suppressions...} {program}").quiet().read()
    };
    // The second run leaves its log, so that a failure shows what no suppression names.
    let bare = read(&valgrind(&[])?)?;
    let suppressed = read(&valgrind(&[&format!("--suppressions={SUPPRESSIONS}")])?)?;
    verdict(&bare, &suppressed)
        .with_context(|| format!("{}: valgrind's reports are in {}", program.display(), log.display()))
}

/// What a program printed of one operation.
#[derive(Clone, Debug)]
struct Line {
    kind: String,
    name: String,
    errors: u64,
}

fn read(printed: &str) -> anyhow::Result<Vec<Line>> {
    let line = |line: &str| {
        let (kind, rest) = line.split_once('\t')?;
        let (name, errors) = rest.split_once('\t')?;
        Some(Line { kind: kind.to_owned(), name: name.to_owned(), errors: errors.parse().ok()? })
    };
    printed.lines().map(|text| line(text).with_context(|| format!("not a line of a report: {text}"))).collect()
}

/// Compares the reports of a run without suppressions and of one with them.
fn verdict(bare: &[Line], suppressed: &[Line]) -> anyhow::Result<(usize, usize)> {
    ensure!(bare.len() == suppressed.len(), "the two runs differ in their operations");
    let mut wrong = Vec::new();
    for (bare, line) in bare.iter().zip(suppressed) {
        let Line { kind, name, errors } = line;
        let problem = match kind.as_str() {
            "derives" if *errors > 0 => "it depends on a secret",
            "decides" if *errors > 0 => "it depends on a secret beyond its yes or no",
            "decides" if bare.errors == 0 => "no secret reached its yes or no, so nothing was checked",
            "leaks" if *errors == 0 => "the control is not reported, so nothing was checked",
            "publishes" if *errors == 0 => "it does not depend on a secret any more: make it one that derives",
            "derives" | "decides" | "leaks" | "publishes" => continue,
            "loses" => "valgrind does not know its result for a secret, so nothing was checked",
            _ => bail!("{kind}: not a kind of operation"),
        };
        wrong.push(format!("{name}: {problem}"));
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    let count = |of: &str| suppressed.iter().filter(|line| line.kind == of).count();
    let (derives, decides, leaks) = (count("derives"), count("decides"), count("leaks"));
    ensure!(derives >= AT_LEAST && decides >= AT_LEAST && leaks > 0, "only {derives}, {decides} and {leaks} ran");
    Ok((derives + decides, leaks))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Enough operations that are as they should be, and one more.
    fn reports(last: &str, bare: u64, suppressed: u64) -> anyhow::Result<(usize, usize)> {
        let with = |errors: [u64; 2]| {
            let text = |kind, errors| format!("{kind}\tname\t{errors}\n").repeat(AT_LEAST);
            let all = [text("derives", 0), text("decides", errors[0]), text("leaks", 1)];
            read(&format!("{}{last}\tlast\t{}", all.concat(), errors[1]))
        };
        verdict(&with([1, bare])?, &with([0, suppressed])?)
    }

    #[test]
    fn each_kind_has_what_it_must_report() {
        assert!(reports("derives", 0, 0).is_ok_and(|(operations, _)| operations == 2 * AT_LEAST + 1));
        // It decodes a token.
        assert!(reports("derives", 1, 0).is_ok());
        assert!(reports("decides", 1, 0).is_ok());
        assert!(reports("leaks", 1, 1).is_ok());
        assert!(reports("publishes", 1, 1).is_ok());
        for (kind, bare, suppressed) in [
            ("derives", 1, 1),
            ("decides", 1, 1),
            ("decides", 0, 0),
            ("leaks", 1, 0),
            ("publishes", 0, 0),
            ("loses", 0, 0),
        ] {
            assert!(reports(kind, bare, suppressed).is_err(), "{kind} {bare} {suppressed}");
        }
        assert!(reports("other", 0, 0).is_err());
    }

    #[test]
    fn one_function_is_declassified() -> anyhow::Result<()> {
        let file = Shell::new()?.read_file(cargo::root()?.join(SUPPRESSIONS))?;
        let functions: Vec<&str> = file.lines().filter_map(|line| line.trim().strip_prefix("fun:")).collect();
        assert_eq!(functions, ["*6crypto7compare7verdict*"]);
        assert_eq!(file.matches('{').count(), 1, "a suppression without a function");
        assert!(!file.contains("obj:") && !file.contains("..."), "a suppression of many functions");
        Ok(())
    }

    #[test]
    fn program_that_ran_nothing_fails() {
        assert!(verdict(&[], &[]).is_err());
    }
}
