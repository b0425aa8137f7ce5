//! A stopped platform leaves no processes, no files, and no secrets in its logs.

use super::platform::Platform;
use super::rows::Rows;
use std::fs;

/// `sandboxes` is how many still run.
pub(crate) fn check(
    rows: &mut Rows,
    mut platform: Platform,
    sandbox_secrets: &[String],
    sandboxes: usize,
) -> anyhow::Result<()> {
    let children = platform.children()?;
    let expected = (2 * sandboxes).to_string();
    rows.add("processes of the sandboxes that run", "nobody", "platform", expected, children.len().to_string());
    let status = platform.stop()?;
    rows.add("SIGTERM", "nobody", "platform", "exit status: 0", status.to_string());
    let left = children.iter().filter(|pid| fs::exists(format!("/proc/{pid}")).unwrap_or(true)).count();
    rows.add("processes left", "nobody", "platform", "0", left.to_string());
    let left = fs::read_dir(&platform.temporary)?.count();
    rows.add("files left", "nobody", "platform", "0", left.to_string());

    let log = check_log(rows, &platform, sandbox_secrets)?;
    let requests = log.lines().filter(|line| line.starts_with("edge: ")).count();
    rows.add("the logs record requests", "nobody", "edge", "yes", if requests > 100 { "yes" } else { "no" });
    Ok(())
}

/// Returns the log.
pub(crate) fn check_log(rows: &mut Rows, platform: &Platform, sandbox_secrets: &[String]) -> anyhow::Result<String> {
    let log = fs::read_to_string(&platform.log)?;
    let mut deployment = vec![platform.seed(), platform.api_key()];
    deployment.extend(platform.seeds_v2().iter().map(|(_, seed)| seed.as_str()));
    deployment.extend(["v1_", "v2.", "sg2", "signature=", "sandgate_traffic"]);
    let found = deployment
        .into_iter()
        .chain(sandbox_secrets.iter().map(String::as_str))
        .filter(|secret| log.contains(secret))
        .count();
    rows.add("secrets and signatures in the logs", "nobody", "platform and controller", "0", found.to_string());
    Ok(log)
}
