//! One chart per language: how many times as long as sandgate each peer takes.

use super::measured::Report;
use super::page::{ratio, time};

const WIDTH: f64 = 760.0;
/// Where a bar of one begins.
const LEFT: f64 = 330.0;
const RIGHT: f64 = 690.0;
const HEAD: f64 = 68.0;
const TITLE: f64 = 26.0;
const BAR: f64 = 20.0;
const GAP: f64 = 10.0;

/// One candidate of a row.
struct Bar<'a> {
    name: &'a str,
    /// As many times as ours.
    times: f64,
    nanoseconds: f64,
    ours: bool,
}

/// The rows in which there is something to compare.
fn compared(report: &Report) -> Vec<(&str, Vec<Bar<'_>>)> {
    let mut rows = Vec::new();
    for (row, group) in report.grouped() {
        let Some(ours) = group.iter().find(|measured| measured.ours).map(|measured| measured.least) else { continue };
        if group.len() > 1 {
            let bars = group
                .iter()
                .map(|one| Bar { name: &one.name, times: one.least / ours, nanoseconds: one.least, ours: one.ours })
                .collect();
            rows.push((row, bars));
        }
    }
    rows
}

/// An SVG for light and dark pages, with a title and a description. None if there is no peer.
pub(super) fn chart(report: &Report) -> Option<String> {
    let rows = compared(report);
    let ratios = || rows.iter().flat_map(|(_, bars)| bars.iter().map(|bar| bar.times));
    // The axis is logarithmic: a ratio is a length, whichever of the two is faster.
    let (low, high) = (ratios().fold(0.8, f64::min), ratios().fold(2.0, f64::max));
    let across = |times: f64| LEFT + (RIGHT - LEFT) * (times / low).ln() / (high / low).ln();
    let one = across(1.0);
    let mut y = HEAD;
    let mut body = String::new();
    let mut said = Vec::new();
    for (row, bars) in &rows {
        body += &format!("  <text class=\"row\" x=\"16\" y=\"{:.0}\">{}</text>\n", y + 16.0, escaped(row));
        y += TITLE;
        for Bar { name, times, nanoseconds, ours } in bars {
            let (from, until) = (one.min(across(*times)), one.max(across(*times)));
            let (class, label) = if *ours && (times - 1.0).abs() < 1e-9 {
                ("ours", format!("{} ns", time(*nanoseconds)))
            } else {
                (if *ours { "ours" } else { "peer" }, format!("{}×", ratio(*times)))
            };
            let text = y + 14.0;
            body += &format!(
                "  <text class=\"name\" x=\"{:.0}\" y=\"{text:.0}\">{}</text>\n  <rect class=\"{class}\" x=\"{from:.1}\" y=\"{:.0}\" \
                 width=\"{:.1}\" height=\"{:.0}\" rx=\"2\"/>\n  <text class=\"figure\" x=\"{:.1}\" y=\"{text:.0}\">{label}</text>\n",
                LEFT - 14.0,
                escaped(&short(name)),
                y + 2.0,
                (until - from).max(3.0),
                BAR - 4.0,
                until.max(one) + 8.0,
            );
            y += BAR;
        }
        let slowest = bars.iter().filter(|bar| !bar.ours).map(|bar| format!("{} {} times", bar.name, ratio(bar.times)));
        said.push(format!("{row}: {}.", slowest.collect::<Vec<_>>().join(", ")));
        y += GAP;
    }
    let title = format!("{}: how many times as long as sandgate", escaped(&report.language));
    let description = escaped(&said.join(" "));
    let style = STYLE;
    (!rows.is_empty()).then(|| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.0} {y:.0}\" width=\"{WIDTH:.0}\" height=\"{y:.0}\" role=\"img\" \
             aria-labelledby=\"title desc\">\n  <title id=\"title\">{title}</title>\n  <desc id=\"desc\">{description}</desc>\n{style}  \
             <rect class=\"page\" width=\"{WIDTH:.0}\" height=\"{y:.0}\" rx=\"12\"/>\n  <text class=\"title\" x=\"16\" y=\"30\">{title}</text>\n  \
             <text class=\"note\" x=\"16\" y=\"50\">logarithmic; the line is sandgate, with its time per call</text>\n{body}  \
             <path class=\"line\" d=\"M{one:.1} {HEAD:.0}V{:.0}\"/>\n</svg>\n",
            y - GAP
        )
    })
}

