//! The content of a sandbox: here a directory and, while it runs, two processes.

use crate::initialize::{EXPECTED_HASH, SOCKET, initialize, publish};
use crate::process::Process;
use anyhow::Context;
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

/// What is left of a sandbox while it is paused.
pub(crate) struct Home(PathBuf);

/// The processes of a sandbox.
pub(crate) struct Running {
    /// At port 49983.
    pub(crate) controller: Process,
    /// At port 8080: a web server without any check of tokens.
    pub(crate) web: Process,
}

impl Launcher {
    pub(crate) fn new(controller: &Path) -> anyhow::Result<Self> {
        let controller = controller.canonicalize().with_context(|| format!("--controller {}", controller.display()))?;
        // No other user of this machine may read the sandboxes' files.
        let private = Permissions::from_mode(0o700);
        let directory = tempfile::Builder::new().prefix("sandgate-").permissions(private).tempdir()?;
        Ok(Self { controller, directory })
    }

    /// Makes the files of a new sandbox.
    pub(crate) async fn prepare(&self, id: &SandboxId) -> std::io::Result<Home> {
        let home = Home(self.directory.path().join(id.as_str()));
        for directory in [&home.files().join("home/user"), &home.web()] {
            fs::create_dir_all(directory).await?;
        }
        fs::write(home.web().join("index.html"), format!("This is sandbox {id}.\n")).await?;
        Ok(home)
    }

    /// Starts the processes. The controller refuses everything until it has its token; when this returns, it has.
    pub(crate) async fn start(&self, home: &Home, token: Option<&AccessToken>) -> anyhow::Result<Running> {
        let controller = async {
            // The hash first: that of an earlier token must not be there when the controller starts.
            home.publish(token).await?;
            let controller = Process::start(self.controller(home)).await?;
            home.initialize(token).await?;
            Ok(controller)
        };
        let (controller, web) = tokio::try_join!(controller, Process::start(web_server(&home.web())))?;
        Ok(Running { controller, web })
    }

    fn controller(&self, home: &Home) -> Command {
        let mut command = Command::new(&self.controller);
        command.current_dir(&home.0).args(["--port", "0", "--root"]).arg(home.files());
        command.args(["--init-socket", SOCKET, "--expected-hash", EXPECTED_HASH, "--wait"]);
        command
    }

    pub(crate) fn close(self) -> std::io::Result<()> {
        self.directory.close()
    }
}

impl Home {
    fn files(&self) -> PathBuf {
        self.0.join("files")
    }

    fn web(&self) -> PathBuf {
        self.files().join(WEB)
    }

    async fn publish(&self, token: Option<&AccessToken>) -> anyhow::Result<()> {
        publish(&self.0, token).await.context("the expected hash")
    }

    /// Lets the running controller require this token, or none.
    pub(crate) async fn initialize(&self, token: Option<&AccessToken>) -> anyhow::Result<()> {
        initialize(&self.0, token).await
    }

    pub(crate) async fn remove(&self) {
        if let Err(error) = fs::remove_dir_all(&self.0).await {
            eprintln!("{}: {error}", self.0.display());
        }
    }

    /// One without files.
    #[cfg(test)]
    pub(crate) fn nowhere() -> Self {
        Self(PathBuf::from("/nonexistent"))
    }
}

impl Running {
    pub(crate) async fn stop(self) {
        tokio::join!(self.controller.stop(), self.web.stop());
    }
}

fn web_server(directory: &Path) -> Command {
    let mut command = Command::new("python3");
    command.args(["-u", "-c", WEB_SERVER]).arg(directory);
    command.stderr(Stdio::null());
    command
}
