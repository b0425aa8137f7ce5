//! The listeners, from start to graceful end.

mod admin;
mod connections;
mod grpc;
mod http;
mod peers;

use crate::config::Listener;
use crate::gateway::Gateway;
use crate::profile::Profile;
use anyhow::Context;
use axum::Router;
use connections::accept;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long requests in progress may take after the service was asked to stop.
const TIME_TO_END: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or SIGINT, and then on for the time of the drain. One line of JSON on stdout names the addresses.
///
/// # Errors
/// If it cannot listen.
pub(crate) async fn serve(gateway: Gateway) -> anyhow::Result<()> {
    // From here on a signal is handled and no longer ends the process.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let gateway = Arc::new(gateway);
    let (leave, leaving) = watch::channel(false);
    let (stop, stopping) = watch::channel(false);
    let (mut listeners, mut addresses) = (JoinSet::new(), Vec::new());
    for listener in &gateway.config().listener {
        let socket = listen(listener.address).await?;
        addresses.push(socket.local_addr()?.to_string());
        let peers = Some(listener.peers.get_ref().clone());
        listeners.spawn(accept(socket, router(&gateway, listener), peers, stopping.clone()));
    }
    let mut admin = None;
    let (_never, going_on) = watch::channel(false);
    if let Some(table) = gateway.config().admin {
        let socket = listen(table.address).await?;
        admin = Some(socket.local_addr()?.to_string());
        // It goes on while requests end, so that /readyz says so.
        let router = admin::router(Arc::clone(&gateway), leaving);
        tokio::spawn(accept(socket, router, None, going_on));
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
    tracing::info!("leaving: /readyz says so, and connections are still accepted");
    leave.send_replace(true);
    tokio::select! {
        () = tokio::time::sleep(gateway.config().drain()) => {}
        // A second signal means: do not wait.
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
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
    match *listener.profile.get_ref() {
        Profile::EnvoyGrpc => grpc::router(Arc::clone(gateway), listener.bind_to_client),
        _ => http::router(Arc::clone(gateway), listener),
    }
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))
}