const STYLE: &str = "  <style>
    svg { --page: #ffffff; --line: #57606a; --text: #1f2328; --soft: #57606a; --ours: #0969da; --peer: #c3cbd4; }
    @media (prefers-color-scheme: dark) {
      svg { --page: #0d1117; --line: #a3adb8; --text: #e6edf3; --soft: #a3adb8; --ours: #58a6ff; --peer: #434c56; }
    }
    text { font-family: system-ui, -apple-system, \"Segoe UI\", Roboto, \"DejaVu Sans\", sans-serif; font-size: 13px; fill: var(--soft); }
    .title { font-size: 17px; font-weight: 600; fill: var(--text); }
    .row { font-weight: 600; fill: var(--text); }
    .name { text-anchor: end; }
    .figure { fill: var(--text); }
    .page { fill: var(--page); }
    .ours { fill: var(--ours); }
    .peer { fill: var(--peer); }
    .line { fill: none; stroke: var(--line); stroke-width: 1; }
  </style>
";

/// A name that fits beside its bar.
fn short(name: &str) -> String {
    const MOST: usize = 44;
    if name.chars().count() <= MOST { name.to_owned() } else { name.chars().take(MOST - 1).chain(['…']).collect() }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(rows: &[(&str, &str, bool, f64)]) -> anyhow::Result<Option<String>> {
        let row = |(row, name, ours, least): &(&str, &str, bool, f64)| {
            format!(r#"{{"row":"{row}","name":"{name}","ours":{ours},"least":{least},"median":{least}}}"#)
        };
        let rows: Vec<String> = rows.iter().map(row).collect();
        let printed = format!(r#"{{"language":"C","rounds":1,"rows":[{}]}}"#, rows.join(","));
        Ok(chart(&Report::all(&printed)?[0]))
    }

    /// The width of the bar before this label.
    fn bar(svg: &str, label: &str) -> f64 {
        let before = svg.split(label).next().and_then(|before| before.rsplit("width=\"").next());
        before.and_then(|width| width.split('"').next()?.parse().ok()).unwrap_or(f64::NAN)
    }

    #[test]
    fn bars_are_logarithms_of_the_ratios() -> anyhow::Result<()> {
        let svg =
            drawn(&[("a", "us", true, 10.0), ("a", "p", false, 40.0), ("a", "q", false, 160.0)])?.unwrap_or_default();
        assert!((bar(&svg, "16×") / bar(&svg, "4.00×") - 2.0).abs() < 0.01, "{svg}");
        assert!(svg.contains("10 ns"), "{svg}");
        Ok(())
    }

    #[test]
    fn chart_is_accessible_and_follows_the_page() -> anyhow::Result<()> {
        let svg = drawn(&[("a < b", "us", true, 10.0), ("a < b", "p & q", false, 5.0)])?.unwrap_or_default();
        for part in [
            "role=\"img\"",
            "<title id=\"title\">C",
            "<desc id=\"desc\">a &lt; b: p &amp; q 0.50 times.",
            "prefers-color-scheme: dark",
        ] {
            assert!(svg.contains(part), "{part}: {svg}");
        }
        Ok(())
    }

    #[test]
    fn language_without_peers_has_no_chart() -> anyhow::Result<()> {
        assert_eq!(drawn(&[("a", "us", true, 10.0), ("b", "them", false, 5.0)])?, None);
        Ok(())
    }
}
