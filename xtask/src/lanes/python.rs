//! The Python package as it is installed: wheel and sdist, its tests on every installed CPython, and its types.

use super::residue;
use crate::{cargo, machine, wheel, zig};
use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    // Also for the system's Python, if another one comes first on PATH.
    machine::packages(sh, &["python3-venv", "zsh"])?;
    let root = cargo::root()?;
    let out = cargo::target_directory()?.join("python");
    for made in ["dist", "again", "venvs"] {
        sh.remove_path(out.join(made))?;
    }
    let wheel = wheel::build(sh)?;
    sdist(sh, &out, wheel)?;

    let _package = sh.push_dir(root.join("bindings-python"));
    // Caches stay out of the source tree.
    let _beside = [
        sh.push_env("PYTHONDONTWRITEBYTECODE", "1"),
        sh.push_env("HYPOTHESIS_STORAGE_DIRECTORY", out.join("hypothesis")),
        sh.push_env("MYPY_CACHE_DIR", out.join("mypy")),
    ];
    let python = environment(sh, &out, Path::new("python3"), "full")?;
    older(sh, &python)?;
    wheel::install(sh, &python, wheel)?;
    println!("tests on {}", version(sh, &python)?);
    cmd!(sh, "{python} -m pytest --quiet").run()?;
    residue::scan(sh, &[python.clone(), residue::program("py")?])?;
    types(sh, &out, &python)?;
    others(sh, &out, wheel, &version(sh, &python)?)
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
    cmd!(sh, "{python} {pip...} --wheel-dir {again} {sdist}").run()?;

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

/// A fresh virtual environment of this Python, with exactly these requirements.
fn environment(sh: &Shell, out: &Path, python: &Path, requirements: &str) -> anyhow::Result<PathBuf> {
    let name = format!("{requirements}-{}", version(sh, python)?);
    let venv = out.join("venvs").join(name);
    cmd!(sh, "{python} -m venv {venv}").quiet().run()?;
    let made = venv.join("bin/python");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"];
    cmd!(sh, "{made} {pip...} --requirement requirements/{requirements}.txt").quiet().run()?;
    Ok(made)
}

/// Servers of older versions, in a directory of the environment that the tests put first.
fn older(sh: &Shell, python: &Path) -> anyhow::Result<()> {
    let there = python.ancestors().nth(2).context("python is in an environment")?.join("older");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:", "--no-deps"];
    cmd!(sh, "{python} {pip...} --target {there} --requirement requirements/older.txt").quiet().run()?;
    Ok(())
}

/// The stubs match the module, and strict type checkers accept them.
fn types(sh: &Shell, out: &Path, python: &Path) -> anyhow::Result<()> {
    let allowed = sh.current_dir().join("tests/stubtest-allowed.txt");
    {
        // It writes its cache into the current directory.
        let _out = sh.push_dir(out);
        cmd!(sh, "{python} -m mypy.stubtest --allowlist {allowed} sandgate").run()?;
    }
    cmd!(sh, "{python} -m mypy python/sandgate examples tests/typed_use.py").run()?;
    let pyright = ["-m", "pyright", "--warnings", "--pythonpath"];
    // Otherwise pyright announces newer versions.
    let _quiet = sh.push_env("PYRIGHT_PYTHON_IGNORE_WARNINGS", "1");
    cmd!(sh, "{python} {pyright...} {python}").run()?;
    // Every public name must have a type. pyright looks for the package where the first Python on PATH does.
    let bin = python.parent().context("python is in a directory")?;
    let _path = sh.push_env("PATH", format!("{}:{}", bin.display(), sh.var("PATH")?));
    let report = cmd!(sh, "{python} -m pyright --verifytypes sandgate --ignoreexternal").ignore_status().output()?;
    // The report is long, so show it only if a type is missing.
    let report_text = String::from_utf8_lossy(&report.stdout);
    ensure!(report.status.success(), "a public name has no type:\n{report_text}");
    Ok(())
}

/// The tests that need no peers, on every other supported CPython.
fn others(sh: &Shell, out: &Path, wheel: &Path, done: &str) -> anyhow::Result<()> {
    let mut tested = vec![done.to_owned()];
    for python in pythons(sh)? {
        let Ok(version) = version(sh, &python) else { continue };
        if tested.contains(&version) {
            continue;
        }
        println!("tests that need no peers on {version}");
        let made = environment(sh, out, &python, "bare")?;
        wheel::install(sh, &made, wheel)?;
        cmd!(sh, "{made} -m pytest --quiet --bare").run()?;
        tested.push(version);
    }
    println!("tested on {}", tested.join(", "));
    Ok(())
}

/// The paths of CPythons: those of pyenv, and those of the system.
fn pythons(sh: &Shell) -> anyhow::Result<Vec<PathBuf>> {
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv"));
    let pyenv = std::env::var_os("PYENV_ROOT").map(PathBuf::from).or(home).map(|root| root.join("versions"));
    let mut found: Vec<PathBuf> = match pyenv {
        Some(versions) if sh.path_exists(&versions) => {
            sh.read_dir(versions)?.into_iter().map(|version| version.join("bin/python3")).collect()
        }
        _ => Vec::new(),
    };
    found.extend((10..20).map(|minor| PathBuf::from(format!("/usr/bin/python3.{minor}"))));
    found.retain(|python| sh.path_exists(python));
    Ok(found)
}

/// The version, if the wheel supports this CPython; it does not support those without a GIL.
fn version(sh: &Shell, python: &Path) -> anyhow::Result<String> {
    let code = "import platform, sys, sysconfig
assert sys.version_info >= (3, 10) and sys.implementation.name == 'cpython'
assert not sysconfig.get_config_var('Py_GIL_DISABLED')
print(platform.python_version())";
    Ok(cmd!(sh, "{python} -c {code}").quiet().ignore_stderr().read()?)
}
