//! Installing the C library to different places, and over another version.

use super::installed_library::Installed;
use crate::install::{self, Place};
use anyhow::{Context, ensure};
use std::os::unix::fs::symlink;
use std::path::Path;
use xshell::{Shell, cmd};

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn run(sh: &Shell, installed: &Installed) -> anyhow::Result<()> {
    destdir(sh, installed)?;
    libdir(sh, installed)?;
    over_another_version(sh, installed)?;
    refused()
}

/// Below a destination directory, which may be relative, the same files are installed. Everyone may read them, whatever
/// the caller's umask, and none of them names the destination directory.
fn destdir(sh: &Shell, installed: &Installed) -> anyhow::Result<()> {
    let destdir = installed.out.join("destdir");
    sh.remove_path(&destdir)?;
    let xtask = std::env::current_exe()?;
    let said = {
        let _elsewhere = sh.push_dir(&installed.out);
        let install = "umask 077; exec \"$0\" install --prefix /usr/local --destdir destdir";
        cmd!(sh, "sh -c {install} {xtask}").quiet().read()?
    };
    ensure!(said.starts_with("sandgate.h goes to "), "the report before the files were written is missing:\n{said}");
    for part in
        ["lib/libsandgate.so.0\n", "lib/libsandgate.a\n", "ldconfig", "-rpath,/usr/local/lib", "LD_LIBRARY_PATH"]
    {
        ensure!(said.contains(part), "the report does not mention {part}:\n{said}");
    }
    let before = sh.read_dir(&installed.out)?;
    let dry = cmd!(sh, "{xtask} install --prefix {destdir}/dry --dry-run").quiet().read()?;
    let goes_to = format!("libsandgate to {}/dry/lib ", destdir.display());
    ensure!(dry.contains(&goes_to), "a dry run does not say where the files would go:\n{dry}");
    ensure!(!destdir.join("dry").exists() && before == sh.read_dir(&installed.out)?, "a dry run wrote something");
    let files = |base: &Path| -> anyhow::Result<String> {
        let _base = sh.push_dir(base);
        let found = cmd!(sh, "find . -mindepth 1 -type l -printf %P->%l\\n -o -printf %P:%m\\n").quiet().read()?;
        let mut found: Vec<&str> = found.lines().collect();
        found.sort_unstable();
        Ok(found.join("\n"))
    };
    let there = files(&destdir.join("usr/local"))?;
    ensure!(there.contains("lib/libsandgate.so->"), "{} has no library:\n{there}", destdir.display());
    ensure!(there.contains("lib:755") && there.contains("sandgate.pc:644"), "not readable by everyone:\n{there}");
    ensure!(there == files(&installed.prefix)?, "{} has other files:\n{there}", destdir.display());
    let name = destdir.to_str().context("the path is not UTF-8")?;
    let traces = cmd!(sh, "grep --recursive --files-with-matches --fixed-strings {name} {destdir}");
    let traces = traces.quiet().ignore_status().read()?;
    ensure!(traces.is_empty(), "the destination directory is named in {traces}");
    Ok(())
}

/// Compilers and the loader also find the libraries in another directory below the prefix.
fn libdir(sh: &Shell, installed: &Installed) -> anyhow::Result<()> {
    let out = installed.out.join("libdir");
    sh.remove_path(&out)?;
    let (prefix, libdir) = (out.join("prefix"), Path::new("lib/x86_64-linux-gnu"));
    install::install(sh, &Place::new(&prefix, libdir, None)?)?;
    let beside = sh.read_dir(prefix.join("lib"))?;
    ensure!(beside == [prefix.join(libdir)], "installed elsewhere: {beside:?}");

    let _pkg_config = sh.push_env("PKG_CONFIG_PATH", prefix.join(libdir).join("pkgconfig"));
    let _loader = sh.push_env("LD_LIBRARY_PATH", prefix.join(libdir));
    let there = Installed { prefix, out };
    there.examples(sh)?;
    there.cmake(sh)
}

/// Installing removes libraries of other versions that the loader could prefer, and replaces dangling links.
fn over_another_version(sh: &Shell, installed: &Installed) -> anyhow::Result<()> {
    let prefix = installed.out.join("older");
    let lib = prefix.join("lib");
    sh.remove_path(&prefix)?;
    sh.create_dir(&lib)?;
    let (newer, others) = (lib.join("libsandgate.so.0.99.0"), lib.join("libsandgate.so.0.99.0-debug"));
    for file in [&newer, &others] {
        sh.copy_file(installed.prefix.join("lib/libsandgate.so"), file)?;
    }
    for link in ["libsandgate.so", "libsandgate.so.0"] {
        symlink("libsandgate.so.0.0.1", lib.join(link))?;
    }
    let said = install::install(sh, &Place::new(&prefix, Path::new("lib"), None)?)?;
    ensure!(!newer.exists() && others.exists(), "{} or {} is wrong", newer.display(), others.display());
    ensure!(said.contains("libsandgate.so.0.99.0\n"), "the report does not mention what was removed:\n{said}");
    sh.remove_path(&others)?;
    cmd!(sh, "/sbin/ldconfig -n {lib}").quiet().run()?;
    for link in ["libsandgate.so", "libsandgate.so.0"].map(|link| lib.join(link)) {
        let library = std::fs::read_link(&link)?;
        ensure!(library == Path::new(&format!("libsandgate.so.{VERSION}")), "{} is {library:?}", link.display());
    }
    Ok(())
}

/// Refuses prefixes that `sandgate.pc` cannot spell, and library directories that are not below the prefix.
fn refused() -> anyhow::Result<()> {
    for (prefix, libdir) in [
        ("relative", "lib"),
        ("/with space", "lib"),
        ("/with\"quote", "lib"),
        ("/with$dollar", "lib"),
        ("/usr/../..", "lib"),
        ("/usr", "with space"),
        ("/usr", "../lib"),
        ("/usr", ""),
        ("/usr", "/lib"),
        ("/usr", "/usr"),
    ] {
        let place = Place::new(Path::new(prefix), Path::new(libdir), None);
        ensure!(place.is_err(), "{libdir:?} below {prefix:?} was accepted");
    }
    for libdir in ["lib64", "/usr/lib64", "./lib64/"] {
        Place::new(Path::new("/usr"), Path::new(libdir), None)?;
    }
    Ok(())
}
