//! Work is linear in what a client sends: twice the input costs at most about twice the instructions.

use anyhow::{bail, ensure};
use std::collections::BTreeMap;

/// The most that twice the input may cost, in hundredths.
const MOST: u64 = 215;

/// Fails with every step that costs more than [`MOST`].
pub(super) fn check(series: &BTreeMap<String, Vec<(u64, u64)>>) -> anyhow::Result<()> {
    let mut found = Vec::new();
    for (name, counts) in series {
        ensure!(counts.len() > 2, "{name}: too few sizes to see how it grows");
        for step in counts.windows(2) {
            let [(from, before), (to, after)] = *step else { bail!("{name}: no step") };
            ensure!(to == from * 2, "{name}: {to} is not twice {from}");
            if after * 100 > before * MOST {
                let times = after as f64 / before as f64;
                found.push(format!(
                    "    {name}, from {from} to {to}: {before} to {after} instructions, {times:.2} times"
                ));
            }
        }
    }
    ensure!(found.is_empty(), "twice the input costs more than {MOST} % of the instructions:\n{}", found.join("\n"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grown(cost: impl Fn(u64) -> u64) -> anyhow::Result<()> {
        let counts = (4..16).map(|power| 1 << power).map(|size| (size, cost(size))).collect();
        check(&BTreeMap::from([("check, by bytes".to_owned(), counts)]))
    }

    #[test]
    fn linear_and_constant_costs_pass() -> anyhow::Result<()> {
        grown(|size| 3000 + 8 * size)?;
        grown(|_| 3000)
    }

    #[test]
    fn quadratic_cost_behind_a_large_constant_is_named() {
        let error = grown(|size| 3000 + 8 * size + size * size / 64).unwrap_err().to_string();
        assert!(error.contains("check, by bytes, from 16384 to 32768"), "{error}");
    }
}
