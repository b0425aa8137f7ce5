//! The platform as a program: its options, then [`serve`].

use anyhow::Context;
use clap::Parser;
use sandgate_platform::{ApiKeys, EdgeTokens, Platform, keyring, read_secret, serve};
use std::path::PathBuf;

/// A sandbox platform in small: the control API that the SDKs call, and the edge in front of the sandboxes.
///
/// Once both listen, one line of JSON on stdout says where: {"api":"http://…","edge":"http://…"}.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The controller that is started for each sandbox.
    #[arg(long, value_name = "PATH")]
    controller: PathBuf,
    /// Seeds, one a line; the first derives tokens, all verify. Without it, $SANDGATE_SEED.
    #[arg(long, value_name = "PATH")]
    seed_file: Option<PathBuf>,
    /// Keys for the control API, one a line. Without it, $SANDGATE_API_KEYS.
    #[arg(long, value_name = "PATH")]
    api_keys_file: Option<PathBuf>,
    /// Port of the control API on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 0)]
    api_port: u16,
    /// Port of the edge on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 0)]
    edge_port: u16,
    /// Sandboxes are reached at {port}-{sandbox id}.{domain}.
    #[arg(long, default_value = "sandbox.localhost")]
    domain: String,
    /// Where the edge has the traffic tokens from.
    #[arg(long, value_enum, default_value_t = EdgeTokens::Stored)]
    edge_tokens: EdgeTokens,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let seeds = read_secret(arguments.seed_file.as_deref(), "SANDGATE_SEED").context("the seeds")?;
    let api_keys = read_secret(arguments.api_keys_file.as_deref(), "SANDGATE_API_KEYS").context("the API keys")?;
    let platform = Platform::new(
        keyring(&seeds).context("the seeds")?,
        ApiKeys::new(&api_keys).context("the API keys")?,
        &arguments.controller,
        arguments.domain,
        arguments.edge_tokens,
    )?;
    serve(platform, arguments.api_port, arguments.edge_port).await
}
