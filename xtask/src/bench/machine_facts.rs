//! What a report says about the machine: no name and no path of it.

use std::collections::BTreeMap;
use xshell::{Shell, cmd};

/// The crates whose versions a report names.
const CRATES: [&str; 9] =
    ["aws-lc-rs", "base64", "form_urlencoded", "hex", "hmac", "jsonwebtoken", "ring", "sha2", "subtle"];

/// One line each.
pub(super) fn of(sh: &Shell) -> anyhow::Result<Vec<(&'static str, String)>> {
    let processor = sh.read_file("/proc/cpuinfo").unwrap_or_default();
    let system = sh.read_file("/etc/os-release").unwrap_or_default();
    let load = sh.read_file("/proc/loadavg").unwrap_or_default();
    let rustc = cmd!(sh, "rustc --version").quiet().read()?;
    Ok(vec![
        ("date", cmd!(sh, "date --utc +%F").quiet().read()?),
        ("processor", described(&processor)),
        ("system", value(&system, "PRETTY_NAME=").unwrap_or("unknown").to_owned()),
        ("compiler", rustc.split_whitespace().take(2).collect::<Vec<_>>().join(" ")),
        ("load before", load.split(' ').next().unwrap_or_default().to_owned()),
    ])
}

/// The model and the number of the processors, and whether they hash by instructions.
fn described(info: &str) -> String {
    let line = |name: &str| info.lines().find(|line| line.starts_with(name)).and_then(|line| line.split(": ").nth(1));
    let count = info.lines().filter(|line| line.starts_with("processor")).count();
    let sha = line("flags").is_some_and(|flags| flags.split(' ').any(|flag| flag == "sha_ni"));
    let hashes = if sha { "with" } else { "without" };
    format!("{count} × {}, {hashes} SHA instructions", line("model name").unwrap_or("unknown"))
}

fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    Some(text.lines().find_map(|line| line.strip_prefix(name))?.trim_matches('"'))
}

/// The versions in a lock file of cargo.
pub(super) fn crates(lock: &str) -> BTreeMap<String, String> {
    let packages = lock.split("[[package]]").filter_map(|package| {
        let field = |name: &str| value(package, name);
        let name = field("name = ")?;
        CRATES.contains(&name).then_some((name.to_owned(), field("version = ")?.to_owned()))
    });
    packages.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_is_described_without_the_machine() {
        let info =
            "processor\t: 0\nmodel name\t: A B\nflags\t\t: sse2 sha_ni avx2\nprocessor\t: 1\nmodel name\t: A B\n";
        assert_eq!(described(info), "2 × A B, with SHA instructions");
        assert_eq!(described("processor\t: 0\n"), "1 × unknown, without SHA instructions");
    }

    #[test]
    fn versions_of_the_peers_come_from_the_lock_file() {
        let lock = "version = 4\n\n[[package]]\nname = \"ring\"\nversion = \"0.17.14\"\n\n[[package]]\nname = \"other\"\nversion = \"1.0.0\"\n";
        assert_eq!(crates(lock), BTreeMap::from([("ring".to_owned(), "0.17.14".to_owned())]));
    }
}
