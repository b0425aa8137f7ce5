//! Runs lanes on two tracks at the same time. Most lanes keep one processor busy, so that two tracks take little more than half the time.
//!
//! Lanes that write the same files are on one track. Each track is a process of its own, whose output is shown lane by lane.

use super::ended::{Done, NAME, ended};
use super::list::Lane;
use super::track::Track;
use anyhow::{Context, anyhow};
use std::io::{BufRead, BufReader, Write, pipe, stdout};
use std::process::{Command, Stdio};
use std::thread;

/// Runs lanes on their tracks. Returns them in the order of their tracks.
pub(super) fn run(lanes: &[&'static Lane]) -> anyhow::Result<Vec<Done>> {
    thread::scope(|scope| {
        let tracks = [Track::Npm, Track::Other].map(|track| scope.spawn(move || one(track, lanes)));
        let mut done = Vec::new();
        for track in tracks {
            done.extend(track.join().map_err(|_| anyhow!("the reader of a track panicked"))??);
        }
        Ok(done)
    })
}

fn one(track: Track, lanes: &[&'static Lane]) -> anyhow::Result<Vec<Done>> {
    let lanes: Vec<&Lane> = lanes.iter().copied().filter(|lane| lane.track == track).collect();
    if lanes.is_empty() {
        return Ok(Vec::new());
    }
    let (reader, writer) = pipe()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["test", "--track", track.name()]).args(lanes.iter().map(|lane| lane.name));
    let mut child = command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).spawn()?;
    // It holds the last ends of the pipe in this process, and the reader waits for all to be closed.
    drop(command);
    let mut done = Vec::new();
    let mut said = Vec::new();
    let mut reader = BufReader::new(reader);
    // Not to the end of the file, if a lane left a process that keeps the pipe open.
    while done.len() < lanes.len() && reader.read_until(b'\n', &mut said)? > 0 {
        let line = said.rsplit(|byte| *byte == b'\n').nth(1).map(String::from_utf8_lossy).unwrap_or_default();
        if let Some(name) = line.strip_prefix(NAME).filter(|name| lanes.iter().any(|lane| lane.name == *name)) {
            println!("--- {name} …");
        } else if let Some(lane) = lanes.iter().find_map(|lane| ended(&line, lane.name)) {
            done.push(lane);
            // Whole, so that the output of the other track stays out of it.
            stdout().lock().write_all(&said)?;
            said.clear();
        }
    }
    let status = child.wait().context("a track")?;
    stdout().lock().write_all(&said)?;
    for lane in &lanes[done.len()..] {
        println!("{NAME}{}: FAILED, since its track ended before it: {status}", lane.name);
        done.push((lane.name, 0, false));
    }
    Ok(done)
}
