//! The quick starts of the README and of the tower layer's, as a reader types them: in an empty folder, with the package installed as the README
//! says. The lane of the C library tests those in C.

use crate::{addon, cargo, machine, wheel};
use anyhow::{Context, ensure};
use std::path::Path;
use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    machine::packages(sh, &["python3-venv"])?;
    let readme = sh.read_file("README.md")?;
    rust(sh, &readme)?;
    tower(sh)?;
    python(sh, &readme)?;
    javascript(sh, &readme)
}

/// The one block of this language.
fn block<'r>(readme: &'r str, language: &str) -> anyhow::Result<&'r str> {
    let fence = format!("\n```{language}\n");
    let mut blocks = readme.split(&fence).skip(1);
    let block = blocks
        .next()
        .and_then(|rest| rest.split_once("\n```"))
        .with_context(|| format!("README.md: must have a block of {language}"))?
        .0;
    ensure!(blocks.next().is_none(), "README.md: must have one block of {language}");
    Ok(block)
}

/// A crate of its own, which shares no feature with the workspace.
fn rust(sh: &Shell, readme: &str) -> anyhow::Result<()> {
    let target = cargo::target_directory()?.join("quick-start");
    // Outside of the workspace: inside, cargo would require it as a member.
    let folder = sh.create_temp_dir()?;
    let _folder = sh.push_dir(folder.path());
    let root = cargo::root()?;
    cmd!(sh, "ln -s {root} sandgate").quiet().run()?;
    sh.write_file("Cargo.toml", "[package]\nname = \"quick-start\"\nedition = \"2024\"\n")?;
    sh.write_file("src/main.rs", block(readme, "rust")?)?;
    // The versions that the workspace locks, which cargo has.
    sh.copy_file(root.join("Cargo.lock"), "Cargo.lock")?;
    let add = "cargo add sandgate --path sandgate/core --features std";
    ensure!(readme.contains(&format!("`{add}`")), "README.md: must contain `{add}`");
    cmd!(sh, "sh -c {add}").env("CARGO_NET_OFFLINE", "true").quiet().ignore_stderr().run()?;
    let _target = sh.push_env("CARGO_TARGET_DIR", target);
    cmd!(sh, "cargo run --quiet --offline").quiet().run()?;
    println!("Rust: runs");
    Ok(())
}

/// The layer's own README: a crate of its own with axum, installed as that README says.
fn tower(sh: &Shell) -> anyhow::Result<()> {
    let (root, target) = (cargo::root()?, cargo::target_directory()?.join("quick-start"));
    let readme = sh.read_file("gateways/tower/README.md")?;
    let example = block(&readme, "rust")?;
    ensure!(example.lines().count() <= 40, "gateways/tower/README.md: the example must have at most 40 lines");
    let folder = sh.create_temp_dir()?;
    let _folder = sh.push_dir(folder.path());
    cmd!(sh, "ln -s {root} sandgate").quiet().run()?;
    sh.write_file("Cargo.toml", "[package]\nname = \"tower-quick-start\"\nedition = \"2024\"\n")?;
    sh.write_file("src/main.rs", example)?;
    sh.copy_file(root.join("Cargo.lock"), "Cargo.lock")?;
    for add in block(&readme, "sh")?.lines() {
        ensure!(
            add.starts_with("cargo add "),
            "gateways/tower/README.md: must install with cargo add, not with `{add}`"
        );
        cmd!(sh, "sh -c {add}").env("CARGO_NET_OFFLINE", "true").quiet().ignore_stderr().run()?;
    }
    let _target = sh.push_env("CARGO_TARGET_DIR", target);
    let said = cmd!(sh, "cargo run --quiet --offline").quiet().read()?;
    ensure!(said == "200 OK\n401 Unauthorized", "the example of gateways/tower/README.md printed {said}");
    println!("tower: runs");
    Ok(())
}

/// A virtual environment with the wheel and nothing else.
fn python(sh: &Shell, readme: &str) -> anyhow::Result<()> {
    let wheel = wheel::build(sh)?;
    let folder = sh.create_temp_dir()?;
    let _folder = sh.push_dir(folder.path());
    cmd!(sh, "python3 -m venv venv").quiet().run()?;
    wheel::install(sh, Path::new("venv/bin/python"), wheel)?;
    sh.write_file("quick_start.py", block(readme, "python")?)?;
    cmd!(sh, "venv/bin/python quick_start.py").quiet().run()?;
    println!("Python: runs");
    Ok(())
}

/// The packages as they are packed, and the folder, as the README installs it.
fn javascript(sh: &Shell, readme: &str) -> anyhow::Result<()> {
    let packed = addon::packed(sh)?;
    let package = cargo::root()?.join("bindings-node");
    for what in [&[packed.main.as_path(), packed.platform.as_path()][..], &[&package]] {
        let folder = sh.create_temp_dir()?;
        addon::install(sh, folder.path(), what, &[])?;
        let _folder = sh.push_dir(folder.path());
        sh.write_file("quick_start.mjs", block(readme, "js")?)?;
        cmd!(sh, "node quick_start.mjs").quiet().run()?;
    }
    println!("JavaScript: runs");
    Ok(())
}
