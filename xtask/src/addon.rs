//! The npm package: built in place, packed from a copy, and installed as users install it.

use crate::{cargo, machine, progress, wasm, zig};
use anyhow::{Context, bail, ensure};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use xshell::{Cmd, Shell, cmd};

/// The addon of the published platform, by its napi-rs name.
pub(crate) const ADDON: &str = "sandgate.linux-x64-gnu.node";

/// The published packages.
pub(crate) struct Packed {
    /// The package that users install.
    pub(crate) main: PathBuf,
    /// Its dependency on this platform: the addon.
    pub(crate) platform: PathBuf,
}

/// Builds and packs the package, once per run.
pub(crate) fn packed(sh: &Shell) -> anyhow::Result<&'static Packed> {
    static PACKED: OnceLock<Packed> = OnceLock::new();
    if let Some(packed) = PACKED.get() {
        return Ok(packed);
    }
    built(sh)?;
    let packed = pack(sh)?;
    Ok(PACKED.get_or_init(|| packed))
}

/// Builds the package, once per run.
fn built(sh: &Shell) -> anyhow::Result<()> {
    static BUILT: OnceLock<()> = OnceLock::new();
    if BUILT.get().is_none() {
        build(sh)?;
        BUILT.get_or_init(|| ());
    }
    Ok(())
}

/// Builds the addon and the JavaScript, where git ignores them.
fn build(sh: &Shell) -> anyhow::Result<()> {
    let root = cargo::root()?;
    let package = root.join("bindings-node");
    machine::node_modules(sh, &package)?;
    let addon = zig::library(sh, "sandgate-node")?;
    let _package = sh.push_dir(&package);
    match addon {
        Some(addon) => {
            // Do not overwrite the old file: a running Node may have it mapped.
            sh.remove_path(ADDON)?;
            sh.copy_file(addon, ADDON)?;
        }
        None => {
            // The workspace's target directory, so that dependencies are not built twice.
            let _target = sh.push_env("CARGO_TARGET_DIR", cargo::target_directory()?);
            quietly(cmd!(sh, "npm run --silent build:addon"))?;
        }
    }
    // In place: an app may have this folder installed, and goes on with the old files meanwhile.
    let began = out()?.join("began");
    sh.write_file(&began, "")?;
    wasm::modules(sh, &package.join("dist"))?;
    quietly(cmd!(sh, "npm run --silent build"))?;
    // What was not written now is the output of deleted sources.
    cmd!(sh, "find dist -type f ! -newer {began} -delete").quiet().run()?;
    Ok(())
}

/// Packs what [`build`] made, in a copy: napi-rs changes `package.json`, and git must not see that.
fn pack(sh: &Shell) -> anyhow::Result<Packed> {
    let (package, out) = (cargo::root()?.join("bindings-node"), out()?);
    let (copy, tarballs) = (out.join("package"), out.join("tarballs"));
    for made in [&copy, &tarballs] {
        sh.remove_path(made)?;
        sh.create_dir(made)?;
    }
    let licences = ["LICENSE-APACHE", "LICENSE-MIT"];
    let napi = package.join("node_modules/.bin/napi");
    {
        let _package = sh.push_dir(&package);
        let mut addons = sh.read_dir(".")?;
        addons.retain(|file| file.extension().is_some_and(|extension| extension == "node"));
        let addons = copy_of(sh, &addons, &copy.join("artifacts"));
        let files = ["package.json", "README.md", "dist", "types"].map(PathBuf::from);
        addons.and(copy_of(sh, &files, &copy)).and(copy_of(sh, &licences.map(PathBuf::from), &copy))?;
    }
    let _copy = sh.push_dir(&copy);
    quietly(cmd!(sh, "{napi} create-npm-dirs"))?;
    quietly(cmd!(sh, "{napi} artifacts --output-dir artifacts"))?;
    quietly(cmd!(sh, "{napi} pre-publish --tag-style npm --skip-optional-publish --no-gh-release"))?;
    for platform in sh.read_dir("npm")? {
        copy_of(sh, &licences.map(PathBuf::from), &platform)?;
        let more = licences.map(|licence| format!("files[]={licence}"));
        quietly(cmd!(sh, "npm pkg set --prefix {platform} {more...}"))?;
        quietly(cmd!(sh, "npm pack --ignore-scripts --pack-destination {tarballs} {platform}"))?;
    }
    quietly(cmd!(sh, "npm pack --ignore-scripts --pack-destination {tarballs}"))?;
    // Sorted by name: the main package comes first.
    match <[PathBuf; 2]>::try_from(sh.read_dir(&tarballs)?) {
        Ok([main, platform]) => Ok(Packed { main, platform }),
        Err(others) => bail!("expected two packages, npm packed {others:?}"),
    }
}

