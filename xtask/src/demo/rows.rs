//! The rows: what was checked.

use comfy_table::{ContentArrangement, Table, presets::ASCII_MARKDOWN};
use serde::Serialize;

/// A step, the expected answer, and the answer.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    /// The client or the part of the system of the row.
    pub(crate) lane: &'static str,
    pub(crate) step: String,
    /// The signer, or the client that presented the token.
    pub(crate) signer: String,
    /// The server that decided.
    pub(crate) verifier: &'static str,
    pub(crate) expected: String,
    pub(crate) seen: String,
    pub(crate) as_expected: bool,
}

pub(crate) struct Rows {
    lane: &'static str,
    rows: Vec<Row>,
}

impl Rows {
    /// Returns no rows yet; following rows belong to this lane.
    pub(crate) const fn begin(lane: &'static str) -> Self {
        Self { lane, rows: Vec::new() }
    }

    /// Following rows belong to this lane.
    pub(crate) const fn next(&mut self, lane: &'static str) {
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

/// All rows as a table. It wraps long messages to `width` columns; without a width, each row is one line.
pub(crate) fn table(rows: &[Row], width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table.set_header(["lane", "step", "who signed", "who verified", "expected", "seen", ""]);
    for row in rows {
        // An answer as expected is not shown twice.
        let (seen, verdict) = if row.as_expected { ("as expected", "ok") } else { (row.seen.as_str(), "WRONG") };
        table.add_row([row.lane, &row.step, &row.signer, row.verifier, &row.expected, seen, verdict]);
    }
    table.to_string()
}
