//! `cargo xtask …`: the commands of the README and of CI.

mod addon;
mod archive;
mod cargo;
mod demo;
mod install;
mod lanes;
mod progress;
mod setup;
mod wheel;
mod zig;

use clap::Parser;
use std::path::PathBuf;
use xshell::Shell;

#[derive(Parser)]
enum Command {
    /// Runs the unmodified SDKs of E2B and Novita against the example platform and controller, and tells what happened.
    ///
    /// Sets up all that it needs. Prints a story of a few telling checks and every failure in full; writes a table with
    /// one row per check to a file that the end names. Exits with 1 if a check is not as expected.
    Demo(demo::Options),
    /// Runs every lane of tests, as CI does. Sets up all that they need.
    Test {
        /// Only the lanes whose names contain this.
        only: Option<String>,
    },
    /// Runs the quick lanes: formatting, lints, layers, the generated header.
    Lint,
    /// Measures. Compare within one run only.
    Bench,
    /// Generates the C header.
    Header,
    /// Builds the C library and installs it, with its header, for pkg-config and for CMake.
    Install {
        /// Where it will be used: an absolute path.
        #[arg(long, default_value = "/usr/local")]
        prefix: PathBuf,
        /// Where the libraries go below the prefix, lib/x86_64-linux-gnu for instance.
        #[arg(long, default_value = "lib")]
        libdir: PathBuf,
        /// Where to put it meanwhile, as if that were the root.
        #[arg(long)]
        destdir: Option<PathBuf>,
    },
    /// Runs what takes longer than `test` may, before a release.
    Assure,
}

fn main() -> anyhow::Result<()> {
    let sh = Shell::new()?;
    let command = Command::parse();
    sh.change_dir(setup::root()?);
    match command {
        Command::Demo(options) => {
            if !demo::run(&sh, &options)? {
                // Not an error that would be printed: the demo has told of each failure.
                std::process::exit(1);
            }
            Ok(())
        }
        Command::Test { only } => lanes::test(&sh, only.as_deref()),
        Command::Lint => lanes::lint(&sh),
        Command::Bench => lanes::bench(&sh),
        Command::Header => lanes::write_header(&sh),
        Command::Install { prefix, libdir, destdir } => {
            // Relative to where the caller is, not to the repository.
            let destdir = destdir.map(std::path::absolute).transpose()?;
            let place = install::Place::new(&prefix, &libdir, destdir.as_deref())?;
            print!("{}", install::install(&sh, &place)?);
            Ok(())
        }
        Command::Assure => lanes::assure(&sh),
    }
}
