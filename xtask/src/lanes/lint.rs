//! Formatting, clippy and rustdoc, all as errors, in every workspace; and the links between the documents.

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    cmd!(sh, "cargo fmt --all --check").run()?;
    cmd!(sh, "cargo clippy --quiet --workspace --all-targets --all-features -- -D warnings").run()?;
    // Without std, as firmware builds it.
    let bare =
        ["--package", "sandgate", "--package", "sandgate-capi", "--no-default-features", "--profile", "firmware"];
    cmd!(sh, "cargo clippy --quiet {bare...} -- -D warnings").run()?;
    let others = [
        ("benches", "--all-targets"),
        ("fuzz", "--all-targets"),
        ("xtask/constant-time", "--all-targets"),
        // It has no test harness, and only its release profile aborts on panic.
        ("xtask/freestanding", "--release"),
    ];
    for (workspace, targets) in others {
        cmd!(sh, "cargo fmt --manifest-path {workspace}/Cargo.toml --check").run()?;
        cmd!(sh, "cargo clippy --quiet --manifest-path {workspace}/Cargo.toml {targets} -- -D warnings").run()?;
    }
    let docs = cmd!(sh, "cargo doc --quiet --no-deps --package sandgate --all-features");
    docs.env("RUSTDOCFLAGS", "-D warnings").run()?;
    Ok(())
}

/// Every relative link of a document leads to a file or a folder.
pub(super) fn links(sh: &Shell) -> anyhow::Result<()> {
    for document in cmd!(sh, "git ls-files *.md").quiet().read()?.lines() {
        let text = sh.read_file(document)?;
        let folder = sh.current_dir().join(document);
        let folder = folder.parent().context("the document has no parent folder")?;
        let links = text.split("](").skip(1).chain(text.split("src=\"").skip(1));
        for link in links.filter_map(|rest| rest.split([')', '"']).next()) {
            let path = link.split('#').next().unwrap_or_default();
            let is_relative = !path.contains("://") && !path.contains(char::is_whitespace);
            ensure!(
                !is_relative || folder.join(path).exists(),
                "{document}: the link {link} must lead to a file or a folder of this repository"
            );
        }
    }
    Ok(())
}
