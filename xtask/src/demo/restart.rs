//! A controller that is killed and started again, as a supervisor would: it refuses everything until it is initialised again.

use super::client::Client;
use super::platform::Platform;
use super::probe::Probe;
use super::rows::Rows;
use super::sandbox::{CONTROLLER, Sandbox};
use anyhow::{Context, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const PATH: &str = "/home/user/kept.txt";
const WAITS: &str = "401 envd not initialized";
const MISMATCH: &str = "401 access token present in header but does not match";

/// Returns the secrets that must not appear in a log.
pub(crate) fn check(rows: &mut Rows, client: &mut Client, platform: &Platform) -> anyhow::Result<Vec<String>> {
    let sandbox = client.sandbox("create", json!({}))?;
    client.text("write", json!({ "id": sandbox.id, "path": PATH, "text": "kept" }))?;
    let signed = client.url("download_url", json!({ "id": sandbox.id, "path": PATH }))?;
    let mut restarted = Restarted::of(platform, &sandbox)?;

    let (host, edge) = (sandbox.host(CONTROLLER), platform.edge());
    let token = format!("X-Access-Token: {}", sandbox.access_token()?);
    let file = format!("{edge}/files?path=kept.txt");
    let own = format!("http://127.0.0.1:{}", restarted.port);
    for (step, probe, url, expected) in [
        ("GET /files, the token", Probe::get().header(&token), &file, WAITS),
        ("GET /files, no token", Probe::get(), &file, WAITS),
        ("GET /files, a signature", Probe::get(), &signed, WAITS),
        ("POST /files, the token", Probe::form("spoiled").header(&token), &file, WAITS),
        (
            "POST /files/compose, the token",
            Probe::method("POST").header(&token),
            &format!("{edge}/files/compose"),
            WAITS,
        ),
        ("a preflight", Probe::preflight(""), &file, WAITS),
        ("POST /init at the edge", Probe::json("{}").header(&token), &format!("{edge}/init"), "404 not found"),
        ("POST /init at its port", Probe::json("{}"), &format!("{own}/init"), "404 not found"),
        ("GET /health", Probe::get(), &format!("{edge}/health"), "204"),
    ] {
        let answer = probe.header(&host).send(url)?;
        rows.add(format!("restarted: {step}"), "nobody", "controller", expected, answer.outcome().trim_end());
    }

    // The platform published the hash of the token, and that is the only one that it takes.
    for (step, body, expected) in [
        ("another token", r#"{"accessToken":"another"}"#, "401 access token validation failed"),
        ("no token", "{}", "401 access token reset not authorized"),
    ] {
        let answer = Probe::json(body).socket(&restarted.socket).send("http://controller/init")?;
        rows.add(format!("restarted: /init with {step}"), "nobody", "controller", expected, answer.outcome());
    }
    let again = client.sandbox("connect", json!({ "id": sandbox.id }))?;
    let same = if again.access_token()? == sandbox.access_token()? { "the same token" } else { "another token" };
    rows.add("restarted: Sandbox.connect", client.name(), "platform", "the same token", same);
    for (step, header, expected) in
        [("the token", token.as_str(), "200 kept"), ("a wrong token", "X-Access-Token: wrong", MISMATCH)]
    {
        let answer = Probe::get().header(&host).header(header).send(&file)?;
        rows.add(format!("initialised again: GET /files, {step}"), "nobody", "controller", expected, answer.outcome());
    }
    let answer = Probe::get().send(&signed)?;
    rows.add("initialised again: GET /files, a signature", client.name(), "controller", "200 kept", answer.outcome());
    restarted.stop()?;
    client.text("kill", json!({ "id": sandbox.id }))?;
    Ok(sandbox.secrets().collect())
}

/// A controller with the command line and the directory of the one before, at its port.
struct Restarted {
    child: Child,
    port: u16,
    /// In its directory, whose own path may be too long for a socket.
    socket: String,
}

impl Restarted {
    fn of(platform: &Platform, sandbox: &Sandbox) -> anyhow::Result<Self> {
        let pid = platform.controller_of(&sandbox.id)?;
        let line = String::from_utf8(fs::read(format!("/proc/{pid}/cmdline"))?)?;
        let (directory, port) = (fs::read_link(format!("/proc/{pid}/cwd"))?, platform.controller_port(&sandbox.id)?);
        kill_process(Pid::from_raw(pid.cast_signed()).context("no process")?, Signal::KILL)?;
        // Until the process is gone, its port and its socket are in use.
        let late = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_ok() {
            ensure!(Instant::now() < late, "the controller was killed and still answers");
            sleep(Duration::from_millis(10));
        }

        let mut words = line.split_terminator('\0');
        let mut command = Command::new(words.next().context("no command")?);
        // The last of two ports counts.
        command.args(words).args(["--port", &port.to_string()]).current_dir(directory);
        let log = fs::File::options().append(true).open(&platform.log)?;
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no stdout")?).read_line(&mut line)?;
        let socket = format!("/proc/{}/cwd/init.sock", child.id());
        let restarted = Self { child, port, socket };
        ensure!(line == format!("listening on 127.0.0.1:{port}\n"), "the controller does not start: {line:?}");
        Ok(restarted)
    }

    fn stop(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Restarted {
    fn drop(&mut self) {
        drop(self.stop());
    }
}
