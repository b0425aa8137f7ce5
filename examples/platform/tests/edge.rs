//! The edge over HTTP.

mod common;

use common::{Running, send, start, start_with};
use sandgate_platform::EdgeTokens;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const MISSING: &str =
    "Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing";
const INVALID: &str =
    "Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid";

async fn restricted(platform: &Running) -> (String, String) {
    let sandbox =
        platform.create("/v2/sandboxes", r#"{"templateID":"base","network":{"allowPublicTraffic":false}}"#).await;
    let text = |name: &str| sandbox[name].as_str().unwrap().to_owned();
    (text("sandboxID"), format!("E2B-Traffic-Access-Token: {}", text("trafficAccessToken")))
}

async fn public(platform: &Running) -> String {
    let sandbox: Value = platform.create("/v2/sandboxes", r#"{"templateID":"base"}"#).await;
    sandbox["sandboxID"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_cannot_be_routed_is_400() {
    let platform = start().await;
    let (malformed, missing) =
        ("invalid host or routing headers", "missing sandbox id or port in host and routing headers");
    let id = "E2b-Sandbox-Id: abc";
    let port = "E2b-Sandbox-Port: 8080";
    for (headers, message) in [
        (&["Host: nowhere.test"][..], malformed),
        (&["Host: 8080-ABC.sandbox.test"], malformed),
        (&["Host: 0-abc.sandbox.test"], malformed),
        (&["Host: 8080-abc.sandbox.test", "Host: 8080-abd.sandbox.test"], malformed),
        (&["Host: localhost"], missing),
        (&["Host: 127.0.0.1", id], missing),
        (&["Host: 127.0.0.1", id, "E2b-Sandbox-Port:"], missing),
        (&["Host: 127.0.0.1", id, id, port], malformed),
        (&["Host: 127.0.0.1", id, "Novita-Sandbox-Id: abd", port], malformed),
        (&["Host: 127.0.0.1", id, "E2b-Sandbox-Port: 65536"], malformed),
    ] {
        let answer = send(platform.edge, &[&["GET / HTTP/1.1"][..], headers].concat(), "").await;
        let body = format!(r#"{{"code":400,"message":"{message}"}}"#);
        assert_eq!((answer.status, answer.body), (400, body), "{headers:?}");
    }
    for target in ["http://8080-abc.sandbox.test/", "*"] {
        let line = format!("OPTIONS {target} HTTP/1.1");
        assert_eq!(send(platform.edge, &[&line, "Host: 8080-abc.sandbox.test"], "").await.status, 400, "{target}");
    }
}

#[tokio::test]
async fn internal_routes_do_not_reveal_whether_the_sandbox_exists() {
    let platform = start().await;
    let there = public(&platform).await;
    for id in [there.as_str(), "nothere"] {
        for (line, name) in [
            ("POST /init", "/init"),
            ("GET /init", "/init"),
            ("POST /%69nit", "/init"),
            ("POST /%69nit/", "/init"),
            // hyper drops the fragment.
            ("POST /init#x", "/init"),
            ("POST /x/../freeze", "/freeze"),
            ("PUT /collapse?x", "/collapse"),
        ] {
            let answer = platform.edge(line, 49983, id, &[]).await;
            let body = format!(r#"{{"message":"not found","path":"{name}","code":404}}"#);
            assert_eq!((answer.status, answer.body), (404, body), "{line}");
        }
        for line in ["GET /init%", "POST //init/", "POST /init\\", "POST /%2569nit", "POST /init%23x", "TRACE /files"] {
            let answer = platform.edge(line, 49983, id, &[]).await;
            let body = r#"{"code":400,"message":"malformed request"}"#;
            assert_eq!((answer.status, answer.body.as_str()), (400, body), "{line}");
        }
    }
    // hyper itself refuses a control byte.
    assert_eq!(platform.edge("POST /init\u{1}", 49983, &there, &[]).await.status, 400);
    // On another port it is the user's own route.
    assert_eq!(platform.edge("GET /init", 8080, &there, &[]).await.status, 404);
}

#[tokio::test]
async fn what_is_not_there_is_502() {
    let platform = start().await;
    let answer = platform.edge("GET /", 8080, "nothere", &[]).await;
    let body = r#"{"sandboxId":"nothere","message":"The sandbox was not found","code":502}"#;
    assert_eq!((answer.status, answer.body.as_str()), (502, body));

    let id = public(&platform).await;
    let answer = platform.edge("GET /", 3000, &id, &[]).await;
    let message = "The sandbox is running but port is not open";
    let body = format!(r#"{{"sandboxId":"{id}","message":"{message}","port":3000,"code":502}}"#);
    assert_eq!((answer.status, answer.body), (502, body));
}

#[tokio::test]
async fn restricted_traffic_requires_the_traffic_token() {
    for tokens in [EdgeTokens::Stored, EdgeTokens::Derived] {
        let platform = start_with(tokens).await;
        let (id, token) = restricted(&platform).await;
        let wrong = format!("{token}0");
        for (headers, message) in [
            (&[][..], MISSING),
            (&["E2B-Traffic-Access-Token:"], MISSING),
            (&["E2B-Traffic-Access-Token: x"], INVALID),
            (&[&wrong], INVALID),
            (&[&token, &token], INVALID),
        ] {
            for port in [8080, 3000] {
                let answer = platform.edge("GET /", port, &id, headers).await;
                let body = format!(r#"{{"sandboxId":"{id}","message":"{message}","code":403}}"#);
                assert_eq!((answer.status, &answer.body), (403, &body), "{headers:?}");
                assert_eq!(answer.content_type(), Some("application/json; charset=utf-8"));
            }
        }
        let answer = platform.edge("GET /", 8080, &id, &[&token]).await;
        assert_eq!((answer.status, answer.body), (200, format!("This is sandbox {id}.\n")));
        // Another sandbox's token, and a public sandbox.
        let (other, _) = restricted(&platform).await;
        assert_eq!(platform.edge("GET /", 8080, &other, &[&token]).await.status, 403);
        assert_eq!(platform.edge("GET /", 8080, &public(&platform).await, &[]).await.status, 200);
        // The controller's port has a check of its own.
        assert_eq!(platform.edge("GET /", 49983, &id, &[]).await.status, 200);
    }
}

#[tokio::test]
async fn a_browser_gets_a_page() {
    let platform = start().await;
    let (id, _) = restricted(&platform).await;
    let browser = ["Accept: text/html,*/*", "Sec-Fetch-Mode: navigate", "User-Agent: Mozilla/5.0"];
    let answer = platform.edge("GET /", 8080, &id, &browser).await;
    assert_eq!((answer.status, answer.content_type()), (403, Some("text/html; charset=utf-8")));
    assert!(answer.body.contains(&format!("<p>{MISSING}</p>")), "{}", answer.body);
    let script = [&browser[2..], &["X-Requested-With: XMLHttpRequest"]].concat();
    assert!(platform.edge("GET /", 8080, &id, &script).await.body.starts_with('{'));
}

#[tokio::test]
async fn a_script_may_ask_and_read_a_refusal() {
    let platform = start().await;
    let (id, token) = restricted(&platform).await;
    let preflight = [
        "Origin: https://a.test",
        "Access-Control-Request-Method: PUT",
        "Access-Control-Request-Headers: e2b-traffic-access-token, x-own",
    ];
    for (port, id) in [(8080, id.as_str()), (8080, "nobody")] {
        let answer = platform.edge("OPTIONS /", port, id, &preflight).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""));
        for line in [
            "access-control-allow-origin: *",
            "access-control-allow-methods: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
            "access-control-allow-headers: e2b-traffic-access-token, x-own",
            "access-control-max-age: 7200",
        ] {
            assert!(answer.head.lines().any(|sent| sent == line), "{line}: {}", answer.head);
        }
    }
    // Without one of its headers it is a request as any other, and its answer can be read.
    for request in ["OPTIONS /", "GET /"] {
        let answer = platform.edge(request, 8080, &id, &preflight[..1]).await;
        assert_eq!((answer.status, answer.json()["code"].as_u64()), (403, Some(403)));
        assert!(answer.head.contains("access-control-allow-origin: *"), "{}", answer.head);
    }
    // One that passes is the application's.
    for (port, headers) in [(49983, &preflight[..]), (8080, &[&preflight[..], &[&token]].concat())] {
        let answer = platform.edge("OPTIONS /", port, &id, headers).await;
        assert!(!answer.head.contains("access-control"), "{}", answer.head);
    }
}

#[tokio::test]
async fn headers_route_where_the_host_does_not() {
    let platform = start().await;
    let id = public(&platform).await;
    for vendor in ["E2b", "Novita"] {
        let (id, port) = (format!("{vendor}-Sandbox-Id: {id}"), format!("{vendor}-Sandbox-Port: 8080"));
        let answer = send(platform.edge, &["GET / HTTP/1.1", "Host: 127.0.0.1:1", &id, &port], "").await;
        assert_eq!(answer.status, 200, "{vendor}");
    }
}

#[tokio::test]
async fn the_request_arrives_unchanged() {
    let platform = start().await;
    let (id, token) = restricted(&platform).await;
    let target = "/a/../b%2F%7e;p/?path=%2Fa+b%20%27'()~&&x=%E6%96%87&signature=v1_a%2Bb==&?#".trim_end_matches('#');
    let access = "X-Access-Token: kept";
    let answer = platform.edge(&format!("GET {target}"), 49983, &id, &[&token, access]).await;
    let (line, headers) = answer.body.split_once("\r\n").unwrap();
    assert_eq!(line, format!("GET {target} HTTP/1.1"));
    let headers = headers.to_lowercase();
    assert!(headers.contains("x-access-token: kept"));
    assert!(headers.contains(&format!("host: 49983-{id}.sandbox.test")));
    assert!(!headers.contains("traffic"), "{headers}");
}

#[tokio::test]
async fn bodies_are_streamed_both_ways() {
    let platform = start().await;
    let id = public(&platform).await;
    let mut stream = TcpStream::connect(platform.edge).await.unwrap();
    let head = format!("POST /echo HTTP/1.1\r\nHost: 49983-{id}.sandbox.test\r\nTransfer-Encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut seen = Vec::new();
    // Each piece is returned before the next one is sent, so nothing is buffered until the end.
    for piece in ["first", "second", "third"] {
        stream.write_all(format!("{:x}\r\n{piece}\r\n", piece.len()).as_bytes()).await.unwrap();
        while !seen.ends_with(format!("{piece}\r\n").as_bytes()) {
            assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0);
        }
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    while !seen.ends_with(b"\r\n0\r\n\r\n") {
        assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_websocket_passes_with_the_token() {
    let platform = start().await;
    let (id, token) = restricted(&platform).await;
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13";
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    let open = async |port: u16, token: &str, until: &str| {
        let mut stream = TcpStream::connect(platform.edge).await.unwrap();
        let host = format!("Host: {port}-{id}.sandbox.test");
        let head = format!("GET /socket HTTP/1.1\r\n{host}\r\n{upgrade}\r\n{key}\r\n{token}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(until.as_bytes()) {
            assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0);
        }
        (stream, String::from_utf8(seen).unwrap())
    };
    let (_, refused) = open(8080, "X-Other: x", r#""code":403}"#).await;
    assert!(refused.starts_with("HTTP/1.1 403 "), "{refused}");

    let (mut stream, head) = open(49983, &token, "\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    for piece in ["one", "two"] {
        stream.write_all(piece.as_bytes()).await.unwrap();
        let mut echoed = [0; 3];
        stream.read_exact(&mut echoed).await.unwrap();
        assert_eq!(echoed, piece.as_bytes());
    }
}
