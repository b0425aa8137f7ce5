//! The unit of systemd and the manifest of Kubernetes agree with what the service does.

const UNIT: &str = include_str!("../sandgate-gateway.service");
const MANIFEST: &str = include_str!("../kubernetes.yaml");

/// Milliseconds of the drain by default, and for requests in progress.
const DRAIN: u32 = 3_000;
const END: u32 = 10_000;

/// The number after a name.
fn number(text: &str, name: &str) -> u32 {
    let rest = text.split(name).nth(1).unwrap_or_else(|| panic!("{name} is missing"));
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

#[test]
fn unit_reloads_what_it_can_read_again() {
    let directives: Vec<_> = UNIT.lines().filter(|line| !line.starts_with('#')).collect();
    let has = |name: &str| directives.iter().any(|line| line.starts_with(name));
    // A credential is a copy from the start: after a reload the old key would still be the only one.
    assert!(has("ExecReload=") != has("LoadCredential="));
}

#[test]
fn supervisors_wait_for_the_drain_and_the_requests_in_progress() {
    assert!(number(UNIT, "TimeoutStopSec=") * 1_000 > DRAIN + END);
    let drain = number(MANIFEST, "drain_ms = ");
    assert!(number(MANIFEST, "terminationGracePeriodSeconds: ") * 1_000 > drain + END);
}

#[test]
fn systemd_accepts_the_unit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandgate-gateway.service");
    let unit = UNIT.replace("/usr/local/bin/sandgate-gateway", env!("CARGO_BIN_EXE_sandgate-gateway"));
    std::fs::write(&path, unit).unwrap();
    let said = std::process::Command::new("systemd-analyze").arg("verify").arg(&path).output();
    let said = said.expect("systemd-analyze must be installed: apt-get install systemd");
    // Unknown directives are only warnings.
    assert!(said.status.success() && said.stderr.is_empty(), "{}", String::from_utf8_lossy(&said.stderr));
}
