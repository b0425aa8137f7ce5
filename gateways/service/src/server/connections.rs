//! Connections of one listener: from whom, how many, and how long they may say nothing.

use super::peers::is_in;
use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use ipnet::IpNet;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// How long a gateway may take for the head of a request.
const TIME_FOR_HEAD: Duration = Duration::from_secs(30);
/// How long to wait if no descriptor is left for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How many connections a listener has at most. Further ones wait.
const MOST: usize = 8192;
/// How long to wait for more of the first bytes.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// How a connection with HTTP/2 begins.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Accepts until `stopping`, then waits for the requests in progress. `peers` is None for everyone.
pub(super) async fn accept(
    socket: TcpListener,
    router: Router,
    peers: Option<Vec<IpNet>>,
    mut stopping: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    let permits = Arc::new(Semaphore::new(MOST));
    loop {
        let accepted = tokio::select! {
            accepted = accept_one(&socket, &permits) => accepted,
            Some(_) = connections.join_next() => continue,
            _ = stopping.wait_for(|stopping| *stopping) => break,
        };
        match accepted {
            Ok((_, (_, peer))) if peers.as_ref().is_some_and(|peers| !is_in(peers, peer.ip())) => {
                // At level debug: anyone who reaches the listener could fill a log.
                tracing::debug!(%peer, "closed: not a configured peer");
            }
            Ok((permit, (stream, _))) => {
                let (router, stopping) = (router.clone(), stopping.clone());
                connections.spawn(async move {
                    serve(stream, router, stopping).await;
                    drop(permit);
                });
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(socket);
    while connections.join_next().await.is_some() {}
}

type Accepted = (Option<tokio::sync::OwnedSemaphorePermit>, (TcpStream, std::net::SocketAddr));

async fn accept_one(socket: &TcpListener, permits: &Arc<Semaphore>) -> std::io::Result<Accepted> {
    // The semaphore is never closed.
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    Ok((permit, socket.accept().await?))
}

async fn serve(stream: TcpStream, router: Router, mut stopping: watch::Receiver<bool>) {
    // Small answers: waiting for more only delays them.
    let _ = stream.set_nodelay(true);
    let version_is_known = tokio::select! {
        begun = tokio::time::timeout(TIME_FOR_HEAD, has_begun(&stream)) => begun == Ok(true),
        _ = stopping.wait_for(|stopping| *stopping) => false,
    };
    if !version_is_known {
        return;
    }
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(TIME_FOR_HEAD);
    server.http2().timer(TokioTimer::new()).keep_alive_interval(TIME_FOR_HEAD);
    let mut connection = pin!(server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)));
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|stopping| *stopping) => connection.as_mut().graceful_shutdown(),
    }
    // An error is the gateway's fault, and was answered if possible.
    let _ = connection.await;
}

/// Waits for the bytes that tell HTTP/1 from HTTP/2. hyper has a limit of time only after them. False if there are none.
async fn has_begun(stream: &TcpStream) -> bool {
    let mut bytes = [0; PREFACE.len()];
    loop {
        match stream.peek(&mut bytes).await {
            Ok(0) | Err(_) => return false,
            Ok(count) if count == PREFACE.len() || bytes[..count] != PREFACE[..count] => return true,
            // More bytes of the preface are to come. Those that are there make the stream readable at once.
            Ok(_) => tokio::time::sleep(LOOK_AGAIN).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;
    use tokio::io::AsyncWriteExt;

    /// Whether a connection with these bytes has begun, within a time.
    async fn begun(first: &[u8], then: Option<&[u8]>, limit: Duration) -> Option<bool> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        client.write_all(first).await.unwrap();
        let rest = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            match then {
                Some(bytes) => client.write_all(bytes).await.unwrap(),
                None => std::future::pending().await,
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            begun = tokio::time::timeout(limit, has_begun(&server)) => begun.ok(),
            () = rest => None,
        }
    }

    #[tokio::test]
    async fn connection_that_says_too_little_does_not_begin() {
        let (short, long) = (Duration::from_millis(300), Duration::from_secs(120));
        for (first, then) in [(&b""[..], None), (b"PRI", None), (b"PRI * HTTP", Some(&b"/2.0"[..]))] {
            assert_eq!(begun(first, then, short).await, None, "{first:?}");
        }
        for (first, then) in
            [(&b"G"[..], None), (PREFACE, None), (&PREFACE[..9], Some(&PREFACE[9..])), (b"PR", Some(b"X"))]
        {
            assert_eq!(begun(first, then, long).await, Some(true), "{first:?}");
        }
    }

    #[tokio::test]
    async fn stop_does_not_wait_for_a_connection_that_says_nothing() {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let (stop, stopping) = watch::channel(false);
        let accepting = tokio::spawn(accept(socket, Router::new(), None, stopping));
        let _silent = TcpStream::connect(address).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let start = Instant::now();
        stop.send_replace(true);
        accepting.await.unwrap();
        assert!(start.elapsed() < TIME_FOR_HEAD / 2);
    }
}
