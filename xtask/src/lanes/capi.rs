//! The C library as it is installed: its tests in C, its examples, and programs that find it with pkg-config and CMake.

use super::{install_command, installed_library, instrumented, linking};
use crate::zig;
use anyhow::ensure;
use std::path::PathBuf;
use xshell::Shell;

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    let (installed, _environment) = installed_library::install(sh)?;
    installed.make(sh, "check")?;
    let program = sh.read_file("examples/c/quick_start.c")?;
    for readme in ["README.md", "ffi-c/README.md"] {
        ensure!(sh.read_file(readme)?.contains(&program), "{readme}: must contain examples/c/quick_start.c");
    }
    let program = sh.read_file("examples/c/replace_controller.c")?;
    let readme = sh.read_file("ffi-c/README.md")?;
    let shown = readme.split("```c\n").skip(1).filter_map(|rest| rest.split("```").next()).nth(1);
    ensure!(shown.is_some_and(|shown| program.contains(shown)), "ffi-c/README.md shows another replacement");
    installed.examples(sh)?;
    installed.readmes(sh)?;
    installed.cmake(sh)?;
    installed.daemon(sh)?;
    installed.residue(sh)?;
    zig::check(sh, &installed.prefix.join("lib/libsandgate.so"))?;
    linking::run(sh, &installed)?;
    install_command::run(sh, &installed)
}

pub(super) fn memory(sh: &Shell) -> anyhow::Result<()> {
    memory_figure(sh).map(|figure| println!("{figure}"))
}

/// Returns what was checked, in words.
pub(super) fn memory_figure(sh: &Shell) -> anyhow::Result<String> {
    let (installed, _environment) = installed_library::install(sh)?;
    installed.make(sh, "valgrind")?;
    // The archive's Rust code is checked too. The shared library is the one that is released.
    instrumented::install(sh, &installed)?.make(sh, "sanitize")?;
    let is_program = |file: &&PathBuf| file.extension().is_some_and(|extension| extension == "c" || extension == "cpp");
    let programs = sh.read_dir("ffi-c/tests/c")?.iter().filter(is_program).count();
    Ok(format!("{programs} programs, each with both libraries, under memcheck, ASan and UBSan: no report"))
}
