//! The decision at creation.

use sandgate::creation::{Credentials, Options, Refused, decide, read_version};

fn decided(secure: Option<bool>, public: Option<bool>, version: Option<&str>) -> Result<(bool, bool), Refused> {
    let options = Options { secure, allow_public_traffic: public, envd_version: version, ..Options::default() };
    decide(&options).map(|Credentials { access_token, traffic_token, .. }| (access_token, traffic_token))
}

#[test]
fn default_is_secure_and_public() {
    let new = Some("0.6.4");
    for on in [None, Some(true)] {
        assert_eq!(decided(on, None, new), Ok((true, false)));
        assert_eq!(decided(on, Some(true), new), Ok((true, false)));
        assert_eq!(decided(on, Some(false), new), Ok((true, true)));
    }
    assert_eq!(decided(Some(false), None, new), Ok((false, false)));
    assert_eq!(decided(Some(false), Some(true), None), Ok((false, false)));
    assert_eq!(decided(Some(false), Some(false), new), Err(Refused::RestrictedNeedsSecure));
}

#[test]
fn too_old_template_is_refused_and_never_left_open() {
    let version = |text| decided(None, None, text).map(drop);
    for new in [
        "0.2.0",
        "0.2",
        "v0.2.0",
        "0.2.1-rc1",
        "0.10.0",
        "1.0.0",
        "0.2.0+build.01",
        "0.3.0-0.a.b-c",
        "18446744073709551615.0.0",
        "1",
        "v1",
    ] {
        assert_eq!(version(Some(new)), Ok(()), "{new}");
    }
    for old in ["0.1.9", "0.0.0", "0.2.0-rc1", "0.2.0-rc1+b", "0.1", "v0.1.99", "0"] {
        assert_eq!(version(Some(old)), Err(Refused::TemplateTooOld), "{old}");
    }
    let unknown = [
        "",
        "v",
        "1-rc1",
        "1+b",
        "1.",
        "0.2.0.0",
        "0.2.",
        ".2.0",
        "0..2",
        "0.2.x",
        "00.2.0",
        "0.02.0",
        "0.2.0-",
        "0.2.0-01",
        "0.2.0-a..b",
        "0.2.0+",
        "0.2-rc1",
        " 0.2.0",
        "0.2.0 ",
        "+0.2.0",
        "-1.2.0",
        "vv0.2.0",
        "0.2.0-rc_1",
        "18446744073709551616.0.0",
        "0.2.é",
    ];
    for unknown in unknown.into_iter().map(Some).chain([None]) {
        assert_eq!(version(unknown), Err(Refused::TemplateVersionUnknown), "{unknown:?}");
    }
}

#[test]
fn version_that_is_not_utf8_is_unknown_and_matters_only_if_secure() {
    for bytes in [&b"\xff"[..], b"0.6.4\xff", b"\xff0.6.4", b"0.6.4\xed\xa0\x80", b""] {
        let version = Some(read_version(bytes));
        assert_eq!(decided(None, None, version), Err(Refused::TemplateVersionUnknown), "{bytes:?}");
        assert_eq!(decided(Some(false), None, version), Ok((false, false)), "{bytes:?}");
    }
    assert_eq!(decided(None, None, Some(read_version(b"0.1.9"))), Err(Refused::TemplateTooOld));
    assert_eq!(decided(None, None, Some(read_version(b"0.6.4"))), Ok((true, false)));
}

#[test]
fn refusal_message_names_the_remedy() {
    for refused in [Refused::TemplateTooOld, Refused::TemplateVersionUnknown] {
        assert!(refused.message().contains("rebuild the template"));
        let mut body = String::new();
        refused.write_json(&mut body).unwrap();
        assert_eq!(body, format!(r#"{{"code":400,"message":"{refused}"}}"#));
    }
}

#[test]
fn every_reason_has_a_distinct_name() {
    let names = Refused::ALL.map(Refused::as_str);
    assert_eq!(names, ["template_too_old", "template_version_unknown", "restricted_needs_secure"]);
}
