//! What runs in a sandbox, which here is a directory and two processes.

use crate::process::Process;
use anyhow::Context;
use sandgate::{AccessToken, SandboxId};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;
use tokio::fs;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Where the page of port 8080 is, in the sandbox's files.
const WEB: &str = "srv/www";

/// Starts sandboxes beneath one temporary directory.
pub(crate) struct Launcher {
    controller: PathBuf,
    directory: TempDir,
}

/// The processes of a sandbox.
pub(crate) struct Running {
    /// Behind port 49983.
    pub(crate) controller: Process,
    /// Behind port 8080: a web server that knows nothing of tokens.
    pub(crate) web: Process,
    directory: PathBuf,
}

impl Launcher {
    pub(crate) fn new(controller: &Path) -> anyhow::Result<Self> {
        let controller = controller.canonicalize().with_context(|| format!("no {}", controller.display()))?;
        // The sandboxes' files are nobody else's on this machine.
        let private = Permissions::from_mode(0o700);
        let directory = tempfile::Builder::new().prefix("sandgate-").permissions(private).tempdir()?;
        Ok(Self { controller, directory })
    }

    /// Starts a sandbox; without a token its controller is open.
    pub(crate) async fn launch(&self, id: &SandboxId, token: Option<&AccessToken>) -> anyhow::Result<Running> {
        let directory = self.directory.path().join(id.as_str());
        let files = directory.join("files");
        let web = files.join(WEB);
        for directory in [&files.join("home/user"), &web] {
            fs::create_dir_all(directory).await?;
        }
        fs::write(web.join("index.html"), format!("This is sandbox {id}.\n")).await?;

        let controller = Process::start(self.controller(&directory, &files, token).await?, controller_port).await?;
        let web = Process::start(web_server(&web), web_port).await?;
        Ok(Running { controller, web, directory })
    }

    async fn controller(&self, directory: &Path, files: &Path, token: Option<&AccessToken>) -> anyhow::Result<Command> {
        let mut command = Command::new(&self.controller);
        command.args(["--port", "0", "--root"]).arg(files);
        match token {
            Some(token) => {
                let file = directory.join("access-token");
                write_private(&file, token.expose().as_bytes()).await?;
                command.arg("--token-file").arg(file);
            }
            None => drop(command.arg("--open")),
        }
        Ok(command)
    }

    pub(crate) fn close(self) -> std::io::Result<()> {
        self.directory.close()
    }
}

impl Running {
    pub(crate) async fn stop(self) {
        tokio::join!(self.controller.stop(), self.web.stop());
        if let Err(error) = fs::remove_dir_all(&self.directory).await {
            eprintln!("{}: {error}", self.directory.display());
        }
    }
}

async fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).await?;
    file.write_all(bytes).await?;
    file.flush().await
}

fn web_server(directory: &Path) -> Command {
    let mut command = Command::new("python3");
    command.args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory"]).arg(directory);
    command.stderr(Stdio::null());
    command
}

/// `listening on 127.0.0.1:PORT`
fn controller_port(line: &str) -> Option<u16> {
    line.strip_prefix("listening on 127.0.0.1:")?.parse().ok()
}

/// `Serving HTTP on 127.0.0.1 port PORT (http://127.0.0.1:PORT/) ...`
fn web_port(line: &str) -> Option<u16> {
    line.strip_prefix("Serving HTTP on 127.0.0.1 port ")?.split(' ').next()?.parse().ok()
}
