//! `cargo xtask demo`: real clients against the example platform, edge and controller.
//!
//! The SDKs are as their vendors publish them. curl opens their URLs, and sends what the SDKs cannot: URLs that were
//! changed, and wrong tokens. Each expected answer is written out here in full. It comes from the specification, not from
//! the code under test.

mod client;
mod creation;
mod ending;
mod keep;
mod large;
mod life;
mod names;
mod node_package;
mod own_urls;
mod parts;
mod platform;
mod probe;
mod python_package;
mod restart;
mod rows;
mod sandbox;
mod sdk;
mod spellings;
mod spoiled;
mod story;
mod token;
mod traffic;
mod url;
mod v2;
mod wire;

use crate::{progress, setup};
use rows::Row;
use rustix::termios::tcgetwinsize;
use std::fs;
use std::path::{Path, PathBuf};
use xshell::Shell;

/// What `cargo xtask demo` prints, and whether the platform keeps running.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Prints every row as a table instead of the story.
    #[arg(long)]
    all: bool,
    /// Prints every row as JSON instead of the story.
    #[arg(long, conflicts_with_all = ["all", "keep"])]
    json: bool,
    /// Keeps a platform running after the checks, and prints a signed URL that opens in a browser or with curl, and one
    /// that expired. Ctrl-C (SIGINT) or SIGTERM stops the platform and removes its files.
    #[arg(long)]
    keep: bool,
}

/// Sets up, runs every check, writes the table of all rows to a file, and prints what the options ask for.
/// Returns whether every check is as expected.
///
/// # Errors
/// If a check cannot run.
pub(crate) fn run(sh: &Shell, options: &Options) -> anyhow::Result<bool> {
    let tools = setup::tools(sh)?;
    progress::step("checking");
    let rows = parts::check(&tools);
    progress::clear();
    let rows = rows?;
    let file = tools.scratch.join("checks.md");
    fs::write(&file, rows::table(&rows, None) + "\n")?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
        eprint!("{}{}", story::failures(&rows), story::count(&rows, &from_here(&file)));
    } else {
        print!("{}", report(&rows, options.all, &from_here(&file))?);
    }
    if rows.iter().any(|row| !row.as_expected) {
        return Ok(false);
    }
    if options.keep {
        keep::hold(&tools)?;
    } else if !options.json {
        println!("Try it yourself: `cargo xtask demo --keep` keeps a platform and prints a signed URL that opens.");
        println!("Inspect it: `cargo xtask inspector` serves a page that explains and verifies a signed URL.");
    }
    Ok(true)
}

/// The rows as a story or as a table, the failures, and the count.
fn report(rows: &[Row], all: bool, file: &Path) -> anyhow::Result<String> {
    // On a terminal the table wraps long messages.
    let width = || tcgetwinsize(std::io::stdout()).ok().map(|size| size.ws_col);
    let told = if all { rows::table(rows, width()) + "\n" } else { story::chapters(rows)? };
    Ok(told + &story::failures(rows) + &story::count(rows, file))
}

/// The path as the caller can open it: relative if the file is below the current directory.
fn from_here(file: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    file.strip_prefix(here).unwrap_or(file).to_owned()
}
