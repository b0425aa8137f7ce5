//! Constant time, measured: Welch's t-test on the release build, with the processor's hash instructions.

use super::constant_time::MANIFEST;
use crate::cargo;
use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

/// From here on the times of two classes differ for certain: the limit of dudect.
const LIMIT: f64 = 5.0;

/// What the control must reach, so that a leak would be seen.
const CONTROL: f64 = 100.0;

const MEASUREMENTS: &str = "1000000";

/// Returns the greatest |t| of ours and that of the control.
pub(super) fn figure(sh: &Shell) -> anyhow::Result<String> {
    let out = cargo::target_directory()?.join("constant-time/clock");
    cmd!(sh, "cargo test --quiet --release --bin timing --manifest-path {MANIFEST} --target-dir {out}").run()?;
    let build = cmd!(sh, "cargo build --release --bin timing --manifest-path {MANIFEST} --target-dir {out}");
    let program = cargo::built(build.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3"), "timing", &[""])?;
    let printed = cmd!(sh, "{program} {MEASUREMENTS}").read()?;
    println!("{printed}");
    verdict(&printed)
}

fn verdict(printed: &str) -> anyhow::Result<String> {
    let (mut ours, mut greatest, mut control) = (0, 0.0_f64, None);
    for line in printed.lines() {
        let mut fields = line.split('\t');
        let mut next = || fields.next().with_context(|| format!("not a line of a report: {line}"));
        let (kind, name, t) = (next()?, next()?, next()?.parse::<f64>()?);
        if kind == "control" {
            control = Some(t);
        } else {
            ensure!(t < LIMIT, "{name}: |t| is {t}, so its time depends on a secret");
            ours += 1;
            greatest = greatest.max(t);
        }
    }
    let control = control.context("the control did not run")?;
    ensure!(control > CONTROL, "the control's |t| is {control}: a leak would not be seen");
    ensure!(ours >= 20, "only {ours} operations were measured");
    Ok(format!("{ours} operations, {MEASUREMENTS} measurements each: |t| at most {greatest:.1}; control {control:.0}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(ours: f64, control: f64) -> String {
        format!("{}ours\tlast\t{ours}\ncontrol\tearly return\t{control}\n", "ours\tname\t1.5\n".repeat(19))
    }

    #[test]
    fn leak_is_refused_and_a_control_that_is_not_seen_too() {
        assert!(verdict(&printed(2.0, 900.0)).is_ok_and(|figure| figure.contains("at most 2.0; control 900")));
        assert!(verdict(&printed(5.0, 900.0)).is_err());
        assert!(verdict(&printed(f64::NAN, 900.0)).is_err());
        assert!(verdict(&printed(2.0, 4.0)).is_err());
        assert!(verdict("control\tearly return\t900\n").is_err());
    }
}
