//! What a text is and what it says, read without a secret.
#![cfg(feature = "explain")]

use proptest::prelude::*;
use sandgate::explain::{Description, Format, Kind, Text, describe};
use sandgate::{AccessToken, Port, SandboxId, TrafficToken, UnixSeconds, v1, v2};

const END: UnixSeconds = UnixSeconds::new(1_800_000_060);
const BASE: &str = "https://49983-i94gcaqbpvohfr764s5l.e2b.app";

fn id() -> SandboxId {
    "i94gcaqbpvohfr764s5l".parse().unwrap()
}

fn keyring() -> v2::Keyring {
    v2::Keyring::new("k".parse().unwrap(), b"a seed of at least 32 bytes, kept secret").unwrap()
}

fn access_token() -> AccessToken {
    keyring().access_token(&id(), 0)
}

fn traffic_token() -> TrafficToken {
    keyring().traffic_token(&id(), 0)
}

fn port() -> Port {
    Port::try_from(8080).unwrap()
}

fn v1_url(url: &v1::FileUrl<'_>) -> String {
    let mut text = String::new();
    let token = AccessToken::try_from("0123456789abcdef").unwrap();
    v1::FileUrlKey::new(&token).unwrap().write_url(&mut text, BASE, url).unwrap();
    text
}

fn v2_url(url: &v2::FileUrl<'_>) -> String {
    let mut text = String::new();
    v2::FileUrlKey::new(&access_token()).unwrap().write_url(&mut text, BASE, url).unwrap();
    text
}

fn pass() -> String {
    v2::TrafficKey::new(&traffic_token()).unwrap().issue_pass(port(), END, None).unwrap().to_string()
}

fn label() -> String {
    v2::TrafficKey::new(&traffic_token()).unwrap().issue_signed_host(&id(), port(), END).unwrap().to_string()
}

fn text(field: Option<Text<'_>>) -> Option<String> {
    field.map(|text| text.to_string())
}

/// Kind, format, and whether it has the shape of its format.
fn is(described: &Description<'_>) -> (Kind, Option<Format>, bool) {
    (described.kind, described.format, described.is_well_formed)
}

#[test]
fn file_url_of_v1_says_path_user_and_end() {
    let url = v1_url(&v1::FileUrl::download(b"/a b+c").user(b"root").expires(END));
    let described = describe(url.as_bytes());
    assert_eq!(is(&described), (Kind::FileUrl, Some(Format::V1), true));
    assert_eq!(text(described.path).as_deref(), Some("/a b+c"));
    assert_eq!(text(described.user).as_deref(), Some("root"));
    assert_eq!(described.expires, Some(END));
    assert_eq!(described.sandbox_id(), Some(&id()));
    assert_eq!(described.route.map(|route| route.port()), Some(Port::CONTROLLER));
    assert_eq!(described.presented.raw(), url.split_once('?').unwrap().1.as_bytes());
}

#[test]
fn file_url_of_v2_says_all_claims() {
    let url = v2::FileUrl::upload(b"/in/a", END).directory(b"/in/").user(b"").max_bytes(7).content_sha256([9; 32]);
    let url = v2_url(&url);
    let described = describe(url.as_bytes());
    assert_eq!(is(&described), (Kind::FileUrl, Some(Format::V2), true));
    assert_eq!(text(described.directory).as_deref(), Some("/in/"));
    assert_eq!(text(described.user).as_deref(), Some(""));
    assert_eq!((described.max_bytes, described.content_sha256), (Some(7), Some([9; 32])));
    assert_eq!(described.key_id.map(|kid| kid.to_string()).as_deref(), Some("k"));
    assert_eq!(described.expires, Some(END));
}

#[test]
fn query_path_and_fragment_do_not_hide_a_file_url() {
    let url = v2_url(&v2::FileUrl::download(b"/a", END));
    let query = url.split_once('?').unwrap().1;
    for shown in [
        query.to_owned(),
        format!("?{query}"),
        format!("/files?{query}"),
        format!("{url}#top"),
        url.replace("https://", ""),
    ] {
        let described = describe(shown.as_bytes());
        assert_eq!(is(&described), (Kind::FileUrl, Some(Format::V2), true), "{shown}");
        assert_eq!(described.presented.raw(), query.as_bytes(), "{shown}");
    }
}

#[test]
fn file_url_that_no_verifier_reads_is_not_well_formed() {
    let url = v2_url(&v2::FileUrl::download(b"/a", END));
    let wrong = [
        format!("{url}&path=/b"),
        format!("{url}&signature_x=1"),
        format!("{url}&signature_sha256=A"),
        url.replace("%2Fa", "%2"),
        url.replace("=1800000060", "=01"),
        url.replace("v2.k.", "v2.K."),
        url.replace("signature=v2.", "signature=v3."),
        url.replace("signature=", "x="),
    ];
    for shown in wrong {
        let described = describe(shown.as_bytes());
        assert_eq!((described.kind, described.is_well_formed), (Kind::FileUrl, false), "{shown}");
    }
}

