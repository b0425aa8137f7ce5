//! The public names of the Python package, as Python's own parser reads its stubs and sources.

use crate::cargo;
use std::collections::BTreeSet;
use std::path::Path;
use xshell::{Shell, cmd};

/// What `__all__` lists in each public module, and the members of the classes among it.
pub(super) fn names(sh: &Shell, package: &Path) -> anyhow::Result<BTreeSet<String>> {
    let script = cargo::root()?.join("xtask/api/python_names.py");
    Ok(serde_json::from_str(&cmd!(sh, "python3 -B {script} {package}").quiet().read()?)?)
}
