//! What an edge forwards to the sandbox.

use sandgate::forward::{HEADERS, TRAFFIC_COOKIE, header, target};
use sandgate::headers::TRAFFIC_HEADER;

const PART: &str = "a0ts17k1abcdefghijklmnopqrstuvwxyz";
const PASS: &str = "sg2p.k.8080.1800000000.OHkLyKF2vWvCJr3s7tckCwYKf4N6tGm-n5iOahbm_zs";

/// `P` stands for a signed part, `T` for a pass.
fn fill(text: &str) -> String {
    text.replace('P', PART).replace('T', PASS)
}

fn forwarded(name: &str, value: &str) -> Option<String> {
    let mut out = Vec::new();
    let stays = header(name.as_bytes(), fill(value).as_bytes(), |piece| out.extend_from_slice(piece));
    stays.then(|| String::from_utf8(out).unwrap())
}

#[test]
fn no_header_repeats_a_credential() {
    for (name, value, left) in [
        ("e2b-traffic-access-token", "x", None),
        ("E2B-Traffic-Access-Token", "", None),
        ("Cookie", "a=1; __Host-sandgate-traffic=T;b=2", Some("a=1; b=2")),
        ("Cookie", "a=b;  c=d ;;\t", Some("a=b;  c=d ;;\t")),
        ("Cookie", "", Some("")),
        ("Cookie", " ; __Host-sandgate-traffic=T ;", None),
        ("Cookie", "__Host-sandgate-traffic=T; a=1;  b=\" c\"", Some("a=1; b=\" c\"")),
        ("Cookie", "a=\"x,,y\" ;;__Host-sandgate-traffic=T", Some("a=\"x,,y\"")),
        ("cookie", "__Host-sandgate-traffic=T", None),
        ("cookie", "a=1,__Host-sandgate-traffic=T; b=2", Some("a=1; b=2")),
        ("cookie", "a=1, __Host-sandgate-traffic=2", Some("a=1")),
        ("cookie", "__Host-sandgate-traffic=T, a=1", Some("a=1")),
        ("cookie", "a=1; __Host-sandgate-traffic=T, b=2,c", Some("a=1; b=2,c")),
        ("cookie", "a=1 , b=2 ,__Host-sandgate-traffic=T", Some("a=1, b=2")),
        ("cookie", "__Host-sandgate-traffic=x,T,y; a=1", Some("a=1")),
        ("cookie", "a=1,__Host-sandgate-traffic=x , T; T", Some("a=1; T")),
        ("cookie", "a=1, 2; x__Host-sandgate-traffic=1", Some("a=1, 2; x__Host-sandgate-traffic=1")),
        ("Host", "08080-abc-P.e2b.app:443", Some("8080-abc.e2b.app:443")),
        ("Host", " 08080-abc-P.e2b.app\t", Some("8080-abc.e2b.app")),
        ("host", "8080-abc-any-thing.e2b.app", Some("8080-abc.e2b.app")),
        ("host", "sandbox.my-domain.test", Some("sandbox.my-domain.test")),
        (":authority", "8080-abc-P.e2b.app", Some("8080-abc.e2b.app")),
        (":path", "/a?sandgate_traffic=T&b", Some("/a?b")),
        ("X-Forwarded-Host", "8080-abc-P.e2b.app, my-proxy.test", Some("8080-abc.e2b.app, my-proxy.test")),
        ("x-original-host", "8080-abc-P.e2b.app", Some("8080-abc.e2b.app")),
        (
            "Forwarded",
            "for=1;host=8080-abc-P.e2b.app, host=\"8080-abc-P.e2b.app:1\"",
            Some("for=1;host=8080-abc.e2b.app, host=\"8080-abc.e2b.app:1\""),
        ),
        ("X-Original-URI", "/x?a&sandgate%5Ftraffic=T&b=%zz", Some("/x?a&b=%zz")),
        ("X-Forwarded-Uri", "/x?sandgate_traffic=T", Some("/x")),
        (
            "X-Original-URL",
            "https://8080-abc-P.e2b.app/x?sandgate_traffic=%73g2p.x#f",
            Some("https://8080-abc.e2b.app/x"),
        ),
        (
            "X-Auth-Request-Redirect",
            "/go?to=https%3A%2F%2F8080-abc-P.e2b.app%2F%3Fsandgate_traffic%3DT",
            Some("/go?to=https%3A%2F%2F8080-abc.e2b.app%2F%3Fsandgate_traffic%3D"),
        ),
        (
            "Referer",
            "https://8080-abc-P.e2b.app/page?sandgate_traffic=T&q=1",
            Some("https://8080-abc.e2b.app/page?q=1"),
        ),
        ("Origin", "https://8080-abc-P.e2b.app", Some("https://8080-abc.e2b.app")),
        ("Alt-Used", "8080-abc-P.e2b.app:443", Some("8080-abc.e2b.app:443")),
        ("Ping-From", "https://8080-abc-P.e2b.app/?sandgate_traffic=T", Some("https://8080-abc.e2b.app/")),
        ("Ping-To", "https://8080-abc-P.e2b.app/a", Some("https://8080-abc.e2b.app/a")),
        ("Destination", "https://8080-abc-P.e2b.app/a?b", Some("https://8080-abc.e2b.app/a?b")),
        (
            "If",
            "<https://8080-abc-P.e2b.app/a> (<urn:uuid:1> [\"e\"]) (Not <DAV:no-lock>)",
            Some("<https://8080-abc.e2b.app/a> (<urn:uuid:1> [\"e\"]) (Not <DAV:no-lock>)"),
        ),
        ("Accept", "8080-abc-P.e2b.app", Some("8080-abc-P.e2b.app")),
    ] {
        assert_eq!(forwarded(name, value), left.map(fill), "{name}: {value}");
    }
}

