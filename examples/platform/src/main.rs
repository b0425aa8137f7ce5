//! The platform as a program: its options, then [`serve`].

use anyhow::Context;
use clap::Parser;
use sandgate::{Carrier, Carriers};
use sandgate_platform::{ApiKeys, EdgeTokens, Platform, SeedFiles, Settings, Version, read_secret, serve};
use std::path::PathBuf;

/// A sandbox platform in miniature: the control API that the SDKs call, and the edge in front of the sandboxes.
///
/// Once both listen, one line of JSON on stdout says where: {"api":"http://…","edge":"http://…"}. At SIGHUP the files with
/// seeds are read again, all or none; an error is reported on stderr.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The controller that is started for each sandbox.
    #[arg(long, value_name = "PATH")]
    controller: PathBuf,
    /// Seeds of v1, one per line; the first derives tokens, all verify. Without it, $SANDGATE_SEED.
    #[arg(long, value_name = "PATH")]
    seed_file: Option<PathBuf>,
    /// Seeds of v2, one per line: a key id, a space, the seed. Without it, $SANDGATE_SEEDS_V2.
    #[arg(long, value_name = "PATH")]
    seeds_v2: Option<PathBuf>,
    /// The format of a sandbox's tokens, unless its metadata say otherwise: {"sandgate": "v2"}.
    #[arg(long, value_enum, default_value_t = Version::V1)]
    issue: Version,
    /// Keys for the control API, one per line. Without it, $SANDGATE_API_KEYS.
    #[arg(long, value_name = "PATH")]
    api_keys_file: Option<PathBuf>,
    /// Port of the control API on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 0)]
    api_port: u16,
    /// Port of the edge on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 0)]
    edge_port: u16,
    /// Sandboxes are reached at {port}-{sandbox id}.{domain}, where the domain's port 0 stands for the edge's. Clients get
    /// the complete domain.
    #[arg(long, default_value = "sandbox.localhost:0")]
    domain: String,
    /// The source of the edge's traffic tokens.
    #[arg(long, value_enum, default_value_t = EdgeTokens::Stored)]
    edge_tokens: EdgeTokens,
    /// The carriers in which the edge looks for a credential.
    #[arg(long, value_delimiter = ',', value_parser = carrier, default_value = "header,host,query,cookie")]
    carriers: Vec<Carrier>,
    /// Restricts the traffic of a sandbox whose creation does not mention allowPublicTraffic.
    #[arg(long)]
    restricted_by_default: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let seed_files = SeedFiles { v1: arguments.seed_file, v2: arguments.seeds_v2 };
    let seeds = seed_files.read()?;
    let api_keys = read_secret(arguments.api_keys_file.as_deref(), "SANDGATE_API_KEYS").context("the API keys")?;
    let api_keys = api_keys.context("--api-keys-file or $SANDGATE_API_KEYS must be given")?;
    let platform = Platform::new(Settings {
        seeds,
        issue: arguments.issue,
        api_keys: ApiKeys::new(&api_keys).context("the API keys")?,
        controller: arguments.controller,
        domain: arguments.domain,
        edge_tokens: arguments.edge_tokens,
        carriers: Carriers::of(&arguments.carriers),
        restricted_by_default: arguments.restricted_by_default,
    })?;
    serve(platform.with_seed_files(seed_files), arguments.api_port, arguments.edge_port).await
}

fn carrier(name: &str) -> Result<Carrier, &'static str> {
    let found = Carrier::ALL.into_iter().find(|carrier| carrier.as_str() == name);
    found.ok_or("must be header, host, query or cookie")
}
