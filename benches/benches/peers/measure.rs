//! Candidates in turns: what slows the machine for a while slows all of them.

use serde::Serialize;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long to measure.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) rounds: u32,
    /// How long a turn of a candidate takes.
    pub(crate) turn: Duration,
}

impl Effort {
    pub(crate) const FULL: Self = Self { rounds: 600, turn: Duration::from_micros(50) };
    pub(crate) const ONCE: Self = Self { rounds: 1, turn: Duration::ZERO };
}

/// One way to do the work of a row.
pub(crate) struct Candidate<'a> {
    pub(crate) row: &'static str,
    name: String,
    ours: bool,
    /// The bare compressions that the work needs.
    floor: Option<&'static str>,
    /// Makes so many calls.
    run: Box<dyn Fn(u32) + 'a>,
}

/// What a call takes, in nanoseconds.
#[derive(Serialize)]
pub(crate) struct Measured {
    row: &'static str,
    name: String,
    ours: bool,
    floor: Option<&'static str>,
    least: f64,
    median: f64,
}

fn loop_of<'a, R>(call: impl Fn() -> R + 'a) -> Box<dyn Fn(u32) + 'a> {
    Box::new(move |calls| {
        for _ in 0..calls {
            black_box(call());
        }
    })
}

/// A peer.
pub(crate) fn peer<'a, R>(row: &'static str, name: &str, call: impl Fn() -> R + 'a) -> Candidate<'a> {
    Candidate { row, name: name.to_owned(), ours: false, floor: None, run: loop_of(call) }
}

/// Ours, beside the compressions that it needs.
pub(crate) fn ours<'a, R>(row: &'static str, floor: &'static str, call: impl Fn() -> R + 'a) -> Candidate<'a> {
    Candidate { row, name: "sandgate".to_owned(), ours: true, floor: Some(floor), run: loop_of(call) }
}

/// The least and the median of all rounds. In each round every candidate has a turn.
pub(crate) fn measure(candidates: Vec<Candidate<'_>>, effort: Effort) -> Vec<Measured> {
    let calls: Vec<u32> = candidates.iter().map(|candidate| calls_of(&*candidate.run, effort)).collect();
    let mut turns = vec![Vec::new(); candidates.len()];
    for round in 0..effort.rounds {
        if round.is_multiple_of(100) && effort.rounds > 1 {
            eprintln!("Rust: round {round} of {}", effort.rounds);
        }
        for ((candidate, calls), turns) in candidates.iter().zip(&calls).zip(&mut turns) {
            turns.push(nanoseconds(&*candidate.run, *calls));
        }
    }
    let measured = |(candidate, turns): (Candidate<'_>, Vec<f64>)| {
        let Candidate { row, name, ours, floor, .. } = candidate;
        let (least, median) = summary(turns);
        Measured { row, name, ours, floor, least, median }
    };
    candidates.into_iter().zip(turns).map(measured).collect()
}

/// How many calls fill a turn.
pub(crate) fn calls_of(run: &dyn Fn(u32), effort: Effort) -> u32 {
    let mut calls = 1;
    while nanoseconds(run, calls) * f64::from(calls) < effort.turn.as_nanos() as f64 {
        calls *= 2;
    }
    calls
}

/// Nanoseconds of a call.
pub(crate) fn nanoseconds(run: &dyn Fn(u32), calls: u32) -> f64 {
    let start = Instant::now();
    run(calls);
    start.elapsed().as_nanos() as f64 / f64::from(calls)
}

/// The least and the median.
pub(crate) fn summary(mut turns: Vec<f64>) -> (f64, f64) {
    turns.sort_by(f64::total_cmp);
    (turns[0], turns[turns.len() / 2])
}
