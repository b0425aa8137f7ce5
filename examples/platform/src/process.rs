//! A server process: starts it, waits until it listens, and ends it.

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

const TIME_TO_START: Duration = Duration::from_secs(60);
const TIME_TO_END: Duration = Duration::from_secs(5);

pub(crate) struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    /// Starts `command` and waits for the line on its stdout that names its port on 127.0.0.1.
    ///
    /// The process gets only PATH of the platform's environment, which may contain a seed.
    pub(crate) async fn start(mut command: Command) -> anyhow::Result<Self> {
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let program = command.as_std().get_program().to_owned();
        let start = async {
            let mut child = command.spawn()?;
            let stdout = child.stdout.take().context("it has no stdout")?;
            let port = wait_for_port(stdout).await?;
            Ok(Self { child, address: SocketAddr::from(([127, 0, 0, 1], port)) })
        };
        let started = timeout(TIME_TO_START, start)
            .await
            .context("it did not say in time that it listens")
            .and_then(|started| started);
        started.with_context(|| format!("starting {}", program.display()))
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends the signal. False if the process has already ended.
    pub(crate) fn signal(&self, signal: Signal) -> bool {
        // Its id cannot be reused before it was waited for.
        let pid = self.child.id().and_then(|pid| Pid::from_raw(pid.cast_signed()));
        pid.is_some_and(|pid| kill_process(pid, signal).is_ok())
    }

    /// Requests its end, and kills it if it does not end.
    pub(crate) async fn stop(mut self) {
        if !self.signal(Signal::TERM) || timeout(TIME_TO_END, self.child.wait()).await.is_err() {
            // An error means that it has already ended.
            let _ = self.child.kill().await;
        }
    }
}

async fn wait_for_port(stdout: ChildStdout) -> anyhow::Result<u16> {
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(port) = line.strip_prefix("listening on 127.0.0.1:") {
            let port = port.parse()?;
            // Further output is read and dropped, so that the process never blocks on a full pipe.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(port);
        }
    }
    bail!("it ended before it said that it listens")
}
