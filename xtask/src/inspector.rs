//! `cargo xtask inspector`: the page that reads signed URLs, built and served on this machine.

use crate::{addon, cargo, machine};
use anyhow::Context;
use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;
use xshell::{Shell, cmd};

/// Where the page's sources are.
pub(crate) const SOURCES: &str = "docs/inspector";

/// Where the page and the pictures of its tests go.
pub(crate) fn out() -> anyhow::Result<PathBuf> {
    Ok(cargo::target_directory()?.join("inspector"))
}

/// Builds the page from the npm package of this tree: one file, which needs no other.
pub(crate) fn build(sh: &Shell) -> anyhow::Result<PathBuf> {
    let sources = cargo::root()?.join(SOURCES);
    machine::node_modules(sh, &sources)?;
    addon::link(sh, &sources)?;
    let out = out()?;
    sh.create_dir(&out)?;
    let page = out.join("index.html");
    let script = sources.join("build.mjs");
    cmd!(sh, "node {script} {page}").quiet().run()?;
    Ok(page)
}

/// Builds the page, serves it on a free port of 127.0.0.1, prints the address, and serves until it is stopped.
pub(crate) fn run(sh: &Shell) -> anyhow::Result<()> {
    let page = build(sh)?;
    tokio::runtime::Builder::new_current_thread().enable_io().build()?.block_on(serve(&page))
}

async fn serve(page: &Path) -> anyhow::Result<()> {
    let html = std::fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("The inspector is at http://{}/", listener.local_addr()?);
    println!("The same page is the file {}, which needs no server. Ctrl-C stops this server.", page.display());
    axum::serve(listener, app(html)).await?;
    Ok(())
}

/// Serves only the page. The page contains its policy, but only a header can forbid that another page frames it.
fn app(html: String) -> Router {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let page = move || async move { (headers, Html(html)).into_response() };
    Router::new().route("/", get(page))
}
