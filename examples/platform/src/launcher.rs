//! The content of a sandbox: here a directory and two processes.

use crate::controller_tokens;
use crate::process::Process;
use anyhow::{Context, ensure};
use rustix::process::Signal;
use sandgate::{AccessToken, SandboxId};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;
use tokio::fs;
use tokio::process::Command;

/// The path of port 8080's page in the sandbox's files.
const WEB: &str = "srv/www";
/// The program that listens there.
const WEB_SERVER: &str = include_str!("web.py");

/// Starts sandboxes below one temporary directory.
pub(crate) struct Launcher {
    controller: PathBuf,
    directory: TempDir,
}

/// The processes of a sandbox.
pub(crate) struct Running {
    /// At port 49983.
    pub(crate) controller: Process,
    /// At port 8080: a web server without any check of tokens.
    pub(crate) web: Process,
    directory: PathBuf,
}

impl Launcher {
    pub(crate) fn new(controller: &Path) -> anyhow::Result<Self> {
        let controller = controller.canonicalize().with_context(|| format!("--controller {}", controller.display()))?;
        // No other user of this machine may read the sandboxes' files.
        let private = Permissions::from_mode(0o700);
        let directory = tempfile::Builder::new().prefix("sandgate-").permissions(private).tempdir()?;
        Ok(Self { controller, directory })
    }

    /// Starts a sandbox; without tokens its controller is open.
    pub(crate) async fn launch(&self, id: &SandboxId, tokens: &[AccessToken]) -> anyhow::Result<Running> {
        let directory = self.directory.path().join(id.as_str());
        let files = directory.join("files");
        let web = files.join(WEB);
        for directory in [&files.join("home/user"), &web] {
            fs::create_dir_all(directory).await?;
        }
        fs::write(web.join("index.html"), format!("This is sandbox {id}.\n")).await?;

        let controller = Process::start(self.controller(&directory, &files, tokens).await?).await?;
        let web = Process::start(web_server(&web)).await?;
        Ok(Running { controller, web, directory })
    }

    async fn controller(&self, directory: &Path, files: &Path, tokens: &[AccessToken]) -> anyhow::Result<Command> {
        let mut command = Command::new(&self.controller);
        command.args(["--port", "0", "--root"]).arg(files);
        if tokens.is_empty() {
            command.arg("--open");
        } else {
            command.arg("--token-file").arg(controller_tokens::write(directory, tokens).await?);
        }
        Ok(command)
    }

    pub(crate) fn close(self) -> std::io::Result<()> {
        self.directory.close()
    }
}

impl Running {
    /// Replaces the controller's tokens, and waits until it uses them.
    pub(crate) async fn change_tokens(&self, tokens: &[AccessToken]) -> anyhow::Result<()> {
        controller_tokens::write(&self.directory, tokens).await?;
        ensure!(self.controller.signal(Signal::HUP), "the controller has ended");
        let first = tokens.first().context("there must be a token")?;
        controller_tokens::wait_until_taken(self.controller.address(), first).await
    }

    pub(crate) async fn stop(self) {
        tokio::join!(self.controller.stop(), self.web.stop());
        if let Err(error) = fs::remove_dir_all(&self.directory).await {
            eprintln!("{}: {error}", self.directory.display());
        }
    }
}

fn web_server(directory: &Path) -> Command {
    let mut command = Command::new("python3");
    command.args(["-u", "-c", WEB_SERVER]).arg(directory);
    command.stderr(Stdio::null());
    command
}
