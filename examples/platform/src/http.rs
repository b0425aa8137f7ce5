//! HTTP/1.1 on a listener.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long to wait if no descriptor is left for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long a client may take for the head of a request, and how long a connection waits for the next one.
const TIME_FOR_HEAD: Duration = Duration::from_secs(30);

/// Serves `router` until `stopped`, then lets the requests that are under way end.
///
/// `axum::serve` also speaks HTTP/2 as soon as any dependency enables it, and there the host and the end of the body are
/// not where the edge looks for them.
pub async fn serve_http1(listener: TcpListener, router: Router, stopped: impl Future<Output = ()>) {
    let (stop, stopping) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stopped = pin!(stopped);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = &mut stopped => break,
        };
        match accepted {
            Ok((stream, _)) => drop(connections.spawn(serve_connection(stream, router.clone(), stopping.clone()))),
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(listener);
    stop.send_replace(());
    while connections.join_next().await.is_some() {}
}

async fn serve_connection(stream: TcpStream, router: Router, mut stopping: watch::Receiver<()>) {
    let (stream, service) = (TokioIo::new(stream), TowerToHyperService::new(router));
    let mut http = http1::Builder::new();
    // hyper has no timeout without a timer.
    http.timer(TokioTimer::new()).header_read_timeout(TIME_FOR_HEAD);
    let mut connection = pin!(http.serve_connection(stream, service).with_upgrades());
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.changed() => connection.as_mut().graceful_shutdown(),
    }
    // An error is the client's fault, and was answered if possible.
    let _ = connection.await;
}
