//! The installed archive of the C library: without std, so that it links together with any other library.
//!
//! With std it would bring Rust's runtime along, and two of those do not link: `multiple definition of
//! rust_eh_personality`.

use crate::cargo;
use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use xshell::{Cmd, Shell, cmd};

/// Builds the archive and returns it as cargo made it.
pub(crate) fn build(sh: &Shell) -> anyhow::Result<PathBuf> {
    let options = ["--package", "sandgate-capi", "--no-default-features", "--profile", "archive"];
    let build = cmd!(sh, "cargo rustc {options...} --crate-type staticlib");
    cargo::built(build, "sandgate_capi", &["a", "lib"])
}

/// Makes an archive of ELF one object whose only global symbols are `sandgate_*`, and those hidden: a shared library
/// that links it exports none of them, and calls its own copy whatever else is loaded.
pub(crate) fn seal(sh: &Shell, archive: &Path) -> anyhow::Result<PathBuf> {
    let out = archive.parent().context("the archive has no parent directory")?.join("sealed");
    let [list, hidden, object, sealed] =
        ["hidden.s", "hidden.o", "sandgate.o", "libsandgate.a"].map(|file| out.join(file));

    // nm warns about each of the compiler's own objects that has no symbols.
    let symbols = tool(sh, "NM", "nm").args(["--extern-only", "--defined-only"]).arg(archive).ignore_stderr().read()?;
    let functions = symbols.lines().filter_map(|line| line.split_whitespace().nth(2));
    let functions: Vec<&str> = functions.filter(|name| name.starts_with("sandgate_")).collect();
    ensure!(!functions.is_empty(), "{} contains no function of sandgate", archive.display());
    // A linker gives a symbol the strictest visibility that any of its objects asks for.
    let hide = functions.iter().map(|name| format!(".globl {name}\n.hidden {name}\n"));
    sh.create_dir(&out)?;
    sh.write_file(&list, hide.collect::<String>())?;
    tool(sh, "CC", "cc").args(["-Wa,--noexecstack", "-c", "-o"]).args([&hidden, &list]).run()?;
    let parts = [object.as_path(), &hidden, archive];
    tool(sh, "CC", "cc").args(["-r", "-nostdlib", "-o"]).args(parts).run()?;
    tool(sh, "OBJCOPY", "objcopy").args(["--wildcard", "--keep-global-symbol=sandgate_*"]).arg(&object).run()?;
    // ar would add to an old one.
    sh.remove_path(&sealed)?;
    tool(sh, "AR", "ar").arg("rcsD").args([&sealed, &object]).run()?;
    Ok(sealed)
}

/// A tool for the target system: the value of the environment variable, which may include options, or else the default.
fn tool<'a>(sh: &'a Shell, variable: &str, default: &str) -> Cmd<'a> {
    let said = sh.var(variable).unwrap_or_default();
    let mut words = said.split_whitespace();
    sh.cmd(words.next().unwrap_or(default)).args(words).quiet()
}
