//! A real Redis on a port and in a folder of its own.

use super::{HEADER, ID, LONG, Service, ask_nginx, listener, within};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A server and the commands for it.
pub(crate) struct Redis {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) port: u16,
    server: Child,
}

fn server(folder: &Path, port: u16, more: &[&str]) -> Child {
    let mut command = Command::new("redis-server");
    command.args([
        "--port",
        &port.to_string(),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
    ]);
    command.args(more).arg("--dir").arg(folder).args(["--enable-debug-command", "yes"]).stdout(Stdio::null());
    command.spawn().expect("redis-server must be installed: apt-get install redis-server")
}

impl Redis {
    pub(crate) fn start() -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let server = server(folder.path(), port, &[]);
        let redis = Self { folder, port, server };
        redis.wait();
        redis
    }

    pub(crate) fn wait(&self) {
        assert!(within(LONG, || self.cli(&["PING"]) == "PONG"));
    }

    pub(crate) fn cli(&self, arguments: &[&str]) -> String {
        let output = Command::new("redis-cli").args(["-p", &self.port.to_string()]).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub(crate) fn stop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    pub(crate) fn restart(&mut self) {
        self.start_again(&[]);
        self.wait();
    }

    /// Starts without waiting.
    pub(crate) fn start_again(&mut self, more: &[&str]) {
        self.server = server(self.folder.path(), self.port, more);
    }

    pub(crate) fn set(&self, generation: u32) {
        self.cli(&["HSET", &key(), "restricted", "1", "generation", &generation.to_string()]);
    }

    pub(crate) fn changed(&self, message: &str) {
        self.cli(&["PUBLISH", "sandgate:changed", message]);
    }

    pub(crate) fn gateway(&self, more: &str) -> Service {
        Self::gateway_of(&format!("address = \"127.0.0.1:{}\"", self.port), more)
    }

    /// A gateway that is ready.
    pub(crate) fn gateway_of(table: &str, more: &str) -> Service {
        // Long by default: a loaded machine is slow too.
        let limit = if more.contains("timeout_ms") { "" } else { ", timeout_ms = 2000" };
        let state = format!("state.redis = {{ {table} }}\nstore = {{ {more}{limit} }}\n");
        let seeds = "seeds.v2_traffic_roots = { file = \"FOLDER/roots\" }\nadmin = { address = \"127.0.0.1:0\" }\n";
        let service = Service::start(&format!("{seeds}{state}{}", listener("nginx")));
        assert!(within(LONG, || service.admin("/readyz").status == 200));
        service
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

pub(crate) fn key() -> String {
    format!("sandgate:sandbox:{ID}")
}

/// The status of the answer for the client.
pub(crate) fn status(service: &Service, token: &str) -> u16 {
    let answer = ask_nginx(service.listeners[0], "GET", "/", &format!("8080-{ID}.sandbox.test"), &[(HEADER, token)]);
    answer.header("x-sandgate-status").map_or(answer.status, |status| status.parse().unwrap())
}
