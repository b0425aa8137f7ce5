//! What was checked.

use anyhow::ensure;
use comfy_table::{ContentArrangement, Table, presets::ASCII_MARKDOWN};
use rustix::termios::tcgetwinsize;
use serde::Serialize;

/// A step, what it had to show, and what it showed.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    /// Which client, or part, it belongs to.
    pub(crate) lane: &'static str,
    pub(crate) step: String,
    /// Who made the signature, or presented the token.
    pub(crate) signer: String,
    /// Who decided.
    pub(crate) verifier: &'static str,
    pub(crate) expected: String,
    pub(crate) seen: String,
    pub(crate) as_expected: bool,
}

#[derive(Default)]
pub(crate) struct Rows {
    lane: &'static str,
    rows: Vec<Row>,
}

impl Rows {
    /// What is added from here on belongs to this lane.
    pub(crate) fn begin(&mut self, lane: &'static str) {
        self.lane = lane;
    }

    pub(crate) fn add(
        &mut self,
        step: impl Into<String>,
        signer: impl Into<String>,
        verifier: &'static str,
        expected: impl Into<String>,
        seen: impl Into<String>,
    ) {
        let (step, signer, expected, seen) = (step.into(), signer.into(), expected.into(), seen.into());
        let as_expected = expected == seen;
        self.rows.push(Row { lane: self.lane, step, signer, verifier, expected, seen, as_expected });
    }

    pub(crate) fn into_vec(self) -> Vec<Row> {
        self.rows
    }
}

/// Prints the rows.
///
/// # Errors
/// When one is not as expected.
pub(crate) fn show(rows: &[Row], json: bool) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(rows)?);
    } else {
        println!("{}", table(rows));
    }
    let wrong = rows.iter().filter(|row| !row.as_expected).count();
    ensure!(wrong == 0, "{wrong} of {} rows are not as expected", rows.len());
    eprintln!("{} rows, all as expected", rows.len());
    Ok(())
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    // In a terminal, long messages are wrapped; elsewhere a row stays on one line.
    if let Ok(size) = tcgetwinsize(std::io::stdout()) {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(size.ws_col);
    }
    table.set_header(["lane", "step", "who signed", "who verified", "expected", "seen", ""]);
    for row in rows {
        // What was expected and seen alike is not shown twice.
        let (seen, verdict) = if row.as_expected { ("as expected", "ok") } else { (row.seen.as_str(), "WRONG") };
        table.add_row([row.lane, &row.step, &row.signer, row.verifier, &row.expected, seen, verdict]);
    }
    table
}
