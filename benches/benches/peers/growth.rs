//! How long requests take that a client makes longer and longer.

use crate::measure::{Effort, nanoseconds, summary};
use sandgate_benches::deployment::Deployment;
use sandgate_benches::linear::SERIES;
use serde::Serialize;

/// One size of one series.
#[derive(Serialize)]
pub(crate) struct Grown {
    name: &'static str,
    grows: &'static str,
    size: usize,
    least: f64,
}

/// The least of some rounds, for each size.
pub(crate) fn measure(on: &Deployment, effort: Effort) -> Vec<Grown> {
    let mut grown = Vec::new();
    for series in SERIES {
        if effort.rounds > 1 {
            eprintln!("Rust: {}, more {}", series.name, series.grows);
        }
        for &size in series.sizes.timed {
            let call = (series.make)(on, size);
            let run = |calls| (0..calls).for_each(|_| call());
            let calls = crate::measure::calls_of(&run, effort);
            let rounds = 1 + effort.rounds / 20;
            let (least, _) = summary((0..rounds).map(|_| nanoseconds(&run, calls)).collect());
            grown.push(Grown { name: series.name, grows: series.grows, size, least });
        }
    }
    grown
}
