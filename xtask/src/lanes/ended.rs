//! Lanes that ended: the line that says so, and the table at the end.

/// A lane that ended: its name, its seconds, and whether it passed.
pub(super) type Done = (&'static str, u64, bool);

/// What precedes the name of a lane in the output.
pub(super) const NAME: &str = "=== ";

/// Reads the line that ends a lane.
pub(super) fn ended(line: &str, name: &'static str) -> Option<Done> {
    let outcome = line.strip_prefix(NAME)?.strip_prefix(name)?.strip_prefix(": ")?.strip_suffix(" s")?;
    let (seconds, passed) = match outcome.strip_prefix("passed in ") {
        Some(seconds) => (seconds, true),
        None => (outcome.strip_prefix("FAILED after ")?, false),
    };
    Some((name, seconds.parse().ok()?, passed))
}

/// One row per lane, then the count and the whole time.
pub(super) fn table(done: &[Done], whole: u64) -> String {
    let mut table = String::new();
    for (name, seconds, passed) in done {
        let outcome = if *passed { "passed" } else { "FAILED" };
        table += &format!("{outcome} {seconds:>5} s  {name}\n");
    }
    let failed = done.iter().filter(|(_, _, passed)| !passed).count();
    let (minutes, seconds) = (whole / 60, whole % 60);
    table + &format!("{} passed, {failed} failed, in {minutes} min {seconds} s\n", done.len() - failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn end_of_a_lane_is_read_from_its_line_alone() {
        assert_eq!(ended("=== lints: passed in 79 s", "lints"), Some(("lints", 79, true)));
        assert_eq!(ended("=== lints: FAILED after 8 s", "lints"), Some(("lints", 8, false)));
        for other in [
            "=== lints",
            "=== lints: passed in 7",
            "lints: passed in 7 s",
            "=== npm: passed in 7 s",
            "=== lints: passed in x s",
        ] {
            assert_eq!(ended(other, "lints"), None, "{other}");
        }
    }

    #[test]
    fn table_shows_each_time_and_ends_with_the_count() {
        let table = table(&[("lints", 79, true), ("npm", 1093, false)], 1172);
        assert_eq!(table, "passed    79 s  lints\nFAILED  1093 s  npm\n1 passed, 1 failed, in 19 min 32 s\n");
    }
}