#[test]
fn pass_says_port_and_end_alone_and_in_a_url() {
    let pass = pass();
    let in_url = format!("https://8080-{}.e2b.app/x?a=b&sandgate_traffic={pass}", id());
    for shown in [pass.clone(), in_url, format!("https://e2b.app/?sandgate_traffic={}", pass.replace('.', "%2E"))] {
        let described = describe(shown.as_bytes());
        assert_eq!(is(&described), (Kind::Pass, Some(Format::V2), true), "{shown}");
        assert_eq!((described.port, described.expires), (Some(port()), Some(END)));
        assert_eq!(described.presented, pass.as_str());
    }
    for wrong in [
        "sg2p.".to_owned(),
        pass.replace("8080", "08080"),
        format!("{pass}x"),
        format!("/?sandgate_traffic={pass}&sandgate_traffic="),
    ] {
        assert_eq!(
            (describe(wrong.as_bytes()).kind, describe(wrong.as_bytes()).is_well_formed),
            (Kind::Pass, false),
            "{wrong}"
        );
    }
}

#[test]
fn signed_host_says_sandbox_port_and_end() {
    let label = label();
    for shown in [label.clone(), format!("{label}.e2b.app"), format!("https://{label}.e2b.app:443/x?y#z")] {
        let described = describe(shown.as_bytes());
        assert_eq!(is(&described), (Kind::SignedHost, Some(Format::V2), true), "{shown}");
        assert_eq!((described.port, described.expires), (Some(port()), Some(END)));
        assert_eq!(described.sandbox_id(), Some(&id()));
        assert_eq!(described.presented, label.as_str());
    }
    let wrong = label.replace("8080-", "08080-");
    assert_eq!(is(&describe(wrong.as_bytes())), (Kind::SignedHost, Some(Format::V2), false));
    let unsigned = format!("https://8080-{}.e2b.app/", id());
    let described = describe(unsigned.as_bytes());
    assert_eq!((described.kind, described.sandbox_id()), (Kind::Host, Some(&id())));
}

#[test]
fn tokens_and_lone_signatures_are_told_apart() {
    let root = v2::TrafficRoot::derive("k".parse().unwrap(), b"a seed of at least 32 bytes, kept secret").unwrap();
    let signature = v2_url(&v2::FileUrl::download(b"/a", END));
    let signature = signature.split("signature=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let of_v1 = v1::Keyring::new(b"a seed of at least 16 bytes").unwrap().access_token(&id());
    let rows = [
        (access_token().expose().to_owned(), Kind::AccessToken, Format::V2, true),
        (format!("{}x", access_token().expose()), Kind::AccessToken, Format::V2, false),
        (traffic_token().expose().to_owned(), Kind::TrafficToken, Format::V2, true),
        (root.expose().to_owned(), Kind::TrafficRoot, Format::V2, true),
        (of_v1.expose().to_owned(), Kind::Token, Format::V1, true),
        (signature, Kind::Signature, Format::V2, true),
        (format!("v1_{}", "A".repeat(43)), Kind::Signature, Format::V1, true),
    ];
    for (shown, kind, format, is_well_formed) in rows {
        assert_eq!(is(&describe(shown.as_bytes())), (kind, Some(format), is_well_formed));
    }
    for unknown in ["", " ", "hello", "https://example.com/", "?", "://", "#", "v1_", "8080-UPPER.e2b.app"] {
        assert_eq!(is(&describe(unknown.as_bytes())), (Kind::Unknown, None, false), "{unknown}");
    }
}

#[test]
fn debug_shows_nothing_of_a_secret() {
    assert_eq!(format!("{:?}", describe(access_token().expose().as_bytes())), "Description(access_token: redacted)");
}

proptest! {
    #[test]
    fn any_bytes_are_described(bytes: Vec<u8>, prefix in "(sg2[aprt]\\.|\\?signature=v[12][._]|80-a-|https://)?") {
        let text = [prefix.as_bytes(), &bytes].concat();
        let described = describe(&text);
        prop_assert!(!described.kind.as_str().is_empty());
    }
}

#[test]
fn a_query_that_is_malformed_elsewhere_still_says_its_format() {
    let v1 = v1_url(&v1::FileUrl::download(b"/a.txt").expires(END));
    let v2 = v2_url(&v2::FileUrl::download(b"/a.txt", END));
    for more in ["&path=/b", "&path=%zz", "&signature=v1_a", "&signature=v2.a"] {
        assert_eq!(is(&describe(format!("{v1}{more}").as_bytes())), (Kind::FileUrl, Some(Format::V1), false), "{more}");
        assert_eq!(is(&describe(format!("{v2}{more}").as_bytes())), (Kind::FileUrl, Some(Format::V2), false), "{more}");
    }
    let none = describe(b"https://a.test/files?path=/a&path=/b&signature=x");
    assert_eq!(is(&none), (Kind::FileUrl, None, false));
}
