//! The platform, started on free ports with secrets of its own.

use crate::setup::Tools;
use anyhow::{Context, ensure};
use rustix::process::{Pid, Signal, kill_process};
use sandgate::KeyId;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

/// The platform's own, without its port.
pub(crate) const DOMAIN: &str = "sandbox.localhost";

pub(crate) struct Platform {
    child: Child,
    urls: Urls,
    seed: String,
    seeds_v2: [(KeyId, String); 2],
    api_key: String,
    /// The directory below which it keeps the files of its sandboxes.
    pub(crate) temporary: PathBuf,
    pub(crate) log: PathBuf,
}

#[derive(Deserialize)]
struct Urls {
    api: String,
    edge: String,
}

impl Platform {
    /// Starts it in a directory of this name, with options beside its defaults.
    pub(crate) fn start(tools: &Tools, name: &str, options: &[&str]) -> anyhow::Result<Self> {
        let directory = tools.scratch.join("platform").join(name);
        let (temporary, log) = (directory.join("tmp"), directory.join("log"));
        if directory.exists() {
            fs::remove_dir_all(&directory)?;
        }
        fs::create_dir_all(&temporary)?;
        let seed = random_hex(32)?;
        // The second one used to be the first, and its tokens are still in use.
        let seeds_v2 = [("b".parse()?, random_hex(32)?), ("a".parse()?, random_hex(32)?)];
        // E2B's SDKs look at the shape of a key.
        let api_key = format!("e2b_{}", random_hex(20)?);
        let (seed_file, key_file) = (directory.join("seed"), directory.join("api-keys"));
        let seeds_v2_file = directory.join("seeds-v2");
        write_private(&seed_file, &seed)?;
        write_private(&seeds_v2_file, &seeds_v2.each_ref().map(|(kid, seed)| format!("{kid} {seed}\n")).concat())?;
        write_private(&key_file, &api_key)?;

        let mut command = Command::new(&tools.platform);
        command.arg("--controller").arg(&tools.controller);
        command.arg("--seed-file").arg(&seed_file).arg("--seeds-v2").arg(&seeds_v2_file);
        command.arg("--api-keys-file").arg(&key_file).args(options);
        command.env("TMPDIR", &temporary).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&log)?);
        let mut child = command.spawn().context("starting the platform")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no stdout")?).read_line(&mut line)?;
        let urls =
            serde_json::from_str(&line).with_context(|| format!("the platform did not start: {}", log.display()));
        let urls = urls.inspect_err(|_| drop(child.kill().and_then(|()| child.wait())))?;
        Ok(Self { child, urls, seed, seeds_v2, api_key, temporary, log })
    }

    pub(crate) fn api(&self) -> &str {
        &self.urls.api
    }

    pub(crate) fn edge(&self) -> &str {
        &self.urls.edge
    }

    pub(crate) fn api_key(&self) -> &str {
        &self.api_key
    }

    pub(crate) fn seed(&self) -> &str {
        &self.seed
    }

    /// Of v2: the first derives.
    pub(crate) fn seeds_v2(&self) -> &[(KeyId, String); 2] {
        &self.seeds_v2
    }

    /// All names in a directory of a sandbox, as it is on disk, hidden and temporary ones too.
    pub(crate) fn names_in(&self, sandbox: &str, directory: &str) -> anyhow::Result<Vec<String>> {
        let root = fs::read_dir(&self.temporary)?.next().context("no sandboxes")??;
        let directory = root.path().join(sandbox).join("files").join(directory.trim_start_matches('/'));
        let mut names = Vec::new();
        for entry in fs::read_dir(directory)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    /// Its processes that still run.
    pub(crate) fn children(&self) -> anyhow::Result<Vec<u32>> {
        let mut children = Vec::new();
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let of_thread = fs::read_to_string(thread?.path().join("children"))?;
            for pid in of_thread.split_whitespace() {
                children.push(pid.parse()?);
            }
        }
        Ok(children)
    }

    /// The process of a sandbox's controller.
    pub(crate) fn controller_of(&self, sandbox: &str) -> anyhow::Result<u32> {
        let is_controller = |pid: &u32| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line);
            line.contains("--init-socket") && line.contains(sandbox)
        };
        self.children()?.into_iter().find(is_controller).context("no controller")
    }

    /// Where a sandbox's controller listens, from the log.
    pub(crate) fn controller_port(&self, sandbox: &str) -> anyhow::Result<u16> {
        let (log, start) =
            (fs::read_to_string(&self.log)?, format!("sandbox {sandbox}: its controller is at 127.0.0.1:"));
        let port = log.lines().rev().find_map(|line| line.strip_prefix(&start)).context("no port in the log")?;
        Ok(port.parse()?)
    }

    /// The most memory, in bytes, that it and each of its processes has needed so far.
    pub(crate) fn peak_memory(&self) -> anyhow::Result<BTreeMap<u32, usize>> {
        let peak = |pid: u32| {
            let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
            let kibibytes: usize = peak.trim().trim_end_matches(" kB").parse()?;
            Ok((pid, kibibytes * 1024))
        };
        self.children()?.into_iter().chain([self.child.id()]).map(peak).collect()
    }

    pub(crate) fn stop(&mut self) -> anyhow::Result<ExitStatus> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        Ok(self.child.wait()?)
    }
}

impl Drop for Platform {
    /// Stops the platform on every path, so that the platform stops its sandboxes.
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            drop(self.stop());
        }
    }
}

fn random_hex(bytes: usize) -> anyhow::Result<String> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random)?;
    let mut hex = String::new();
    for byte in random {
        write!(hex, "{byte:02x}")?;
    }
    ensure!(hex.len() == 2 * bytes);
    Ok(hex)
}

fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}
