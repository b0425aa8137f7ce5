//! The published Linux packages load on every glibc that their documentation names.

use crate::{addon, cargo, machine, wheel, zig};
use anyhow::ensure;
use xshell::{Shell, cmd};

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    machine::packages(sh, &["binutils"])?;
    if zig::target().is_none() {
        println!("nothing is published for this platform");
        return Ok(());
    }
    let root = cargo::root()?;
    addon::packed(sh)?;
    zig::check(sh, &root.join("bindings-node").join(addon::ADDON))?;

    let (wheel, unpacked) = (wheel::build(sh)?, cargo::target_directory()?.join("glibc"));
    let tagged = wheel.to_string_lossy().contains("manylinux2014_x86_64");
    ensure!(tagged, "{}: must be tagged manylinux2014", wheel.display());
    sh.remove_path(&unpacked)?;
    cmd!(sh, "python3 -m zipfile --extract {wheel} {unpacked}").quiet().run()?;
    zig::check(sh, &unpacked.join("sandgate/_sandgate.abi3.so"))
}
