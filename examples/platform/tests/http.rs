//! The behaviour of both listeners.

mod common;

use axum::Router;
use axum::routing::get;
use common::start;
use sandgate_platform::serve_http1;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn http_2_is_not_spoken() {
    let platform = start().await;
    for address in [platform.api, platform.edge] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // The preface and an empty SETTINGS frame (RFC 9113, 3.4), which HTTP/2 answers with a SETTINGS frame.
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
        let mut answer = Vec::new();
        // Closed with bytes unread, the connection may also be reset.
        let closed = timeout(LONG, stream.read_to_end(&mut answer)).await;
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 400 "), "{answer:?}");
        assert!(closed.is_ok());
    }
}

/// On a paused clock, which goes on whenever everything waits.
#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_ends_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/", get(async || "quick"));
    tokio::spawn(serve_http1(listener, router, std::future::pending()));
    for first in ["", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(format!("{first}GET / HTTP/1.1\r\nHost: ").as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(Duration::from_secs(60), stream.read_to_string(&mut answer)).await.unwrap().unwrap();
        assert_eq!(answer.ends_with("quick"), !first.is_empty(), "{answer}");
    }
}

#[tokio::test]
async fn a_stop_waits_only_for_running_requests() {
    let (arrived, finish, stop) = (Arc::new(Notify::new()), Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (here, go) = (Arc::clone(&arrived), Arc::clone(&finish));
    let slow = async move || {
        here.notify_one();
        go.notified().await;
        "finished"
    };
    let router = Router::new().route("/slow", get(slow)).route("/", get(async || "quick"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stopped = Arc::clone(&stop);
    let mut server = tokio::spawn(serve_http1(listener, router, async move { stopped.notified().await }));

    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"quick") {
        assert_ne!(idle.read_buf(&mut answer).await.unwrap(), 0);
    }
    let mut busy = TcpStream::connect(address).await.unwrap();
    busy.write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    arrived.notified().await;

    stop.notify_one();
    // The idle connection ends immediately, the other one does not, and there are no new ones.
    assert_eq!(timeout(LONG, idle.read(&mut [0])).await.unwrap().unwrap(), 0);
    assert!(TcpStream::connect(address).await.is_err());
    assert!(timeout(Duration::from_millis(100), &mut server).await.is_err());
    finish.notify_one();
    let mut answer = String::new();
    timeout(LONG, busy.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.ends_with("finished"), "{answer}");
    timeout(LONG, server).await.unwrap().unwrap();
}
