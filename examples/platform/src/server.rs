//! Both listeners, until a signal asks to stop.

use crate::{Platform, api_router, edge_router, serve_http1};
use anyhow::Context;
use axum::Router;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// The time that open requests have left after the platform was asked to stop.
const TIME_TO_END: Duration = Duration::from_secs(5);

/// Serves until SIGTERM or SIGINT, then ends every sandbox. Port 0 is any free port; a line on stdout names both. At SIGHUP
/// the seeds are read again.
///
/// # Errors
/// If it cannot listen, or cannot remove the sandboxes' files.
pub async fn serve(mut platform: Platform, api_port: u16, edge_port: u16) -> anyhow::Result<()> {
    // From here on a signal is handled and no longer ends the process.
    let signals = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, signal(SignalKind::hangup())?];
    let (api, api_url) = listen(api_port).await?;
    let (edge, edge_url) = listen(edge_port).await?;
    if let Some(name) = platform.domain.strip_suffix(":0") {
        platform.domain = format!("{name}:{}", edge.local_addr()?.port());
    }
    println!("{}", serde_json::json!({ "api": api_url, "edge": edge_url }));

    let platform = Arc::new(platform);
    let (stop, stopping) = watch::channel(false);
    let api = tokio::spawn(run(api, api_router(Arc::clone(&platform)), stopping.clone()));
    let edge = tokio::spawn(run(edge, edge_router(Arc::clone(&platform)), stopping));
    asked_to_stop(signals, || platform.read_seeds_again()).await;

    let (stop_api, stop_edge) = (api.abort_handle(), edge.abort_handle());
    stop.send_replace(true);
    if tokio::time::timeout(TIME_TO_END, async { tokio::join!(api, edge) }).await.is_err() {
        stop_api.abort();
        stop_edge.abort();
    }
    platform.stop_sandboxes().await;
    match Arc::into_inner(platform) {
        Some(platform) => platform.close().context("removing the sandboxes' files"),
        // A connection that outlives the time limit keeps the platform; its last owner removes the files.
        None => Ok(()),
    }
}

async fn listen(port: u16) -> anyhow::Result<(TcpListener, String)> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.with_context(|| format!("port {port}"))?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((listener, url))
}

async fn run(listener: TcpListener, router: Router, mut stopping: watch::Receiver<bool>) {
    let stopped = async move { drop(stopping.wait_for(|stopping| *stopping).await) };
    serve_http1(listener, router, stopped).await;
}

async fn asked_to_stop([mut terminate, mut interrupt, mut hangup]: [Signal; 3], hung_up: impl Fn()) {
    loop {
        tokio::select! {
            _ = terminate.recv() => return,
            _ = interrupt.recv() => return,
            _ = hangup.recv() => hung_up(),
        }
    }
}
