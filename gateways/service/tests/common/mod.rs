//! The built service, started with a configuration of a test's own on free ports.

#![allow(dead_code, reason = "each test uses a part")]

pub(crate) mod proxy;
pub(crate) mod redis;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) const ID: &str = "i94gcaqbpvohfr764s5l";
pub(crate) const PUBLIC_ID: &str = "pub456";
pub(crate) const SEED: &[u8] = b"a seed of at least 32 bytes, kept secret";
pub(crate) const HEADER: &str = "e2b-traffic-access-token";

pub(crate) fn keyring() -> sandgate::v2::Keyring {
    sandgate::v2::Keyring::new("a".parse().unwrap(), SEED).unwrap()
}

pub(crate) fn token(generation: u32) -> String {
    keyring().traffic_token(&ID.parse().unwrap(), generation).expose().to_owned()
}

pub(crate) fn traffic_key() -> sandgate::v2::TrafficKey {
    sandgate::v2::TrafficKey::new(&keyring().traffic_token(&ID.parse().unwrap(), 0)).unwrap()
}

pub(crate) fn in_an_hour() -> sandgate::UnixSeconds {
    sandgate::UnixSeconds::now() + Duration::from_secs(3600)
}

/// A running service and its folder.
pub(crate) struct Service {
    pub(crate) folder: TempDir,
    pub(crate) child: Child,
    pub(crate) listeners: Vec<SocketAddr>,
    pub(crate) admin: Option<SocketAddr>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|line| line.0 == name).map(|line| line.1.as_str())
    }
}

/// A folder with `roots`, `state.toml` and the configuration.
pub(crate) fn folder(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = sandgate::v2::TrafficRoot::derive("a".parse().unwrap(), SEED).unwrap().expose().to_owned();
    std::fs::write(folder.path().join("roots"), root + "\n").unwrap();
    let state = format!("[sandboxes.{ID}]\n[sandboxes.{PUBLIC_ID}]\nrestricted = false\n");
    std::fs::write(folder.path().join("state.toml"), state).unwrap();
    write_config(folder.path(), config);
    folder
}

pub(crate) fn write_config(folder: &Path, config: &str) {
    let config = config.replace("FOLDER", folder.to_str().unwrap());
    std::fs::write(folder.join("gateway.toml"), config).unwrap();
}

pub(crate) const SEEDS_AND_STATE: &str = r#"
seeds.v2_traffic_roots = { file = "FOLDER/roots" }
state = { file = "FOLDER/state.toml" }
admin = { address = "127.0.0.1:0" }
"#;

pub(crate) fn listener(profile: &str) -> String {
    format!("[[listener]]\nprofile = \"{profile}\"\naddress = \"127.0.0.1:0\"\npeers = [\"127.0.0.0/8\"]\n")
}

pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sandgate-gateway"));
    command.arg("--config").arg(folder.join("gateway.toml"));
    command
}

impl Service {
    pub(crate) fn start(config: &str) -> Self {
        Self::start_in(folder(config))
    }

    pub(crate) fn start_in(folder: TempDir) -> Self {
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut child = command(folder.path()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let log = || std::fs::read_to_string(folder.path().join("log")).unwrap();
        let started: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{}", log()));
        let listeners = started["listeners"].as_array().unwrap().iter();
        let listeners = listeners.map(|address| address.as_str().unwrap().parse().unwrap()).collect();
        let admin = started["admin"].as_str().map(|address| address.parse().unwrap());
        Self { folder, child, listeners, admin }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap()
    }

    pub(crate) fn admin(&self, target: &str) -> Answer {
        ask(self.admin.unwrap(), "GET", target, &[("Host", "admin")])
    }

    /// Sends a signal to this service alone.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One request on a connection of its own.
pub(crate) fn ask(address: SocketAddr, method: &str, target: &str, lines: &[(&str, &str)]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    let lines: String = lines.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    stream.write_all(format!("{method} {target} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
    let mut head = head.split("\r\n");
    let status = head.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = head.map(|line| line.split_once(':').unwrap());
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    Answer { status, headers, body: body.to_owned() }
}

/// A request as nginx describes it.
pub(crate) fn ask_nginx(address: SocketAddr, method: &str, target: &str, host: &str, more: &[(&str, &str)]) -> Answer {
    let described = [
        ("Host", "127.0.0.1"),
        ("X-Sandgate-Method", method),
        ("X-Sandgate-Target", target),
        ("X-Sandgate-Host", host),
        ("X-Sandgate-Client", "192.0.2.7"),
    ];
    ask(address, "GET", "/", &[&described[..], more].concat())
}

/// How long a test waits for a process on a loaded machine.
pub(crate) const LONG: Duration = Duration::from_secs(120);

/// Whether one of five tries ends within a second. A loaded machine may fail a try.
pub(crate) fn within_a_second(mut act: impl FnMut() -> Instant, mut holds: impl FnMut() -> bool) -> bool {
    (0..5).any(|_| {
        let start = act();
        assert!(within(LONG, &mut holds), "it never happened");
        start.elapsed() < Duration::from_secs(1)
    })
}

/// Waits until something holds, at most `limit`.
pub(crate) fn within(limit: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < limit {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}
