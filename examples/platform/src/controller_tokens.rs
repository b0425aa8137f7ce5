//! The tokens of a controller, in a file that it reads when it starts and at SIGHUP.

use anyhow::Context;
use sandgate::AccessToken;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::fs::{OpenOptions, rename};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use zeroize::Zeroizing;

const TIME_TO_READ: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(5);

/// Writes them, one per line, into a private file in this directory. A concurrent reader sees all old ones or all new ones.
pub(crate) async fn write(directory: &Path, tokens: &[AccessToken]) -> std::io::Result<PathBuf> {
    let (path, new) = (directory.join("access-tokens"), directory.join("access-tokens.new"));
    let lines: Vec<&str> = tokens.iter().map(AccessToken::expose).collect();
    let lines = Zeroizing::new(lines.join("\n"));
    // An earlier file that could not be renamed may be left.
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new).await?;
    file.write_all(lines.as_bytes()).await?;
    file.flush().await?;
    rename(&new, &path).await?;
    Ok(path)
}

/// A signal has no answer, so send requests until the controller accepts this token. All tokens change together, so it then
/// refuses the old ones.
pub(crate) async fn wait_until_taken(controller: SocketAddr, token: &AccessToken) -> anyhow::Result<()> {
    let taken = async {
        while !is_taken(controller, token).await? {
            sleep(PAUSE).await;
        }
        Ok(())
    };
    timeout(TIME_TO_READ, taken).await.context("the controller did not accept its new tokens in time")?
}

/// Almost every route requires the token before it is looked up, and this one does not exist.
async fn is_taken(controller: SocketAddr, token: &AccessToken) -> anyhow::Result<bool> {
    let mut stream = TcpStream::connect(controller).await?;
    let head = "GET /nothing HTTP/1.1\r\nHost: controller\r\nConnection: close\r\nX-Access-Token: ";
    for piece in [head, token.expose(), "\r\n\r\n"] {
        stream.write_all(piece.as_bytes()).await?;
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 404 "))
}
