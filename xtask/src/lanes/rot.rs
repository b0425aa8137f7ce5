//! No vector goes unnoticed: every door's tests fail for each array whose answers are wrong, and for an array that they do not know.

use super::installed_library;
use crate::{addon, cargo, machine, wheel};
use anyhow::ensure;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use xshell::{Cmd, Shell, cmd};

/// The variable that names the folder of vectors, for tests alone.
const FOLDER: &str = "SANDGATE_VECTORS";

/// Copies of the vectors in one folder, and what is wrong in them: `file/array/number` of a case, or `file/array`.
struct Poisoned {
    folder: PathBuf,
    wrong: BTreeSet<String>,
}

/// The copies: with wrong answers in the middle and at the end of each array, and with an array more.
struct Copies {
    middle: Poisoned,
    last: Poisoned,
    both: Poisoned,
    unknown: Poisoned,
}

impl Copies {
    fn make(sh: &Shell, door: &str) -> anyhow::Result<Self> {
        let out = cargo::target_directory()?.join("rot").join(door);
        let (source, vectors) = (cargo::root()?.join("xtask/poison/poison.py"), cargo::root()?.join("vectors"));
        let poisoned = |kind: &str| {
            let folder = out.join(kind);
            sh.remove_path(&folder)?;
            let said = cmd!(sh, "python3 -B {source} {vectors} {folder} {kind}").quiet().read()?;
            let wrong = said.lines().map(str::to_owned).collect();
            anyhow::Ok(Poisoned { folder, wrong })
        };
        Ok(Self {
            middle: poisoned("middle")?,
            last: poisoned("last")?,
            both: poisoned("both")?,
            unknown: poisoned("unknown")?,
        })
    }
}

impl Poisoned {
    /// Runs the tests of a door on this folder. They fail, and name exactly what is wrong.
    fn is_noticed(&self, door: &str, tests: Cmd<'_>) -> anyhow::Result<()> {
        let output = tests.env(FOLDER, &self.folder).quiet().ignore_status().output()?;
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        self.is_named(door, output.status.success(), &said)
    }

    fn is_named(&self, door: &str, passed: bool, said: &str) -> anyhow::Result<()> {
        let named = named(said);
        let differences = named.symmetric_difference(&self.wrong).collect::<Vec<_>>();
        ensure!(
            !passed && differences.is_empty(),
            "{door} must fail for exactly what is wrong in {}; it differs in {differences:?}:\n{said}",
            self.folder.display()
        );
        println!("{door}: {} of {} noticed", named.len(), self.wrong.len());
        Ok(())
    }
}

/// The cases and arrays that an output names. The name of a case ends where its number ends.
fn named(said: &str) -> BTreeSet<String> {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "./_-".contains(letter);
    let words = said.split(|letter| !is_of_name(letter)).filter_map(|word| word.split_once(".json/"));
    words.map(|(file, case)| format!("{file}.json/{case}")).collect()
}

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    figure(sh).map(|figure| println!("{figure}"))
}

/// Returns what was checked, in words.
pub(super) fn figure(sh: &Shell) -> anyhow::Result<String> {
    let copies = Copies::make(sh, "others")?;
    rust(sh, &copies)?;
    c(sh, &copies)?;
    python(sh, &copies)?;
    let (wrong, unknown) = (copies.both.wrong.len(), copies.unknown.wrong.len());
    Ok(format!("Rust, C and Python notice each of {wrong} wrong cases and {unknown} unknown arrays"))
}

fn rust(sh: &Shell, copies: &Copies) -> anyhow::Result<()> {
    let tests = &["v1_vectors", "v2_vectors", "gate_table", "life_vectors"].map(|name| ["--test", name]).concat();
    // As in the lane of the tests in Rust, so that nothing is built twice.
    let all = || cmd!(sh, "cargo test --quiet --workspace --all-features --no-fail-fast {tests...}");
    copies.both.is_noticed("Rust", all())?;
    copies.unknown.is_noticed("Rust", all())
}

