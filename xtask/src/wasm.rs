//! The npm package's WebAssembly: one module with what servers and SDKs call for each request, one that only signs, one for people
//! who look for a mistake, and one that initialises a controller and verifies webhooks.
//!
//! The toolchain of rustup may lack the target, so Debian's compiler builds them, with core from source.

use crate::{cargo, machine};
use anyhow::ensure;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use xshell::{Shell, cmd};

/// A compiler with the sources of core, a linker, an optimiser.
const PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "lld", "binaryen"];

/// The stack begins at address 0, so that an overflow traps. `explain` needs 12.4 of these 16 KiB.
const LINK: [&str; 6] = [
    "-Clinker=wasm-ld",
    "-Clink-arg=--export=__heap_base",
    "-Clink-arg=--export=__stack_pointer",
    "-Clink-arg=--stack-first",
    "-Clink-arg=-zstack-size=16384",
    "-Ctarget-feature=+bulk-memory,+multivalue,+mutable-globals,+nontrapping-fptoint,+sign-ext",
];
/// A panic traps, without a message. The rounds of SHA-256 stay a loop: unrolling them would add 7 KiB. What feeds a hash is called
/// and not inlined, which saves 1.8 KiB compressed.
const SMALL: [&str; 6] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "--cfg",
    "sha2_backend_soft=\"compact\"",
    "--cfg",
    "sandgate_small",
];
/// The features that Node 18, Chrome 114, and Firefox and Safari of that time have.
const FEATURES: [&str; 5] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
];

/// The most bytes of `sandgate.wasm`, compressed by gzip.
const MOST_COMPRESSED: usize = 48 * 1024;

/// Builds the modules into a folder: `sandgate.wasm`, and one each that signs, inspects and initialises.
pub(crate) fn modules(sh: &Shell, folder: &Path) -> anyhow::Result<()> {
    machine::packages(sh, &PACKAGES)?;
    let folder = cargo::root()?.join(folder);
    sh.create_dir(&folder)?;
    module(sh, &[], &folder.join("sandgate.wasm"))?;
    module(sh, &["--features", "sign-only"], &folder.join("sandgate_sign.wasm"))?;
    module(sh, &["--features", "inspect-only"], &folder.join("sandgate_inspect.wasm"))?;
    module(sh, &["--features", "initialize-only"], &folder.join("sandgate_initialize.wasm"))?;
    let compressed = cmd!(sh, "gzip --best --stdout {folder}/sandgate.wasm").quiet().output()?.stdout.len();
    ensure!(
        compressed <= MOST_COMPRESSED,
        "sandgate.wasm: must have at most {MOST_COMPRESSED} bytes compressed, not {compressed}"
    );
    Ok(())
}

fn module(sh: &Shell, features: &[&str], out: &Path) -> anyhow::Result<()> {
    let target = cargo::target_directory()?.join("wasm");
    let _environment = [
        sh.push_env("RUSTC", "/usr/bin/rustc"),
        sh.push_env("CARGO", "/usr/bin/cargo"),
        // Its core is built with features that are not stable.
        sh.push_env("RUSTC_BOOTSTRAP", "1"),
        sh.push_env("CARGO_TARGET_DIR", &target),
        sh.push_env("CARGO_ENCODED_RUSTFLAGS", [&LINK[..], &SMALL].concat().join("\x1f")),
    ];
    let options = ["--quiet", "--locked", "--profile", "wasm", "--package", "sandgate-node", "--crate-type", "cdylib"];
    let options = [&options[..], &["-Zbuild-std=core,alloc", "--target", "wasm32-unknown-unknown"], features].concat();
    cmd!(sh, "/usr/bin/cargo rustc {options...}").quiet().run()?;
    let built = target.join("wasm32-unknown-unknown/wasm/sandgate_node.wasm");
    // The optimiser takes most of the time, and several lanes build the package: its output is cached by its input.
    let mut given = DefaultHasher::new();
    (FEATURES, sh.read_binary_file(&built)?).hash(&mut given);
    let made = target.join("optimised").join(format!("{:016x}.wasm", given.finish()));
    if !made.exists() {
        sh.create_dir(target.join("optimised"))?;
        // A name of its own: another run may do the same at the same time.
        let new = made.with_extension(format!("{}.new", std::process::id()));
        cmd!(sh, "wasm-opt -Oz --converge {FEATURES...} {built} -o {new}").quiet().run()?;
        std::fs::rename(new, &made)?;
    }
    sh.copy_file(made, out)?;
    Ok(())
}
