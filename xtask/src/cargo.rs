//! Asks cargo where it builds and what it built, because the environment and configuration files can change both.

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use xshell::{Cmd, Shell, cmd};

/// The root of this repository.
pub(crate) fn root() -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.map(Path::to_owned).context("xtask is not in a workspace")
}

/// Cargo's target directory, absolute.
pub(crate) fn target_directory() -> anyhow::Result<PathBuf> {
    let sh = Shell::new()?;
    // Both its configuration and a relative CARGO_TARGET_DIR depend on where cargo runs.
    sh.change_dir(root()?);
    let metadata = cmd!(sh, "cargo metadata --no-deps --format-version 1").quiet().read()?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    metadata["target_directory"].as_str().map(PathBuf::from).context("cargo names no target directory")
}

/// Runs a command of cargo that builds, and returns the file that it built of the target `name` with one of these
/// extensions; "" is none.
///
/// # Errors
///
/// If cargo fails, or if it built no such file or several, as with more than one `build.target`.
pub(crate) fn built(command: Cmd<'_>, name: &str, extensions: &[&str]) -> anyhow::Result<PathBuf> {
    let command = command.quiet().args(["--quiet", "--message-format", "json-render-diagnostics"]);
    let mut found = artefacts(&command.read()?, name)?;
    found.retain(|file| extensions.contains(&file.extension().and_then(|extension| extension.to_str()).unwrap_or("")));
    ensure!(found.len() < 2, "cargo built more than one {name}: {found:?}");
    match found.pop() {
        Some(file) => Ok(file),
        None => bail!("cargo built no {name} with the extension {}", extensions.join(" or ")),
    }
}

/// The files of one target in the messages of a build, whether just built or fresh.
fn artefacts(messages: &str, name: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for message in messages.lines() {
        let message: Value = serde_json::from_str(message).context("cargo did not print JSON")?;
        if message["reason"] == "compiler-artifact" && message["target"]["name"] == name {
            let names = message["filenames"].as_array().into_iter().flatten();
            files.extend(names.filter_map(|file| file.as_str().map(PathBuf::from)));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A library whose configuration builds elsewhere and for a named target; an old one is at the obvious path.
    #[test]
    fn artefact_is_the_one_that_this_build_made() -> anyhow::Result<()> {
        let sh = Shell::new()?;
        let folder = target_directory()?.join(format!("asking-cargo-{}", std::process::id()));
        sh.remove_path(&folder)?;
        sh.write_file(
            folder.join("Cargo.toml"),
            "[package]\nname = \"asked\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"staticlib\", \"rlib\"]\n[workspace]\n",
        )?;
        sh.write_file(folder.join("src/lib.rs"), "")?;
        let host = cmd!(sh, "rustc --print host-tuple").quiet().read()?;
        let configuration = format!("[build]\ntarget-dir = \"elsewhere\"\ntarget = \"{host}\"\n");
        sh.write_file(folder.join(".cargo/config.toml"), configuration)?;
        for guess in ["target/debug/libasked.a", "elsewhere/debug/libasked.a"] {
            sh.write_file(folder.join(guess), "old")?;
        }
        let _folder = sh.push_dir(&folder);
        // These take precedence over the configuration.
        let build = || {
            let build = cmd!(sh, "cargo build");
            build.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET_DIR").env_remove("CARGO_BUILD_TARGET")
        };
        let expected = folder.join("elsewhere").join(&host).join("debug");
        // Built, and then fresh.
        for _ in 0..2 {
            assert_eq!(built(build(), "asked", &["rlib"])?, expected.join("libasked.rlib"));
        }
        assert!(built(build(), "asked", &["so"]).is_err(), "there is no such file");
        assert!(built(build(), "another", &["rlib"]).is_err(), "there is no such target");
        assert!(built(build(), "asked", &["a", "rlib"]).is_err(), "there are two such files");
        sh.remove_path(&folder)?;
        Ok(())
    }
}
