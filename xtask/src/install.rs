//! `cargo xtask install`: the C library as a distribution would ship it.

mod names;
mod place;
mod report;

pub(crate) use place::Place;

use crate::{archive, cargo};
use anyhow::Context;
use names::{MAJOR, Names, VERSION};
use rustix::fs::Mode;
use rustix::process::umask;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use xshell::{Cmd, Shell, cmd};

const MINOR: &str = env!("CARGO_PKG_VERSION_MINOR");

/// The shared library. On Linux without std, like the archive: then it needs only three functions of glibc 2.14 or later.
fn shared(sh: &Shell) -> Cmd<'_> {
    let library = ["--package", "sandgate-capi", "--crate-type", "cdylib"];
    if cfg!(target_os = "linux") {
        cmd!(sh, "cargo rustc {library...} --no-default-features --profile archive")
    } else {
        cmd!(sh, "cargo rustc {library...} --release")
    }
}

/// Builds and installs header and libraries. Returns the report.
pub(crate) fn install(sh: &Shell, place: &Place) -> anyhow::Result<String> {
    let shared = cargo::built(shared(sh), "sandgate_capi", names::SHARED)?;
    let mut archive = archive::build(sh)?;
    let names = Names::of(&shared, &place.libdir)?;
    if names.is_elf {
        archive = archive::seal(sh, &archive)?;
    }

    // Everyone may read the installed files, whatever the caller's umask.
    umask(Mode::from_raw_mode(0o022));
    let source = cargo::root()?.join("ffi-c");
    let mut files = vec![
        (source.join("include/sandgate.h"), "include/sandgate.h".to_owned(), 0o644),
        (archive, names.archive.clone(), 0o644),
    ];
    if let Some(import) = &names.import {
        files.push((shared.with_extension("dll.lib"), import.clone(), 0o644));
    }
    files.push((shared, names.shared.clone(), 0o755));
    for (from, to, mode) in &files {
        put(&fs::read(from).with_context(|| from.display().to_string())?, &place.inside(to), *mode)?;
    }
    let mut installed: Vec<String> = files.into_iter().map(|(_, to, _)| to).collect();
    let library = Path::new(&names.shared).file_name().context("the library has no file name")?;
    for link in &names.links {
        let file = place.inside(link);
        clear(&file)?;
        symlink(library, &file).with_context(|| file.display().to_string())?;
        installed.push(link.clone());
    }
    for (template, directory) in [
        ("sandgate.pc", "pkgconfig"),
        ("sandgate-library.pc", "pkgconfig"),
        ("sandgate-config.cmake", "cmake/sandgate"),
        ("sandgate-config-version.cmake", "cmake/sandgate"),
    ] {
        let text = sh.read_file(source.join(format!("install/{template}.in")))?;
        let to = format!("{}/{directory}/{template}", place.libdir);
        put(filled(text, place, &names).as_bytes(), &place.inside(&to), 0o644)?;
        installed.push(to);
    }
    let removed = remove_stale(place, &names)?;
    Ok(report::of(place, &names, &installed, &removed))
}

fn filled(template: String, place: &Place, names: &Names) -> String {
    let values = [
        ("@PREFIX@", place.prefix.as_str()),
        ("@LIBDIR@", &place.libdir),
        ("@UP@", &place.up()),
        ("@VERSION@", VERSION),
        ("@MAJOR@", MAJOR),
        ("@MINOR@", MINOR),
        ("@SHARED@", &names.shared),
        ("@SONAME@", &names.soname),
        ("@ARCHIVE@", &names.archive),
        ("@STATIC_BEGIN@", names.static_begin),
        ("@STATIC_END@", names.static_end),
    ];
    values.into_iter().fold(template, |text, (name, value)| text.replace(name, value))
}

fn put(content: &[u8], to: &Path, mode: u32) -> anyhow::Result<()> {
    let put = || {
        fs::create_dir_all(to.parent().unwrap_or(to))?;
        // Do not overwrite the old file: a running program may have it mapped.
        clear(to)?;
        fs::write(to, content)?;
        fs::set_permissions(to, fs::Permissions::from_mode(mode))
    };
    put().with_context(|| format!("cannot write {}", to.display()))
}

/// Removes a file or a link, also a dangling one.
fn clear(file: &Path) -> std::io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Removes the shared libraries of other versions with the same soname: nothing refers to them any more, but ldconfig
/// would lead the soname to a higher version than this one.
fn remove_stale(place: &Place, names: &Names) -> anyhow::Result<Vec<PathBuf>> {
    let (directory, current) = (place.inside(&place.libdir), place.inside(&names.shared));
    let Some(stem) = names.is_elf.then(|| format!("{}.", names.soname)) else { return Ok(Vec::new()) };
    let mut removed = Vec::new();
    for entry in fs::read_dir(&directory).with_context(|| directory.display().to_string())? {
        let file = entry?.path();
        let rest = file.file_name().and_then(|name| name.to_str()?.strip_prefix(&stem));
        let is_version = rest.is_some_and(|rest| rest.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit()));
        if is_version && file != current {
            clear(&file).with_context(|| file.display().to_string())?;
            removed.push(file);
        }
    }
    Ok(removed)
}
