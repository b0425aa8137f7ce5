//! The demo as its user runs it, with `--keep`: its exit code, its size, every row, and the URLs that it prints.

use crate::cargo;
use anyhow::{Context, anyhow, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::io::{BufRead, BufReader, read_to_string};
use std::process::{Child, Command, Stdio};
use std::thread;
use xshell::{Shell, cmd};

/// The rows of the demo as of 2026-11-30. A demo with fewer checks proves less.
const ROWS: usize = 1293;
const LINES: usize = 40;
const COLUMNS: usize = 100;

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    let table = cargo::target_directory()?.join("demo/checks.md");
    sh.remove_path(&table)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["demo", "--keep"]).current_dir(sh.current_dir());
    let mut demo = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let stderr = demo.stderr.take().context("no stderr")?;
    let progress = thread::spawn(|| read_to_string(stderr));
    let told = read(&mut demo);
    let urls = told.as_ref().map(|told| open(sh, told));
    // If the URLs are wrong too, the platform is asked to stop.
    kill_process(Pid::from_child(&demo), Signal::INT)?;
    let status = demo.wait()?;
    let progress = progress.join().map_err(|_| anyhow!("stderr"))??;
    ensure!(status.success(), "the demo: {status}\n{progress}");
    if let Ok(urls) = urls {
        urls?;
    }
    let told = told?;
    is_short(&(progress + &told))?;

    let kept = cargo::target_directory()?.join("demo/platform/kept/tmp");
    ensure!(fs::read_dir(kept)?.next().is_none(), "the kept platform left files");
    ensure!(
        told.lines().any(|line| line.ends_with("target/demo/checks.md")),
        "the demo does not name the file with all rows"
    );
    let table = fs::read_to_string(&table).context("the table of all rows")?;
    let rows = table.lines().filter(|line| line.ends_with("| ok |")).count();
    ensure!(rows >= ROWS, "the table must have at least {ROWS} rows, not {rows}");
    ensure!(table.lines().count() == rows + 2, "the table has rows that are not ok");
    ensure!(
        told.contains(&format!("{rows} checks, all as expected")),
        "the demo's count must be {rows}, as in its table"
    );
    Ok(())
}

/// What the demo prints until it keeps its platform, or ends.
fn read(demo: &mut Child) -> anyhow::Result<String> {
    let mut told = String::new();
    for line in BufReader::new(demo.stdout.take().context("no stdout")?).lines() {
        let line = line?;
        println!("{line}");
        told += &line;
        told += "\n";
        if line.contains("Ctrl-C") {
            break;
        }
    }
    Ok(told)
}

/// Opens the URLs without any header or name resolution of our own: as printed.
fn open(sh: &Shell, told: &str) -> anyhow::Result<()> {
    let urls: Vec<&str> = told.lines().filter(|line| line.starts_with("http://")).collect();
    let [opens, expired] = urls[..] else { bail!("the demo printed {} URLs", urls.len()) };
    for (url, status, expected) in
        [(opens, "200", "The signature in the URL let you read it."), (expired, "401", "signature is already expired")]
    {
        let curl = ["--disable", "--silent", "--noproxy", "*", "--write-out", "%{http_code}"];
        let answer = cmd!(sh, "curl {curl...} {url}").quiet().read()?;
        ensure!(answer.contains(expected) && answer.ends_with(status), "a kept URL answers {answer:?}");
    }
    Ok(())
}

/// A URL may be wider: in two lines it would not open.
fn is_short(printed: &str) -> anyhow::Result<()> {
    let lines = printed.lines().count();
    ensure!(lines <= LINES, "the demo prints {lines} lines:\n{printed}");
    for line in printed.lines().filter(|line| !line.starts_with("http://")) {
        ensure!(line.chars().count() <= COLUMNS, "a line has more than {COLUMNS} columns: {line}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_in_lines_and_columns() {
        let wide = "x".repeat(COLUMNS);
        assert!(is_short(&format!("{wide}\n").repeat(LINES)).is_ok());
        assert!(is_short(&format!("{wide}\n").repeat(LINES + 1)).is_err());
        assert!(is_short(&format!("{wide}x\n")).is_err());
        assert!(is_short(&format!("http://{wide}\n")).is_ok(), "a URL is not split");
    }
}
