//! What a harness prints: one line of JSON per report.

use anyhow::{Context, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use xshell::Cmd;

/// What a harness measured. Its progress goes to stderr.
pub(super) fn printed(harness: Cmd<'_>) -> anyhow::Result<Vec<Report>> {
    Report::all(&harness.quiet().read()?)
}

/// What one process measured, in turns.
#[derive(Deserialize)]
pub(super) struct Report {
    pub(super) language: String,
    /// Of all candidates.
    pub(super) rounds: u32,
    /// Of the language and the peers.
    #[serde(default)]
    pub(super) versions: BTreeMap<String, String>,
    pub(super) rows: Vec<Measured>,
    /// What a client can make longer.
    #[serde(default)]
    pub(super) growth: Vec<Grown>,
}

/// One candidate of a row.
#[derive(Deserialize)]
pub(super) struct Measured {
    pub(super) row: String,
    pub(super) name: String,
    pub(super) ours: bool,
    /// The name of the bare compressions that it needs, which are a candidate of another row.
    #[serde(default)]
    pub(super) floor: Option<String>,
    /// Nanoseconds of a call in the fastest round.
    pub(super) least: f64,
    /// Nanoseconds of a call in the median round.
    pub(super) median: f64,
}

/// One size of what a client can make longer.
#[derive(Deserialize)]
pub(super) struct Grown {
    pub(super) name: String,
    pub(super) grows: String,
    pub(super) size: u64,
    pub(super) least: f64,
}

impl Report {
    /// Reads what a harness printed.
    pub(super) fn all(printed: &str) -> anyhow::Result<Vec<Self>> {
        let reports: Vec<Self> = printed
            .lines()
            .filter(|line| line.starts_with('{'))
            .map(|line| serde_json::from_str(line).context("the harness printed another JSON"))
            .collect::<anyhow::Result<_>>()?;
        ensure!(!reports.is_empty(), "the harness printed no report");
        for report in &reports {
            ensure!(!report.rows.is_empty(), "{}: nothing was measured", report.language);
            let is_time = |time: f64| time.is_finite() && time > 0.0;
            let wrong = report.rows.iter().find(|row| !is_time(row.least) || row.median < row.least);
            ensure!(wrong.is_none(), "{}: {:?} has no time", report.language, wrong.map(|row| &row.row));
        }
        Ok(reports)
    }

    /// The rows by their names, in the order in which they were printed, ours first in each.
    pub(super) fn grouped(&self) -> Vec<(&str, Vec<&Measured>)> {
        let mut groups: Vec<(&str, Vec<&Measured>)> = Vec::new();
        for measured in &self.rows {
            match groups.iter_mut().find(|(row, _)| *row == measured.row) {
                Some((_, group)) => group.push(measured),
                None => groups.push((&measured.row, vec![measured])),
            }
        }
        groups.iter_mut().for_each(|(_, group)| group.sort_by_key(|measured| !measured.ours));
        groups
    }

    /// How many nanoseconds the bare compressions take that this candidate needs.
    pub(super) fn floor(&self, of: &Measured) -> Option<f64> {
        let name = of.floor.as_ref()?;
        self.rows.iter().find(|row| row.name == *name).map(|row| row.least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_grouped_with_ours_first() -> anyhow::Result<()> {
        let row = |row, name, ours| format!(r#"{{"row":"{row}","name":"{name}","ours":{ours},"least":2,"median":3}}"#);
        let rows = [row("sign", "peer", false), row("verify", "us", true), row("sign", "us", true)].join(",");
        let printed = format!("noise\n{{\"language\":\"C\",\"rounds\":1,\"rows\":[{rows}]}}\n");
        let reports = Report::all(&printed)?;
        let names: Vec<(&str, Vec<&str>)> = reports[0]
            .grouped()
            .into_iter()
            .map(|(row, group)| (row, group.into_iter().map(|measured| measured.name.as_str()).collect()))
            .collect();
        assert_eq!(names, [("sign", vec!["us", "peer"]), ("verify", vec!["us"])]);
        Ok(())
    }

    #[test]
    fn report_without_times_is_refused() {
        let report = |rows| format!(r#"{{"language":"C","rounds":1,"rows":[{rows}]}}"#);
        let row = |least, median| {
            report(format!(r#"{{"row":"sign","name":"us","ours":true,"least":{least},"median":{median}}}"#))
        };
        assert!(Report::all(&row("1", "2")).is_ok());
        for wrong in [String::new(), report(String::new()), row("0", "2"), row("3", "2")] {
            assert!(Report::all(&wrong).is_err(), "{wrong}");
        }
    }
}
