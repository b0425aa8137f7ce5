//! Core compared with what Rust programs use without it, interleaved in one process. Prints JSON.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --features peers --bench peers`; `cargo xtask bench` makes a report of it.
//! Without the feature, the peers that take minutes to build are left out. As a test it makes each call once.

mod growth;
mod measure;
#[cfg(feature = "peers")]
mod more;
mod ours;
mod usual;

use measure::{Effort, Measured, measure};
use sandgate_benches::deployment::Deployment;
use serde::Serialize;

#[derive(Serialize)]
struct Report {
    language: &'static str,
    rounds: u32,
    rows: Vec<Measured>,
    growth: Vec<growth::Grown>,
}

fn main() {
    // cargo passes this to benches, and not to tests.
    let effort = if std::env::args().any(|word| word == "--bench") { Effort::FULL } else { Effort::ONCE };
    let on = Deployment::new();
    let mut candidates = ours::candidates(&on);
    candidates.extend(usual::candidates(&on));
    #[cfg(feature = "peers")]
    candidates.extend(more::candidates(&on));
    // One row after the other, ours first.
    let order: Vec<&str> = candidates.iter().map(|candidate| candidate.row).collect();
    let place = |row: &str| order.iter().position(|known| *known == row);
    candidates.sort_by_key(|candidate| place(candidate.row));
    let rows = measure(candidates, effort);
    let report = Report { language: "Rust", rounds: effort.rounds, rows, growth: growth::measure(&on, effort) };
    println!("{}", serde_json::to_string(&report).expect("numbers and names"));
}
