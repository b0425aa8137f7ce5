//! Which lanes a change can affect.

use super::list::Lane;
use xshell::{Shell, cmd};

/// Files that no lane reads. All others are read by some lane, or by all.
const READ_BY_NONE: &[&str] = &[".gitignore"];

/// The files that differ from main: committed on this branch, or only in the working tree. On main itself, those that
/// differ from its upstream; without one, those that are not committed.
pub(super) fn files(sh: &Shell) -> anyhow::Result<Vec<String>> {
    let read = |arguments: &[&str]| cmd!(sh, "git {arguments...}").quiet().ignore_stderr().read();
    let branch = read(&["rev-parse", "--abbrev-ref", "HEAD"])?;
    let others: &[&str] = if branch == "main" { &["main@{upstream}"] } else { &["main", "origin/main"] };
    let base = others.iter().find_map(|other| read(&["merge-base", "HEAD", other]).ok());
    let base = base.unwrap_or_else(|| "HEAD".to_owned());
    // Both names of a file that was renamed.
    let differ = read(&["diff", "--name-only", "--no-renames", &base])?;
    let new = read(&["ls-files", "--others", "--exclude-standard"])?;
    Ok(differ.lines().chain(new.lines()).map(str::to_owned).collect())
}

/// Whether one of these files can affect a lane.
pub(super) fn affects(files: &[String], lane: &Lane, lanes: &[Lane]) -> bool {
    files.iter().any(|file| reads(lane, file) || is_unknown(file, lanes))
}

fn reads(lane: &Lane, file: &str) -> bool {
    is_in(lane.reads, file)
}

/// Whether no list names a file. It may affect every lane, as the manifests of the workspace and the lanes themselves do.
fn is_unknown(file: &str, lanes: &[Lane]) -> bool {
    !is_in(READ_BY_NONE, file) && !lanes.iter().any(|lane| reads(lane, file))
}

/// A path that ends with `/` or `-` stands for all that begin with it.
fn is_in(paths: &[&str], file: &str) -> bool {
    paths.iter().any(|path| *path == file || path.ends_with(['/', '-']) && file.starts_with(path))
}

#[cfg(test)]
mod tests {
    use super::super::list::TEST;
    use super::*;
    use crate::cargo;

    fn affected(files: &[&str]) -> Vec<&'static str> {
        let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
        TEST.iter().filter(|lane| affects(&files, lane, TEST)).map(|lane| lane.name).collect()
    }

    #[test]
    fn change_of_core_affects_all_lanes_but_the_one_of_vectors() {
        assert_eq!(affected(&["core/src/lib.rs"]).len(), TEST.len() - 1);
    }

    #[test]
    fn change_of_one_binding_leaves_the_other_alone() {
        let lanes = affected(&["bindings-node/ts/edge.ts"]);
        assert!(lanes.contains(&"the npm package") && !lanes.contains(&"the Python package"), "{lanes:?}");
    }

    #[test]
    fn change_of_a_page_affects_the_lanes_that_read_it() {
        assert_eq!(affected(&["docs/decisions.md"]), ["relative links lead somewhere"]);
        assert_eq!(affected(&["docs/format.md"]), ["relative links lead somewhere", "tests in Rust"]);
        assert!(affected(&["README.md"]).contains(&"the README's quick starts"));
    }

    #[test]
    fn unknown_and_shared_files_affect_every_lane() {
        for file in ["new/file.c", "Cargo.lock", "xtask/src/main.rs"] {
            assert_eq!(affected(&[file]).len(), TEST.len(), "{file}");
        }
    }

    #[test]
    fn every_path_of_the_lists_exists() -> anyhow::Result<()> {
        let sh = Shell::new()?;
        sh.change_dir(cargo::root()?);
        let tracked = cmd!(sh, "git ls-files").quiet().read()?;
        for path in TEST.iter().flat_map(|lane| lane.reads).chain(READ_BY_NONE) {
            assert!(tracked.lines().any(|file| is_in(&[path], file)), "{path} is no file here");
        }
        Ok(())
    }
}
