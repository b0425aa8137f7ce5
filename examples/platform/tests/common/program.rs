//! The platform as a program.

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sandgate-platform"));
    command.args(["--controller", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fake_controller.py")]);
    command.env_remove("SANDGATE_SEED").env_remove("SANDGATE_SEEDS_V2").env_remove("SANDGATE_API_KEYS");
    command
}

/// The platform and its sandboxes end with the test, even if it fails.
pub(crate) struct Platform(Child);

impl Platform {
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
    }

    pub(crate) fn stop(&mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        self.0.wait().unwrap()
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            self.stop();
        }
    }
}

/// The platform, and the addresses of its API and its edge.
pub(crate) fn start(command: &mut Command) -> (Platform, SocketAddr, SocketAddr) {
    let mut platform = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(platform.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let urls: Value = serde_json::from_str(&line).unwrap();
    let address = |name: &str| urls[name].as_str().unwrap()["http://".len()..].parse().unwrap();
    (Platform(platform), address("api"), address("edge"))
}
