//! The listeners, from start to graceful end.

mod admin;
mod grpc;
mod http;
mod peers;

use crate::config::Listener;
use crate::gateway::Gateway;
use crate::profile::Profile;
use anyhow::Context;
use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use peers::Peer;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long requests in progress may take after the service was asked to stop.
const TIME_TO_END: Duration = Duration::from_secs(10);
/// How long a gateway may take for the head of a request.
const TIME_FOR_HEAD: Duration = Duration::from_secs(30);
/// How long to wait if no descriptor is left for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until SIGTERM or SIGINT. One line of JSON on stdout names the addresses.
///
/// # Errors
/// If it cannot listen.
pub(crate) async fn serve(gateway: Gateway) -> anyhow::Result<()> {
    // From here on a signal is handled and no longer ends the process.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let gateway = Arc::new(gateway);
    let (stop, stopping) = watch::channel(false);
    let (mut listeners, mut addresses) = (JoinSet::new(), Vec::new());
    for listener in &gateway.config().listener {
        let socket = listen(listener.address).await?;
        addresses.push(socket.local_addr()?.to_string());
        listeners.spawn(accept(socket, router(&gateway, listener), stopping.clone()));
    }
    let mut admin = None;
    let (_never, going_on) = watch::channel(false);
    if let Some(table) = gateway.config().admin {
        let socket = listen(table.address).await?;
        admin = Some(socket.local_addr()?.to_string());
        // It goes on while requests end, so that /readyz says so.
        let router = admin::router(Arc::clone(&gateway), stopping.clone());
        tokio::spawn(accept(socket, router, going_on));
    }
    tokio::spawn(Arc::clone(&gateway).follow());
    println!("{}", serde_json::json!({ "listeners": addresses, "admin": admin }));
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hangup.recv() => gateway.reload(),
        }
    }
    tracing::info!("stopping: requests in progress end first");
    stop.send_replace(true);
    let ended = async { while listeners.join_next().await.is_some() {} };
    if tokio::time::timeout(TIME_TO_END, ended).await.is_err() {
        tracing::warn!("requests in progress were cut");
    }
    Ok(())
}

fn router(gateway: &Arc<Gateway>, listener: &Listener) -> Router {
    let guarded = match *listener.profile.get_ref() {
        Profile::EnvoyGrpc => grpc::router(Arc::clone(gateway), listener.bind_to_client),
        _ => http::router(Arc::clone(gateway), listener),
    };
    peers::only(guarded, listener.peers.get_ref().clone())
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))
}

async fn accept(socket: TcpListener, router: Router, mut stopping: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            _ = stopping.wait_for(|stopping| *stopping) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let router = router.clone().layer(axum::Extension(Peer(peer)));
                connections.spawn(serve_connection(stream, router, stopping.clone()));
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(socket);
    while connections.join_next().await.is_some() {}
}

async fn serve_connection(stream: TcpStream, router: Router, mut stopping: watch::Receiver<bool>) {
    // Small answers: waiting for more only delays them.
    let _ = stream.set_nodelay(true);
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
