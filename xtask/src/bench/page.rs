//! `benches/REPORT.md`, from what the harnesses printed.

use super::measured::{Grown, Measured, Report};
use std::collections::BTreeMap;

/// A title, the machine and the versions, and the tables of each report.
pub(super) fn page(machine: &[(&str, String)], reports: &[Report], criterion: &BTreeMap<String, f64>) -> String {
    let mut page = "# Speed\n\nWritten by `cargo xtask bench`; do not edit. Compare figures only within one table: all candidates of a \
        table took turns in one process.\nA ratio is one of the fastest rounds; times are nanoseconds per call.\n\n"
        .to_owned();
    page += "| | |\n| --- | --- |\n";
    for (what, is) in machine {
        page += &format!("| {what} | {is} |\n");
    }
    for report in reports {
        page += &language(report);
    }
    if !criterion.is_empty() {
        page += "\n## Core alone, by criterion\n\nMedians.\n\n| | ns |\n| --- | ---: |\n";
        for (name, median) in criterion {
            page += &format!("| {name} | {} |\n", time(*median));
        }
    }
    page + "\n## How to measure again\n\n    cargo xtask bench            # writes this page and its charts\n    cargo xtask bench --quick    \
        # only shows that everything runs\n    cargo xtask counts           # instructions, which do not depend on the machine's load\n\n\
        `cargo xtask assure` installs what the peers in C and Go need; after that `bench` measures them too.\n"
}

/// Why ours takes more than the compressions, as measured and seen in the disassembly.
const FLOOR: &str = include_str!("floor.md");

fn language(report: &Report) -> String {
    let mut text = format!("\n## {}\n\n", report.language);
    let versions: Vec<String> = report.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    if !versions.is_empty() {
        text += &format!("{}. ", versions.join(", "));
    }
    text += &format!("{} rounds.\n\n", report.rounds);
    if let Some(chart) = chart_of(&report.language) {
        text += &format!("![How many times as long as sandgate each peer takes]({chart})\n\n");
    }
    let has_floor = report.rows.iter().any(|row| row.floor.is_some());
    let (more, line) = if has_floor { (" times its compressions |", " ---: |") } else { ("", "") };
    text += &format!("| | times sandgate |{more} ns, least | ns, median |\n| --- | ---: |{line} ---: | ---: |\n");
    for (row, group) in report.grouped() {
        let ours = group.iter().find(|measured| measured.ours).map(|measured| measured.least);
        text += &format!("| **{row}** | |{} | |\n", if has_floor { " |" } else { "" });
        for measured in group {
            text += &line_of(report, measured, ours, has_floor);
        }
    }
    if has_floor {
        text += FLOOR;
    }
    if !report.growth.is_empty() {
        text += &growth(&report.growth);
    }
    text
}

fn line_of(report: &Report, measured: &Measured, ours: Option<f64>, has_floor: bool) -> String {
    let times = ours.map_or_else(String::new, |ours| ratio(measured.least / ours));
    let floor = report.floor(measured).map_or_else(String::new, |floor| ratio(measured.least / floor));
    let floor = if has_floor { format!(" {floor} |") } else { String::new() };
    format!("| {} | {times} |{floor} {} | {} |\n", measured.name, time(measured.least), time(measured.median))
}

/// One table for each thing that grows, with its sizes as columns.
fn growth(grown: &[Grown]) -> String {
    let mut text = "\n### Linear in what a client sends\n\nNanoseconds of a call. `cargo xtask counts` checks that twice the input costs at most \
        about twice the instructions.\n"
        .to_owned();
    let mut kinds: Vec<&str> = Vec::new();
    for one in grown {
        if !kinds.contains(&one.grows.as_str()) {
            kinds.push(&one.grows);
        }
    }
    for kind in kinds {
        let of_kind: Vec<&Grown> = grown.iter().filter(|one| one.grows == kind).collect();
        let mut sizes: Vec<u64> = of_kind.iter().map(|one| one.size).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let head: String = sizes.iter().map(|size| format!(" {size} |")).collect();
        text += &format!("\n| {kind} |{head}\n| --- |{}\n", " ---: |".repeat(sizes.len()));
        let mut names: Vec<&str> = of_kind.iter().map(|one| one.name.as_str()).collect();
        names.dedup();
        for name in names {
            let cells = sizes.iter().map(|size| {
                let found = of_kind.iter().find(|one| one.name == name && one.size == *size);
                format!(" {} |", found.map_or_else(String::new, |one| time(one.least)))
            });
            text += &format!("| {name} |{}\n", cells.collect::<String>());
        }
    }
    text
}

/// The languages that have a chart, and its file beside the page. Nothing of ours is in Go's table.
pub(super) fn chart_of(language: &str) -> Option<&'static str> {
    match language {
        "Rust" => Some("rust.svg"),
        "Python" => Some("python.svg"),
        "Node" => Some("node.svg"),
        "C" => Some("c.svg"),
        _ => None,
    }
}

/// Two digits that say something.
pub(super) fn ratio(times: f64) -> String {
    if times < 9.95 { format!("{times:.2}") } else { format!("{times:.0}") }
}

/// Whole nanoseconds.
pub(super) fn time(nanoseconds: f64) -> String {
    format!("{nanoseconds:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = r#"{"language":"Rust","rounds":600,"versions":{"ring":"0.17.14"},"rows":[
        {"row":"only the compressions","name":"3 blocks","ours":false,"least":100,"median":110},
        {"row":"verify","name":"ring","ours":false,"least":840,"median":900},
        {"row":"verify","name":"sandgate","ours":true,"floor":"3 blocks","least":210,"median":230}],
        "growth":[{"name":"v1 check","grows":"seeds","size":1,"least":70},{"name":"v1 check","grows":"seeds","size":8,"least":512.4}]}"#;

    fn shown() -> anyhow::Result<String> {
        let reports = Report::all(&PRINTED.replace('\n', ""))?;
        Ok(page(&[("processor", "a fast one".to_owned())], &reports, &BTreeMap::from([("v1/sign".to_owned(), 209.6)])))
    }

    #[test]
    fn ratios_come_before_times_and_ours_before_its_peers() -> anyhow::Result<()> {
        let page = shown()?;
        let rows = "| **verify** | | | | |\n| sandgate | 1.00 | 2.10 | 210 | 230 |\n| ring | 4.00 |  | 840 | 900 |\n";
        assert!(page.contains(rows), "{page}");
        assert!(page.contains("| 3 blocks |  |  | 100 | 110 |"), "a row without ours has no ratio: {page}");
        Ok(())
    }

    #[test]
    fn page_names_machine_versions_chart_and_command() -> anyhow::Result<()> {
        let page = shown()?;
        for part in [
            "| processor | a fast one |",
            "ring 0.17.14. 600 rounds",
            "(rust.svg)",
            "cargo xtask bench",
            "### Why it is more than the compressions",
            "| v1/sign | 210 |",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        Ok(())
    }

    #[test]
    fn each_size_is_a_column() -> anyhow::Result<()> {
        let page = shown()?;
        assert!(page.contains("| seeds | 1 | 8 |\n| --- | ---: | ---: |\n| v1 check | 70 | 512 |\n"), "{page}");
        Ok(())
    }

    #[test]
    fn ratios_have_two_digits_that_say_something() {
        assert_eq!([0.874, 3.456, 9.94, 9.96, 43.2].map(ratio), ["0.87", "3.46", "9.94", "10", "43"]);
    }
}