/// Its tests stop at the first wrong case of an array, so that two runs are needed.
fn c(sh: &Shell, copies: &Copies) -> anyhow::Result<()> {
    let (installed, _environment) = installed_library::install(sh)?;
    let programs = [
        ("vectors", "e2b-v1.json"),
        ("vectors_v2", "v2.json"),
        ("vectors_guard", "guard.json"),
        ("vectors_life", "life.json"),
    ];
    let programs = programs.map(|(name, file)| (installed.out.join("tests/shared").join(name), file));
    for (program, _) in &programs {
        installed.make(sh, &program.to_string_lossy())?;
    }
    for poisoned in [&copies.middle, &copies.last, &copies.unknown] {
        let (mut passed, mut said) = (false, String::new());
        for (program, file) in &programs {
            let file = poisoned.folder.join(file);
            let output = cmd!(sh, "{program} {file}").quiet().ignore_status().output()?;
            passed |= output.status.success();
            said += &String::from_utf8_lossy(&[output.stdout, output.stderr].concat());
        }
        poisoned.is_named("C", passed, &said)?;
    }
    Ok(())
}

fn python(sh: &Shell, copies: &Copies) -> anyhow::Result<()> {
    machine::packages(sh, &["python3-venv"])?;
    let package = cargo::root()?.join("bindings-python");
    let venv = cargo::target_directory()?.join("rot/python");
    let wheel = wheel::build(sh)?;
    machine::environment(sh, &venv, package.join("requirements/bare.txt"))?;
    let python = venv.join("bin/python");
    wheel::install(sh, &python, wheel)?;
    let _package = sh.push_dir(package);
    let _caches = sh.push_env("PYTHONDONTWRITEBYTECODE", "1");
    let files = &["vectors_v1", "vectors_v2", "life_table", "guard_table"].map(|name| format!("tests/test_{name}.py"));
    let tests = |more: &'static [&str]| {
        cmd!(sh, "{python} -m pytest --quiet --bare --tb=short -p no:cacheprovider {files...} {more...}")
    };
    copies.both.is_noticed("Python", tests(&[]))?;
    copies.unknown.is_noticed("Python", tests(&["-k", "every_array"]))
}

pub(super) fn node(sh: &Shell) -> anyhow::Result<()> {
    let copies = Copies::make(sh, "node")?;
    addon::packed(sh)?;
    let _package = sh.push_dir(cargo::root()?.join("bindings-node"));
    let files = ["vectors_v1", "vectors_v2", "life_table", "guard_table"].map(|name| Path::new("tests").join(name));
    let files = &files.map(|file| file.with_extension("test.mjs"));
    for poisoned in [&copies.both, &copies.unknown] {
        poisoned.is_noticed("Node", cmd!(sh, "node --test --test-reporter=tap {files...}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str =
        "FAILED tests/t.py::test[e2b-v1.json/derive/3 a note] at /a/vectors.mjs\n2: v2.json/edge/7: no. v2.json/edge/7";

    #[test]
    fn cases_are_named_once_whatever_is_around_them() {
        assert_eq!(named(SAID), ["e2b-v1.json/derive/3", "v2.json/edge/7"].map(str::to_owned).into());
    }

    #[test]
    fn each_difference_fails() {
        let poisoned = |wrong: &[&str]| Poisoned {
            folder: "a".into(),
            wrong: wrong.iter().map(|name| (*name).to_owned()).collect(),
        };
        let all = ["e2b-v1.json/derive/3", "v2.json/edge/7"];
        assert!(poisoned(&all).is_named("a door", false, SAID).is_ok());
        assert!(poisoned(&all).is_named("a door", true, SAID).is_err());
        assert!(poisoned(&all[..1]).is_named("a door", false, SAID).is_err());
        assert!(poisoned(&[all[0], all[1], "v2.json/edge/8"]).is_named("a door", false, SAID).is_err());
    }
}
