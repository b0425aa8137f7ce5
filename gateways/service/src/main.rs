//! `sandgate-gateway`: the edge's rule for gateways that ask an authorization service. `docs/operating.md` says how to run it.

#![forbid(unsafe_code)]

mod config;
mod gateway;
mod metrics;
mod process;
mod profile;
mod server;
mod state;

use clap::Parser;
use config::Config;
use gateway::Gateway;
use std::path::PathBuf;
use std::process::ExitCode;

/// Answers Envoy, nginx, Traefik and Caddy whether a request may reach its sandbox.
///
/// At SIGHUP seeds and state are read again, all or nothing. At SIGTERM requests in progress end first.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The configuration, in TOML.
    #[arg(long, value_name = "PATH")]
    config: PathBuf,
    /// Reads the configuration, the seeds and the state file, says what is wrong, and ends.
    #[arg(long)]
    check: bool,
    /// Also logs every request that is allowed.
    #[arg(long)]
    verbose: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let level = if arguments.verbose { tracing::Level::DEBUG } else { tracing::Level::INFO };
    tracing_subscriber::fmt().json().flatten_event(true).with_max_level(level).with_writer(std::io::stderr).init();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sandgate-gateway: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    // Before the first secret is read.
    process::harden()?;
    let gateway = Gateway::new(Config::read(&arguments.config)?)?;
    if arguments.check {
        return Ok(());
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(server::serve(gateway))
}
