//! The C library whose Rust code the address sanitizer checks too: otherwise it sees only the accesses of the C programs.

use super::installed_library::Installed;
use crate::cargo;
use crate::install::{self, Place};
use anyhow::ensure;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// Installs the library beside another one, with an archive that is instrumented. The shared library is as usual.
pub(super) fn install(sh: &Shell, beside: &Installed) -> anyhow::Result<Installed> {
    let out = beside.out.join("instrumented");
    let prefix = out.join("prefix");
    sh.remove_path(&prefix)?;
    install::install(sh, &Place::new(&prefix, Path::new("lib"), None)?)?;
    // Not sealed: the sanitizer needs the symbols that sealing hides.
    sh.copy_file(archive(sh)?, prefix.join("lib/libsandgate.a"))?;
    Ok(Installed { prefix, out })
}

fn archive(sh: &Shell) -> anyhow::Result<PathBuf> {
    let target = cmd!(sh, "rustc --print host-tuple").quiet().read()?;
    // A stable compiler takes the flag. With a target, build scripts are not instrumented.
    let options = ["--no-default-features", "--profile", "archive", "--crate-type", "staticlib", "--target", &target];
    let build = cmd!(sh, "cargo rustc --package sandgate-capi {options...}")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zsanitizer=address")
        .env("CARGO_TARGET_DIR", cargo::target_directory()?.join("instrumented"));
    let archive = cargo::built(build, "sandgate_capi", &["a"])?;
    let symbols = cmd!(sh, "nm --undefined-only {archive}").quiet().ignore_stderr().read()?;
    ensure!(symbols.contains(" __asan_report_load"), "{} is not instrumented", archive.display());
    Ok(archive)
}
