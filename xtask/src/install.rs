//! `cargo xtask install`: the C library as a distribution would ship it.

use crate::setup;
use anyhow::{Context, bail, ensure};
use rustix::fs::Mode;
use rustix::process::umask;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use xshell::{Shell, cmd};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const MAJOR: &str = env!("CARGO_PKG_VERSION_MAJOR");
const MINOR: &str = env!("CARGO_PKG_VERSION_MINOR");

/// The names of the libraries on one system.
struct Names {
    /// As cargo builds them, and as they are installed, below the prefix.
    files: Vec<(&'static str, String)>,
    shared: String,
    soname: String,
    archive: &'static str,
    /// What points to the shared library: for the loader, and for the linker.
    links: Vec<String>,
    /// What an archive needs beside it.
    private: &'static [&'static str],
}

impl Names {
    /// Those of Linux are tested. Apple's and Windows' are written from their documentation, and not tested.
    fn of(system: &str) -> anyhow::Result<Self> {
        Ok(match system {
            "linux" => {
                let shared = format!("lib/libsandgate.so.{VERSION}");
                Self {
                    files: vec![
                        ("libsandgate_capi.a", "lib/libsandgate.a".into()),
                        ("libsandgate_capi.so", shared.clone()),
                    ],
                    shared,
                    soname: format!("libsandgate.so.{MAJOR}"),
                    archive: "lib/libsandgate.a",
                    links: vec![format!("libsandgate.so.{MAJOR}"), "libsandgate.so".into()],
                    private: &["gcc_eh", "m", "pthread", "dl"],
                }
            }
            "macos" => {
                let shared = format!("lib/libsandgate.{VERSION}.dylib");
                Self {
                    files: vec![
                        ("libsandgate_capi.a", "lib/libsandgate.a".into()),
                        ("libsandgate_capi.dylib", shared.clone()),
                    ],
                    shared,
                    soname: format!("@rpath/libsandgate.{MAJOR}.dylib"),
                    archive: "lib/libsandgate.a",
                    links: vec![format!("libsandgate.{MAJOR}.dylib"), "libsandgate.dylib".into()],
                    private: &["System", "m"],
                }
            }
            "windows" => Self {
                files: vec![
                    ("sandgate_capi.lib", "lib/sandgate-static.lib".into()),
                    ("sandgate_capi.dll", "bin/sandgate.dll".into()),
                    ("sandgate_capi.dll.lib", "lib/sandgate.lib".into()),
                ],
                shared: "bin/sandgate.dll".into(),
                soname: "sandgate.dll".into(),
                archive: "lib/sandgate-static.lib",
                links: Vec::new(),
                private: &["kernel32", "ntdll", "userenv", "ws2_32"],
            },
            other => bail!("how to install on {other} is not known"),
        })
    }
}

/// Builds, and lays out headers and libraries under `prefix`, or under `destdir` as if that were the root.
pub(crate) fn install(sh: &Shell, prefix: &Path, destdir: Option<&Path>) -> anyhow::Result<()> {
    let prefix_text = prefix.to_str().context("the prefix is not UTF-8")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(&byte);
    // It is written into sandgate.pc, which has no spelling of a space that all of its readers understand.
    ensure!(prefix.is_absolute() && prefix_text.bytes().all(plain), "the prefix has to be a plain absolute path");
    let names = Names::of(std::env::consts::OS)?;
    cmd!(sh, "cargo build --quiet --release --package sandgate-capi").quiet().run()?;

    // What is installed is for everybody to read, whatever the caller's own files are.
    umask(Mode::from_raw_mode(0o022));
    let root = setup::root()?;
    let (source, built) = (root.join("ffi-c"), setup::target(&root).join("release"));
    let inside = prefix.strip_prefix("/").unwrap_or(prefix);
    let base = destdir.map_or_else(|| prefix.to_owned(), |destdir| destdir.join(inside));
    for (from, to) in &names.files {
        let mode = if *to == names.shared { 0o755 } else { 0o644 };
        put(sh, &built.join(from), &base.join(to), mode)?;
    }
    let shared = Path::new(&names.shared).file_name().context("a library without a name")?;
    for link in &names.links {
        let link = base.join("lib").join(link);
        sh.remove_path(&link)?;
        symlink(shared, &link).with_context(|| link.display().to_string())?;
    }
    put(sh, &source.join("include/sandgate.h"), &base.join("include/sandgate.h"), 0o644)?;
    let private: Vec<String> = names.private.iter().map(|library| format!("-l{library}")).collect();
    for (template, to) in [
        ("sandgate.pc", "lib/pkgconfig"),
        ("sandgate-config.cmake", "lib/cmake/sandgate"),
        ("sandgate-config-version.cmake", "lib/cmake/sandgate"),
    ] {
        let values = [
            ("@PREFIX@", prefix_text),
            ("@VERSION@", VERSION),
            ("@MAJOR@", MAJOR),
            ("@MINOR@", MINOR),
            ("@SHARED@", &names.shared),
            ("@SONAME@", &names.soname),
            ("@ARCHIVE@", names.archive),
            ("@PC_PRIVATE@", &private.join(" ")),
            ("@CMAKE_PRIVATE@", &names.private.join(";")),
        ];
        let text = sh.read_file(source.join(format!("install/{template}.in")))?;
        let text = values.into_iter().fold(text, |text, (name, value)| text.replace(name, value));
        let to = base.join(to).join(template);
        sh.remove_path(&to)?;
        sh.write_file(to, text)?;
    }
    Ok(())
}

fn put(sh: &Shell, from: &Path, to: &Path, mode: u32) -> anyhow::Result<()> {
    let directory = to.parent().context("a file without a directory")?;
    sh.create_dir(directory)?;
    // Not over the old file: a program that runs may have it mapped.
    sh.remove_path(to)?;
    sh.copy_file(from, to)?;
    std::fs::set_permissions(to, std::fs::Permissions::from_mode(mode)).with_context(|| to.display().to_string())?;
    Ok(())
}
