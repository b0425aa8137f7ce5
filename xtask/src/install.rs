//! `cargo xtask install`: the C library as a distribution would ship it.

use crate::setup;
use anyhow::{Context, bail, ensure};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use xshell::{Shell, cmd};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const MAJOR: &str = env!("CARGO_PKG_VERSION_MAJOR");
const MINOR: &str = env!("CARGO_PKG_VERSION_MINOR");

/// The names of the libraries on one system.
struct Names {
    /// As cargo builds them.
    built_static: &'static str,
    built_shared: &'static str,
    /// As they are installed.
    shared: String,
    soname: String,
    /// What points to the shared library: for the loader, and for the linker.
    links: Vec<String>,
}

impl Names {
    fn here() -> anyhow::Result<Self> {
        Ok(match std::env::consts::OS {
            "linux" => Self {
                built_static: "libsandgate_capi.a",
                built_shared: "libsandgate_capi.so",
                shared: format!("libsandgate.so.{VERSION}"),
                soname: format!("libsandgate.so.{MAJOR}"),
                links: vec![format!("libsandgate.so.{MAJOR}"), "libsandgate.so".into()],
            },
            // Written from its documentation, not tested.
            "macos" => Self {
                built_static: "libsandgate_capi.a",
                built_shared: "libsandgate_capi.dylib",
                shared: format!("libsandgate.{VERSION}.dylib"),
                soname: format!("@rpath/libsandgate.{MAJOR}.dylib"),
                links: vec![format!("libsandgate.{MAJOR}.dylib"), "libsandgate.dylib".into()],
            },
            other => bail!("how to install on {other} is not known"),
        })
    }
}

/// Builds, and lays out headers and libraries under `prefix`, or under `destdir` as if that were the root.
pub(crate) fn install(sh: &Shell, prefix: &Path, destdir: Option<&Path>) -> anyhow::Result<()> {
    ensure!(prefix.is_absolute(), "the prefix has to be an absolute path, it is written into sandgate.pc");
    let names = Names::here()?;
    cmd!(sh, "cargo build --quiet --release --package sandgate-capi").quiet().run()?;

    let root = setup::root()?;
    let (source, built) = (root.join("ffi-c"), setup::target(&root).join("release"));
    let inside = prefix.strip_prefix("/").unwrap_or(prefix);
    let base = destdir.map_or_else(|| prefix.to_owned(), |destdir| destdir.join(inside));
    let lib = base.join("lib");
    put(sh, &built.join(names.built_static), &lib.join("libsandgate.a"), 0o644)?;
    put(sh, &built.join(names.built_shared), &lib.join(&names.shared), 0o755)?;
    for link in &names.links {
        let link = lib.join(link);
        sh.remove_path(&link)?;
        symlink(&names.shared, &link).with_context(|| link.display().to_string())?;
    }
    put(sh, &source.join("include/sandgate.h"), &base.join("include/sandgate.h"), 0o644)?;
    for (template, to) in [
        ("sandgate.pc", "lib/pkgconfig"),
        ("sandgate-config.cmake", "lib/cmake/sandgate"),
        ("sandgate-config-version.cmake", "lib/cmake/sandgate"),
    ] {
        let text = sh.read_file(source.join(format!("install/{template}.in")))?;
        let prefix = prefix.to_str().context("the prefix is not UTF-8")?;
        let values = [
            ("@PREFIX@", prefix),
            ("@VERSION@", VERSION),
            ("@MAJOR@", MAJOR),
            ("@MINOR@", MINOR),
            ("@SHARED@", &names.shared),
            ("@SONAME@", &names.soname),
            ("@STATIC@", "libsandgate.a"),
        ];
        let text = values.into_iter().fold(text, |text, (name, value)| text.replace(name, value));
        sh.write_file(base.join(to).join(template), text)?;
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
