//! Hands a controller its token: `POST /init` on a Unix socket, authorised by a file with the hash of that token.

use anyhow::{Context, ensure};
use sandgate::AccessToken;
use serde_json::json;
use sha2::{Digest, Sha512};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::time::Duration;
use tokio::fs::{File, rename, write};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// The names in a sandbox's directory, from which its controller starts.
pub(crate) const SOCKET: &str = "init.sock";
pub(crate) const EXPECTED_HASH: &str = "expected-hash";

const TIME_TO_ANSWER: Duration = Duration::from_secs(5);

/// Lets the controller of this directory require `token`, or none, and nothing else from now on.
///
/// The request has no timestamp: it always applies. With one, a clock that was set back would keep a revoked token.
pub(crate) async fn initialize(directory: &Path, token: Option<&AccessToken>) -> anyhow::Result<()> {
    publish(directory, token).await.context("the expected hash")?;
    let body = body(token);
    let answered = timeout(TIME_TO_ANSWER, post(directory, &body)).await.context("no answer to /init")??;
    ensure!(answered.starts_with(b"HTTP/1.1 204 "), "the controller refuses /init");
    Ok(())
}

/// Writes the hash of the token, or of no token, for the controller. A concurrent reader sees all of the old one or all of
/// the new one.
pub(crate) async fn publish(directory: &Path, token: Option<&AccessToken>) -> std::io::Result<()> {
    let hash = Sha512::digest(token.map_or("", AccessToken::expose));
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let new = directory.join("expected-hash.new");
    write(&new, digits).await?;
    rename(&new, directory.join(EXPECTED_HASH)).await
}

fn body(token: Option<&AccessToken>) -> Zeroizing<String> {
    Zeroizing::new(token.map_or(json!({}), |token| json!({ "accessToken": token.expose() })).to_string())
}

async fn post(directory: &Path, body: &str) -> anyhow::Result<Vec<u8>> {
    // The path of a socket has at most 107 bytes, and the directory may be deeper than that.
    let directory = File::open(directory).await?;
    let socket = format!("/proc/self/fd/{}/{SOCKET}", directory.as_raw_fd());
    let mut stream = UnixStream::connect(socket).await.context("connecting to the controller")?;
    let head = "POST /init HTTP/1.1\r\nHost: controller\r\nConnection: close\r\nContent-Type: application/json\r\n";
    let length = format!("Content-Length: {}\r\n\r\n", body.len());
    for piece in [head, &length, body] {
        stream.write_all(piece.as_bytes()).await?;
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer)
}
