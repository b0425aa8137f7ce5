//! Which files of a Python package import which others, as Python's own parser reads them.

use super::cycles::Imports;
use crate::cargo;
use std::path::Path;
use xshell::{Shell, cmd};

/// Reads every file of a package. Files are named as `package` is.
pub(super) fn imports(sh: &Shell, package: &Path) -> anyhow::Result<Imports> {
    let script = cargo::root()?.join("xtask/layers/python_imports.py");
    Ok(serde_json::from_str(&cmd!(sh, "python3 -B {script} {package}").quiet().read()?)?)
}