#[test]
fn every_header_that_repeats_a_host_or_a_target_is_cleaned() {
    for name in HEADERS {
        for name in [name.to_owned(), name.to_uppercase()] {
            for value in ["https://8080-abc-P.e2b.app/?sandgate_traffic=T", "8080-abc-P.e2b.app", "/?a=T"] {
                let left = forwarded(&name, value).unwrap_or_default();
                let is_label = ["host", ":authority", "cookie"].contains(&name.to_lowercase().as_str());
                assert!(is_label || !left.contains(PART), "{name}: {left}");
                assert!(is_label || !left.contains(PASS), "{name}: {left}");
            }
        }
        assert_eq!(name, name.to_lowercase());
    }
    assert!(HEADERS.contains(&TRAFFIC_HEADER) && TRAFFIC_COOKIE.starts_with("__Host-"));
}

#[test]
fn the_target_loses_the_parameter_and_nothing_else() {
    for (given, left) in [
        ("/", "/"),
        ("/?", "/?"),
        ("", ""),
        ("//a/%2e%2E;x/?b=%zz&&c", "//a/%2e%2E;x/?b=%zz&&c"),
        ("/?sandgate_traffic=x", "/"),
        ("/?sandgate_traffic", "/"),
        ("/?sandgate_traffic=x&", "/?"),
        ("/?a=1&sandgate%5ftraffic=x&b=%zz", "/?a=1&b=%zz"),
        ("/?sandgate_traffic=x&a&sandgate_traffic=y", "/?a"),
        ("/?Sandgate_traffic=x&sandgate_traffic2=y", "/?Sandgate_traffic=x&sandgate_traffic2=y"),
        ("/sandgate_traffic=x", "/sandgate_traffic=x"),
        ("/?a?sandgate_traffic=x", "/?a?sandgate_traffic=x"),
    ] {
        let mut out = Vec::new();
        target(given.as_bytes(), |piece| out.extend_from_slice(piece));
        assert_eq!(String::from_utf8(out).unwrap(), left, "{given}");
    }
}
