//! Formatting, clippy and rustdoc, all as errors, in every workspace.

use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    cmd!(sh, "cargo fmt --all --check").run()?;
    cmd!(sh, "cargo clippy --quiet --workspace --all-targets --all-features -- -D warnings").run()?;
    // Without std, as firmware builds it.
    let bare =
        ["--package", "sandgate", "--package", "sandgate-capi", "--no-default-features", "--profile", "firmware"];
    cmd!(sh, "cargo clippy --quiet {bare...} -- -D warnings").run()?;
    // The freestanding crate has no test harness, and only its release profile aborts on panic.
    let others = [("benches", "--all-targets"), ("fuzz", "--all-targets"), ("xtask/freestanding", "--release")];
    for (workspace, targets) in others {
        cmd!(sh, "cargo fmt --manifest-path {workspace}/Cargo.toml --check").run()?;
        cmd!(sh, "cargo clippy --quiet --manifest-path {workspace}/Cargo.toml {targets} -- -D warnings").run()?;
    }
    let docs = cmd!(sh, "cargo doc --quiet --no-deps --package sandgate --all-features");
    docs.env("RUSTDOCFLAGS", "-D warnings").run()?;
    Ok(())
}
