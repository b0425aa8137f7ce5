//! Reads a part that callgrind wrote, with plain names and positions.

use anyhow::Context;

/// Instructions of a part.
#[derive(Debug, PartialEq)]
pub(super) struct Cost {
    /// In the compression function of SHA-256. Callgrind runs another one than the processor: it has no SHA instructions.
    pub(super) compressions: u64,
    /// In everything else.
    pub(super) others: u64,
}

/// Sums what each function itself costs.
pub(super) fn cost(part: &str) -> anyhow::Result<Cost> {
    let mut cost = Cost { compressions: 0, others: 0 };
    let (mut function, mut lines) = ("", part.lines());
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("fn=") {
            function = name;
        } else if line.starts_with("calls=") {
            // The next line is the cost of the called function.
            lines.next();
        } else if line.starts_with(|first: char| first.is_ascii_digit()) {
            let count = line.split(' ').nth(1).and_then(|count| count.parse::<u64>().ok());
            let count = count.with_context(|| format!("no count in {line:?}"))?;
            let is_compression = function.contains("sha2::") && function.contains("compress");
            *(if is_compression { &mut cost.compressions } else { &mut cost.others }) += count;
        }
    }
    let said = part.lines().find_map(|line| line.strip_prefix("summary: ")).context("no summary")?;
    let summary: u64 = said.trim().parse()?;
    anyhow::ensure!(cost.compressions + cost.others == summary, "the functions add up to another sum than {summary}");
    Ok(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: &str = "positions: line\nevents: Ir\nsummary: 147\n\nob=counts\nfl=???\nfn=sandgate::sign\n0 40\n\
        cfn=sha2::sha256::compress256\ncalls=1 0\n0 100\n0 7\n\nfn=sha2::sha256::compress256\n0 60\n0 40\n";

    #[test]
    fn compressions_and_inclusive_costs_are_left_out() -> anyhow::Result<()> {
        assert_eq!(cost(PART)?, Cost { compressions: 100, others: 47 });
        Ok(())
    }

    #[test]
    fn sum_that_differs_from_the_summary_is_refused() {
        assert!(cost(&PART.replace("0 7\n", "")).is_err());
        assert!(cost("fn=x\n0 1\n").is_err(), "there is no summary");
    }
}
