//! The Python package as it is installed: wheel and sdist, its tests on every installed CPython, and its types.

use super::python_environment::{Environment, version};
use super::residue;
use crate::parallel::side_by_side;
use crate::{cargo, machine, wheel, zig};
use anyhow::{Context, ensure};
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use xshell::{Cmd, Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    // Also for the system's Python, if another one comes first on PATH.
    machine::packages(sh, &["python3-venv", "zsh"])?;
    let out = cargo::target_directory()?.join("python");
    for made in ["dist", "again", "venvs", "pycache"] {
        sh.remove_path(out.join(made))?;
    }
    let wheel = wheel::build(sh)?;
    let lane = Lane { out: &out, wheel, environment: Environment::new(sh, &out, Path::new("python3"), "full", wheel)? };
    lane.environment.older(sh)?;

    let others = others(sh, &lane.environment.version)?;
    let tested: Vec<&str> = [&lane.environment.version]
        .into_iter()
        .chain(others.iter().map(|(version, _)| version))
        .map(String::as_str)
        .collect();
    // The longest first. The tests on this Python are two jobs, because one would take longer than all others together.
    let mut jobs = vec![Job::Tests, Job::Servers, Job::Sdist];
    jobs.extend(others.iter().map(|(_, python)| Job::Bare(python)));
    jobs.extend([Job::Pyright, Job::PublicTypes, Job::Mypy, Job::Stubs, Job::Residue]);
    side_by_side(jobs, |job| lane.check(job))?;
    println!("tested on {}", tested.join(", "));
    Ok(())
}

struct Lane<'a> {
    out: &'a Path,
    wheel: &'a Path,
    /// That of the Python that comes first on PATH, with all requirements.
    environment: Environment,
}

#[derive(Clone, Copy)]
enum Job<'a> {
    /// The tests without real servers.
    Tests,
    /// The tests with real servers.
    Servers,
    /// The sdist builds the same wheel.
    Sdist,
    /// The tests that need no peers, on another CPython.
    Bare(&'a Path),
    Pyright,
    /// Every public name has a type.
    PublicTypes,
    Mypy,
    /// The stubs match the module.
    Stubs,
    /// No key stays in memory.
    Residue,
}

/// The tests that start servers.
const SERVERS: &str = "*_servers.py";

impl Lane<'_> {
    fn check(&self, job: Job<'_>) -> anyhow::Result<()> {
        let sh = Shell::new()?;
        sh.change_dir(cargo::root()?);
        let package = sh.current_dir().join("bindings-python");
        // Caches stay out of the source tree, and no two jobs write to the same one.
        sh.set_var("PYTHONPYCACHEPREFIX", self.out.join("pycache"));
        sh.set_var("HYPOTHESIS_STORAGE_DIRECTORY", self.out.join("hypothesis"));
        let cache = |name| sh.set_var("MYPY_CACHE_DIR", self.out.join(name));
        let (python, version) = (&self.environment.python, &self.environment.version);
        if !matches!(job, Job::Sdist) {
            sh.change_dir(&package);
        }
        match job {
            Job::Tests => {
                let rest = format!("--ignore-glob={SERVERS}");
                told(&format!("tests on {version}, without servers"), cmd!(sh, "{python} -m pytest --quiet {rest}"))
            }
            Job::Servers => {
                let mut files = sh.read_dir("tests")?;
                files.retain(|file| file.to_string_lossy().ends_with(SERVERS.trim_start_matches('*')));
                ensure!(!files.is_empty(), "there are no tests with servers");
                told(&format!("tests with servers on {version}"), cmd!(sh, "{python} -m pytest --quiet {files...}"))
            }
            Job::Sdist => sdist(&sh, self.out, self.wheel),
            Job::Bare(other) => {
                let made = Environment::new(&sh, self.out, other, "bare", self.wheel)?;
                let (python, version) = (&made.python, &made.version);
                let name = format!("tests that need no peers on {version}");
                told(&name, cmd!(sh, "{python} -m pytest --quiet --bare"))
            }
            Job::Pyright => {
                // Otherwise pyright announces newer versions.
                sh.set_var("PYRIGHT_PYTHON_IGNORE_WARNINGS", "1");
                told("pyright", cmd!(sh, "{python} -m pyright --warnings --pythonpath {python}"))
            }
            Job::PublicTypes => self.public_types(&sh),
            Job::Mypy => {
                cache("mypy");
                told("mypy", cmd!(sh, "{python} -m mypy python/sandgate examples tests/typed_use.py"))
            }
            Job::Stubs => {
                cache("stubtest");
                let allowed = package.join("tests/stubtest-allowed.txt");
                // It writes its cache into the current directory.
                sh.change_dir(self.out);
                told("stubtest", cmd!(sh, "{python} -m mypy.stubtest --allowlist {allowed} sandgate"))
            }
            Job::Residue => residue::scan(&sh, &[python.clone(), residue::program("py")?]).map(drop),
        }
    }

    /// pyright looks for the package where the first Python on PATH does.
    fn public_types(&self, sh: &Shell) -> anyhow::Result<()> {
        let python = &self.environment.python;
        let bin = python.parent().context("python is in a directory")?;
        sh.set_var("PATH", format!("{}:{}", bin.display(), sh.var("PATH")?));
        sh.set_var("PYRIGHT_PYTHON_IGNORE_WARNINGS", "1");
        let report = cmd!(sh, "{python} -m pyright --verifytypes sandgate --ignoreexternal");
        let report = report.quiet().ignore_status().output()?;
        // The report is long, so show it only if a type is missing.
        let report_text = String::from_utf8_lossy(&report.stdout);
        ensure!(report.status.success(), "a public name has no type:\n{report_text}");
        Ok(())
    }
}