fn copy_of(sh: &Shell, files: &[PathBuf], into: &Path) -> anyhow::Result<()> {
    sh.create_dir(into)?;
    cmd!(sh, "cp -r {files...} {into}").quiet().run()?;
    Ok(())
}

/// Installs packages in an empty folder, without a network.
pub(crate) fn install(sh: &Shell, folder: &Path, tarballs: &[&Path], options: &[&str]) -> anyhow::Result<()> {
    sh.remove_path(folder)?;
    sh.create_dir(folder)?;
    let _folder = sh.push_dir(folder);
    let install = ["install", "--prefix", ".", "--offline", "--no-audit", "--no-fund"];
    quietly(cmd!(sh, "npm {install...} {options...} {tarballs...}"))?;
    Ok(())
}

/// Lets scripts in a folder import the package of this tree as users install it. Installs it once per run.
pub(crate) fn link(sh: &Shell, folder: &Path) -> anyhow::Result<()> {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    let installed = match INSTALLED.get() {
        Some(installed) => installed,
        None => {
            progress::step("setting up: our npm package");
            built(sh)?;
            let folder = out()?.join("installed");
            let (done, contents) = (folder.join(".packed-from"), contents(sh)?);
            if sh.read_file(&done).ok().as_ref() != Some(&contents) {
                let packed = packed(sh)?;
                install(sh, &folder, &[&packed.main, &packed.platform], &[])?;
                sh.write_file(&done, contents)?;
            }
            INSTALLED.get_or_init(|| folder.join("node_modules/sandgate"))
        }
    };
    let modules = folder.join("node_modules");
    sh.create_dir(&modules)?;
    cmd!(sh, "ln -sfnT {installed} {modules}/sandgate").quiet().run()?;
    Ok(())
}

/// The SHA-256 of each file that [`pack`] depends on, one per line.
fn contents(sh: &Shell) -> anyhow::Result<String> {
    let _package = sh.push_dir(cargo::root()?.join("bindings-node"));
    let files = [ADDON, "package.json", "package-lock.json", "README.md", "dist", "types"];
    let licences = ["../LICENSE-APACHE", "../LICENSE-MIT"];
    let files = cmd!(sh, "find -L {files...} {licences...} -type f").quiet().read()?;
    let mut files: Vec<&str> = files.lines().collect();
    files.sort_unstable();
    Ok(cmd!(sh, "sha256sum {files...}").quiet().read()?)
}

/// Where it is packed and installed.
pub(crate) fn out() -> anyhow::Result<PathBuf> {
    Ok(cargo::target_directory()?.join("npm"))
}

/// Runs a command and returns its output. If it fails, the error shows the output.
pub(crate) fn quietly(command: Cmd<'_>) -> anyhow::Result<String> {
    let name = command.to_string();
    let output = command.quiet().ignore_status().output()?;
    let said = String::from_utf8(output.stdout).context("not UTF-8")?;
    let cause = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name}: {}\n{said}{cause}", output.status);
    Ok(said)
}
