//! The installed archive linked together with another Rust library and with a second copy of itself, and its visible symbols.

use super::installed_library::Installed;
use crate::addon;
use anyhow::{Context, ensure};
use std::collections::BTreeSet;
use std::path::Path;
use xshell::{Shell, cmd};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// A version of the same length, for a copy of the library that differs.
const PATCHED: &str = "9.9.9";
const SOURCES: &str = "ffi-c/tests/linking";

pub(super) fn run(sh: &Shell, installed: &Installed) -> anyhow::Result<()> {
    let out = installed.out.join("linking");
    sh.remove_path(&out)?;
    sh.create_dir(&out)?;
    symbols(sh, &installed.prefix.join("lib"))?;
    second_archive(sh, &installed.prefix, &out)?;
    plugins(sh, &installed.prefix, &out)
}

/// The library exports only the C interface, and the archive needs only functions that every libc has.
fn symbols(sh: &Shell, lib: &Path) -> anyhow::Result<()> {
    let (archive, shared) = (lib.join("libsandgate.a"), lib.join("libsandgate.so"));
    let posix = ["--format=posix", "--defined-only"];
    let names = |listed: String| -> BTreeSet<String> {
        let lines = listed.lines().filter(|line| !line.ends_with(':'));
        lines.filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
    };
    let of_archive = names(cmd!(sh, "nm {posix...} --extern-only {archive}").quiet().read()?);
    let of_shared = names(cmd!(sh, "nm {posix...} --dynamic {shared}").quiet().read()?);
    let others: Vec<_> = of_archive.iter().filter(|name| !name.starts_with("sandgate_")).collect();
    ensure!(others.is_empty(), "the archive exports {others:?}");
    let differences: Vec<_> = of_archive.symmetric_difference(&of_shared).collect();
    ensure!(differences.is_empty(), "only in the archive or only in the shared library: {differences:?}");

    let needed = names(cmd!(sh, "nm --format=posix --undefined-only {archive}").quiet().read()?);
    let libc = ["bcmp", "memcmp", "memcpy", "memmove", "memset"];
    ensure!(needed.iter().all(|name| libc.contains(&name.as_str())), "the archive needs {needed:?}");
    let table = cmd!(sh, "readelf --wide --symbols {archive}").quiet().read()?;
    for line in table.lines().filter(|line| line.contains(" GLOBAL ") && !line.contains(" UND ")) {
        ensure!(line.contains(" HIDDEN "), "a plugin that links the archive would export {line}");
    }
    Ok(())
}

/// Links with another Rust library, in both orders. This toolchain builds it, then every other one that rustup has here.
fn second_archive(sh: &Shell, prefix: &Path, out: &Path) -> anyhow::Result<()> {
    let (ours, program) = (prefix.join("lib/libsandgate.a"), out.join("two_archives"));
    let compile = ["-std=c99", "-O2", "-flto", "-ffat-lto-objects", "-c"];
    let object = out.join("two_archives.o");
    cmd!(sh, "cc {compile...} -I{prefix}/include -o {object} {SOURCES}/two_archives.c").quiet().run()?;
    for toolchain in &toolchains(sh)? {
        // With and without link-time optimisation of the runtime into the library.
        for lto in ["off", "fat"] {
            let second = out.join(format!("libsecond-{}-{lto}.a", toolchain.join("")));
            let options = ["--edition=2024", "--crate-type=staticlib", "-Copt-level=2"];
            let rustc = cmd!(sh, "rustc {toolchain...} {options...} -Clto={lto} -o {second} {SOURCES}/second.rs");
            rustc.quiet().run()?;
            for order in [[&ours, &second], [&second, &ours]] {
                for flag in ["-O2", "-flto", "-Wl,--gc-sections", "-static"] {
                    let libraries = ["-lgcc_eh", "-lgcc", "-lm", "-lpthread", "-ldl"];
                    let link = cmd!(sh, "cc {flag} -o {program} {object} {order...} {libraries...}");
                    // Linking std statically warns.
                    addon::quietly(link)?;
                    cmd!(sh, "{program}").quiet().run().with_context(|| format!("{flag} {order:?}"))?;
                }
            }
        }
    }
    Ok(())
}

/// The argument that selects each toolchain. The first toolchain is the default and needs none; without rustup it is the only one.
fn toolchains(sh: &Shell) -> anyhow::Result<Vec<Vec<String>>> {
    let version = |toolchain: &[String]| cmd!(sh, "rustc {toolchain...} --version").quiet().ignore_stderr().read();
    let mut versions = vec![version(&[])?];
    let mut found = vec![Vec::new()];
    let listed = cmd!(sh, "rustup toolchain list").quiet().ignore_stderr().read().unwrap_or_default();
    for name in listed.lines().filter_map(|line| line.split_whitespace().next()) {
        let toolchain = vec![format!("+{name}")];
        // Several names may stand for one version.
        if let Some(other) = version(&toolchain).ok().filter(|other| !versions.contains(other)) {
            versions.push(other);
            found.push(toolchain);
        }
    }
    println!("linked together with libraries of {}", versions.join(", "));
    Ok(found)
}

/// A host and two plugins: each links its own copy of the library, and each runs that copy.
fn plugins(sh: &Shell, prefix: &Path, out: &Path) -> anyhow::Result<()> {
    let ours = prefix.join("lib/libsandgate.a");
    let patched = out.join("libpatched.a");
    sh.write_file(&patched, replaced(sh.read_binary_file(&ours)?)?)?;
    let compile = ["-std=c99", "-O2", "-fPIC", &format!("-I{}/include", prefix.display())];
    for (plugin, archive) in [("a.so", &ours), ("b.so", &patched)] {
        let (plugin, source) = (out.join(plugin), format!("{SOURCES}/plugin.c"));
        cmd!(sh, "cc {compile...} -shared -o {plugin} {source} {archive}").quiet().run()?;
        let exported = cmd!(sh, "nm --dynamic --defined-only {plugin}").quiet().read()?;
        ensure!(!exported.contains("sandgate_"), "{} exports {exported}", plugin.display());
    }
    let shared = format!("-L{}/lib", prefix.display());
    for (host, libraries, of_host) in [
        ("static", [ours.display().to_string(), "-rdynamic".to_owned()], format!("{VERSION} static")),
        ("shared", [shared, "-lsandgate".to_owned()], format!("{VERSION} libsandgate.so.0")),
    ] {
        let host = out.join(host);
        cmd!(sh, "cc -O2 -I{prefix}/include -o {host} {SOURCES}/host.c {libraries...} -ldl").quiet().run()?;
        for order in [["a.so", "b.so"], ["b.so", "a.so"]] {
            let files = order.map(|plugin| out.join(plugin));
            let said = cmd!(sh, "{host} {files...}").quiet().read()?;
            let of = |plugin| format!("{} {plugin}", if plugin == "a.so" { VERSION } else { PATCHED });
            let expected = [of(order[0]), of(order[1]), of_host.clone()].join("\n");
            ensure!(said == expected, "a program ran another copy's code:\n{said}");
        }
    }
    Ok(())
}

/// The archive with another version in it.
fn replaced(mut archive: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    let version = format!("{VERSION}\0");
    ensure!(PATCHED.len() == VERSION.len(), "{PATCHED} must be as long as {VERSION}");
    let found = archive.windows(version.len()).position(|window| window == version.as_bytes());
    let found = found.context("the archive does not name its version")?;
    archive[found..found + PATCHED.len()].copy_from_slice(PATCHED.as_bytes());
    Ok(archive)
}
