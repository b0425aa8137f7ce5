//! `cargo xtask …`: the commands of the README and of CI.

mod addon;
mod archive;
mod bench;
mod cargo;
mod counts;
mod demo;
mod inspector;
mod install;
mod lanes;
mod machine;
mod parallel;
mod progress;
mod setup;
mod wasm;
mod wheel;
mod zig;

use clap::Parser;
use std::path::{Path, PathBuf};
use xshell::Shell;

#[derive(Parser)]
enum Command {
    /// Runs the unmodified SDKs of E2B and Novita against the example platform and controller, and reports the results.
    ///
    /// Sets up everything that it needs. Prints a few representative checks and every failure in full. Writes a table with
    /// one row per check to a file, whose path it prints at the end. Exits with 1 if a check is not as expected.
    Demo(demo::Options),
    /// Runs every lane of tests, as CI does. Sets up everything that they need.
    Test {
        /// Only the lanes whose names contain one of these.
        only: Vec<String>,
        /// Only the lanes that the change against main can affect.
        #[arg(long)]
        changed: bool,
        /// Only the lanes of one track, for the process that runs both.
        #[arg(long, hide = true)]
        track: Option<lanes::Track>,
    },
    /// Runs the quick lanes: formatting, lints, layers, the generated header.
    Lint,
    /// Builds the page that reads and verifies signed URLs, serves it on this machine alone, and prints its address.
    Inspector {
        /// Serves this page, which was built before, and builds none.
        #[arg(long, value_name = "FILE")]
        page: Option<PathBuf>,
    },
    /// Measures speed beside the peers, and writes benches/REPORT.md and its charts. Compare results only within one run.
    Bench {
        /// Runs everything once, to show that it runs, and writes nothing to the tree.
        #[arg(long)]
        quick: bool,
    },
    /// Counts the instructions of the main operations, and compares them with benches/counts.json.
    Counts {
        /// Records them there for this compiler.
        #[arg(long)]
        write: bool,
    },
    /// Generates the C header.
    Header,
    /// Builds the npm package's WebAssembly, where its own build finds it.
    Wasm,
    /// Builds the C library and installs it with its header, for pkg-config and CMake. Without --prefix it goes to
    /// /usr/local, for which you must be root.
    Install {
        /// Where the library will be used: an absolute path.
        #[arg(long, default_value = "/usr/local")]
        prefix: PathBuf,
        /// Where the libraries go below the prefix, for instance lib/x86_64-linux-gnu.
        #[arg(long, default_value = "lib")]
        libdir: PathBuf,
        /// A directory in place of / while a package is built. The files are written below it.
        #[arg(long)]
        destdir: Option<PathBuf>,
        /// Prints where the files would go, and writes nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Runs the checks that take too long for `test`, and writes their figures into docs/assurance.md. Run it before a release.
    ///
    /// It can be stopped: the next run continues with the checks that have not passed for the same files.
    Assure {
        /// Only the checks whose names contain one of these.
        only: Vec<String>,
        /// Runs every check again.
        #[arg(long)]
        fresh: bool,
    },
}

fn main() -> anyhow::Result<()> {
    let sh = Shell::new()?;
    let command = Command::parse();
    sh.change_dir(cargo::root()?);
    match command {
        Command::Demo(options) => {
            if !demo::run(&sh, &options)? {
                // Not returned as an error, which would be printed: the demo has printed each failure.
                std::process::exit(1);
            }
            Ok(())
        }
        Command::Test { only, changed, track } => lanes::test(&sh, &only, changed, track),
        Command::Lint => lanes::lint(&sh),
        Command::Inspector { page } => {
            // Relative to the caller's directory, not to the repository.
            inspector::run(&sh, page.map(std::path::absolute).transpose()?)
        }
        Command::Bench { quick } => bench::run(&sh, quick),
        Command::Counts { write } => counts::run(&sh, write),
        Command::Header => lanes::write_header(&sh),
        Command::Wasm => wasm::modules(&sh, Path::new("bindings-node/dist")),
        Command::Install { prefix, libdir, destdir, dry_run } => {
            // Relative to the caller's directory, not to the repository.
            let destdir = destdir.map(std::path::absolute).transpose()?;
            let place = install::Place::new(&prefix, &libdir, destdir.as_deref())?;
            println!("{}", place.announcement());
            if !dry_run {
                print!("{}", install::install(&sh, &place)?);
            }
            Ok(())
        }
        Command::Assure { only, fresh } => lanes::assure(&sh, &only, fresh),
    }
}