/// Runs a command to its end and then shows all that it wrote, so that the output of two jobs does not mix.
fn told(name: &str, command: Cmd<'_>) -> anyhow::Result<()> {
    let shown = command.to_string();
    let done = command.quiet().ignore_status().output()?;
    let mut out = stdout().lock();
    writeln!(out, "{name}\n$ {shown}")?;
    out.write_all(&done.stdout)?;
    out.write_all(&done.stderr)?;
    out.flush()?;
    ensure!(done.status.success(), "{name}: {}", done.status);
    Ok(())
}

/// The sdist builds the same wheel, and both contain licences and stubs.
fn sdist(sh: &Shell, out: &Path, wheel: &Path) -> anyhow::Result<()> {
    let (dist, again) = (out.join("dist"), out.join("again"));
    // The environment that has maturin. pip finds maturin only by PATH.
    let bin = zig::programs(sh)?;
    let python = bin.join("python");
    let _path = sh.push_env("PATH", zig::path(sh, &bin)?);
    cmd!(sh, "maturin sdist --manifest-path bindings-python/Cargo.toml --out {dist}").quiet().ignore_stderr().run()?;
    let sdist = only(sh, &dist, "gz")?;
    let pip = ["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"];
    // The same options and target directory as for the wheel: its dependencies are built already.
    let _as_it_was = [
        sh.push_env("MATURIN_PEP517_ARGS", zig::maturin().join(" ")),
        sh.push_env("CARGO_TARGET_DIR", wheel::target()?),
    ];
    cmd!(sh, "{python} {pip...} --wheel-dir {again} {sdist}").quiet().run()?;

    let listed = |module: &str, archive: &Path| -> anyhow::Result<Vec<String>> {
        let listed = cmd!(sh, "{python} -m {module} --list {archive}").quiet().read()?;
        let names = listed.lines().filter_map(|line| line.split_whitespace().next());
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort_unstable();
        Ok(names)
    };
    let (here, there) = (listed("zipfile", wheel)?, listed("zipfile", &only(sh, &again, "whl")?)?);
    ensure!(here == there, "the sdist's wheel must contain {here:?}, not {there:?}");
    for (archive, names) in [("wheel", here), ("sdist", listed("tarfile", &sdist)?)] {
        for file in ["LICENSE-APACHE", "LICENSE-MIT", "py.typed", "_sandgate.pyi"] {
            ensure!(names.iter().any(|name| name.ends_with(file)), "the {archive} has no {file}");
        }
    }
    Ok(())
}

/// The one file with this extension.
fn only(sh: &Shell, directory: &Path, extension: &str) -> anyhow::Result<PathBuf> {
    let mut found = sh.read_dir(directory)?;
    found.retain(|file| file.extension().is_some_and(|found| found == extension));
    ensure!(found.len() == 1, "expected one .{extension} file, found {found:?}");
    found.pop().context("the file is missing")
}

/// Every other supported CPython, by its version: those of pyenv, and those of the system.
fn others(sh: &Shell, done: &str) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv"));
    let pyenv = std::env::var_os("PYENV_ROOT").map(PathBuf::from).or(home).map(|root| root.join("versions"));
    let mut pythons: Vec<PathBuf> = match pyenv {
        Some(versions) if sh.path_exists(&versions) => {
            sh.read_dir(versions)?.into_iter().map(|version| version.join("bin/python3")).collect()
        }
        _ => Vec::new(),
    };
    pythons.extend((10..20).map(|minor| PathBuf::from(format!("/usr/bin/python3.{minor}"))));
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    for python in pythons {
        if !sh.path_exists(&python) {
            continue;
        }
        let Ok(version) = version(sh, &python) else { continue };
        if version != done && found.iter().all(|(known, _)| *known != version) {
            found.push((version, python));
        }
    }
    Ok(found)
}
