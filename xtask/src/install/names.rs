//! The names of the libraries on one system.

use anyhow::bail;
use std::path::Path;

pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");
pub(super) const MAJOR: &str = env!("CARGO_PKG_VERSION_MAJOR");

/// The extensions of a shared library as cargo builds it. They identify the target system.
pub(super) const SHARED: &[&str] = &["so", "dylib", "dll"];

/// All paths are below the prefix.
pub(super) struct Names {
    pub(super) shared: String,
    pub(super) soname: String,
    pub(super) archive: String,
    /// The import library, on systems where programs do not link to the shared library itself.
    pub(super) import: Option<String>,
    /// Symbolic links to the shared library, for the loader and for the linker.
    pub(super) links: Vec<String>,
    pub(super) is_elf: bool,
    /// Linker flags around `-lsandgate` that select the archive.
    pub(super) static_begin: &'static str,
    pub(super) static_end: &'static str,
}

impl Names {
    /// Only the names for Linux are tested. Those for Apple and Windows follow their documentation.
    pub(super) fn of(shared: &Path, libdir: &str) -> anyhow::Result<Self> {
        Ok(match shared.extension().and_then(|extension| extension.to_str()) {
            Some("so") => Self {
                shared: format!("{libdir}/libsandgate.so.{VERSION}"),
                soname: format!("libsandgate.so.{MAJOR}"),
                archive: format!("{libdir}/libsandgate.a"),
                import: None,
                links: vec![format!("{libdir}/libsandgate.so.{MAJOR}"), format!("{libdir}/libsandgate.so")],
                is_elf: true,
                static_begin: "-Wl,--push-state,-Bstatic",
                static_end: "-Wl,--pop-state",
            },
            Some("dylib") => Self {
                shared: format!("{libdir}/libsandgate.{VERSION}.dylib"),
                soname: format!("@rpath/libsandgate.{MAJOR}.dylib"),
                archive: format!("{libdir}/libsandgate.a"),
                import: None,
                links: vec![format!("{libdir}/libsandgate.{MAJOR}.dylib"), format!("{libdir}/libsandgate.dylib")],
                is_elf: false,
                static_begin: "",
                static_end: "",
            },
            Some("dll") => Self {
                shared: "bin/sandgate.dll".into(),
                soname: "sandgate.dll".into(),
                archive: format!("{libdir}/sandgate-static.lib"),
                import: Some(format!("{libdir}/sandgate.lib")),
                links: Vec::new(),
                is_elf: false,
                static_begin: "",
                static_end: "",
            },
            _ => bail!("{}: must be a .so, .dylib or .dll file", shared.display()),
        })
    }
}
