//! `vectors/guard.json`: requests as received, and the answers and forwarded requests of an edge, over sockets.

use super::router;
use crate::edge_tokens::EdgeTokens;
use crate::issued::{Generations, Issued};
use crate::platform::{Platform, Settings};
use crate::sandbox::Sandbox;
use crate::version::Version;
use crate::{ApiKeys, Seeds, serve_http1, templates};
use sandgate::creation::{Options, decide};
use sandgate::{Carrier, Carriers, Edge, Policy, TrafficToken, UnixSeconds, v1, v2};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// The clock of the table, which is checked below.
const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);

#[derive(Deserialize)]
struct Table {
    now: i64,
    edge: Deployment,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Deployment {
    v1_seed: String,
    v2_kid: String,
    v2_seed_hex: String,
    sandboxes: BTreeMap<String, Known>,
}

#[derive(Deserialize)]
struct Known {
    restricted: bool,
    generation: u32,
}

#[derive(Deserialize, Debug)]
struct Row {
    gate: String,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
    expect: Expect,
    normalised: Option<Normalised>,
}

/// The expected answer if a server does not provide the target as received.
#[derive(Deserialize, Debug)]
struct Normalised {
    target: String,
    expect: Expect,
}

#[derive(Deserialize, Debug)]
struct Expect {
    status: Option<u16>,
    message: Option<String>,
    forwarded: Option<Forwarded>,
}

#[derive(Deserialize, Debug)]
struct Forwarded {
    target: String,
    headers: BTreeMap<String, Vec<String>>,
}

/// The table's values for this deployment, with all carriers and both versions.
fn edge(deployment: &Deployment) -> Edge {
    let hex = deployment.v2_seed_hex.as_bytes().chunks(2);
    let seed: Vec<u8> = hex.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
    let v2 = v2::Keyring::new(deployment.v2_kid.parse().unwrap(), &seed).unwrap();
    let v1 = v1::Keyring::new(deployment.v1_seed.as_bytes()).unwrap();
    let policy = Policy::default().carriers(Carriers::of(&Carrier::ALL));
    Edge::new(policy).v1_keyring(v1).v2_keyring(v2.traffic().clone())
}

fn platform(deployment: &Deployment, upstream: SocketAddr) -> Platform {
    let mut platform = Platform::new(Settings {
        seeds: Seeds::new(Some(b"a seed that the edge does not know"), None).unwrap(),
        issue: Version::V1,
        api_keys: ApiKeys::new(b"e2b_0123456789abcdef0123456789abcdef01234567").unwrap(),
        controller: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fake_controller.py"),
        domain: "sandbox.example.com".into(),
        edge_tokens: EdgeTokens::Derived,
        carriers: Carriers::NONE,
        restricted_by_default: false,
    })
    .unwrap();
    (platform.current, platform.now) = (platform.current.with_edge(edge(deployment)), || NOW);
    let template = templates::find("base").unwrap();
    let credentials = decide(&Options { envd_version: template.envd_version, ..Options::default() }).unwrap();
    for (id, known) in &deployment.sandboxes {
        let issued = Issued {
            version: Version::V1,
            credentials,
            generations: Generations { access: 0, traffic: known.generation },
            access_token: None,
            // An edge that derives tokens does not use this value.
            traffic_token: known.restricted.then(|| TrafficToken::try_from("restricted").unwrap()),
            draws_traffic: false,
        };
        platform.sandboxes.insert(Arc::new(Sandbox::at(upstream, id.parse().unwrap(), template, issued)));
    }
    platform
}

/// The requests that arrive after the edge: each head as text, one character per byte.
async fn upstream() -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (arrived, arrivals) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.windows(4).any(|end| end == b"\r\n\r\n") && stream.read_buf(&mut head).await.unwrap_or(0) > 0 {}
            arrived.send(text(&head)).unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
        }
    });
    (address, arrivals)
}

fn text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The request with the bytes of the table.
fn request(row: &Row) -> Vec<u8> {
    let lines = row.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    let head =
        format!("{} {} HTTP/1.1\r\n{}Connection: close\r\n\r\n", row.method, row.target, lines.collect::<String>());
    head.chars().chain(row.body.chars()).map(|letter| u8::try_from(letter).unwrap()).collect()
}

async fn ask(address: SocketAddr, row: &Row) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&request(row)).await.unwrap();
    let mut answer = Vec::new();
    // Closed with bytes unread, the connection may also be reset.
    let _ = stream.read_to_end(&mut answer).await;
    let answer = text(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{row:?}: {answer}"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// The forwarded target, or the status. hyper cuts a target at `#` first: only the rest is screened and forwarded.
fn cut_by_hyper(row: &Row) -> Option<Result<&str, u16>> {
    let (cut, _fragment) = row.target.split_once('#')?;
    let normalised = row.normalised.as_ref().unwrap();
    assert_eq!(cut.trim_end_matches('?'), normalised.target, "{row:?}");
    Some(normalised.expect.status.map_or(Ok(cut), Err))
}

fn assert_forwarded(row: &Row, forwarded: &Forwarded, arrived: &str) {
    let mut lines = arrived.trim_end().split("\r\n");
    assert_eq!(lines.next().unwrap(), format!("{} {} HTTP/1.1", row.method, forwarded.target), "{row:?}");
    let lines: Vec<_> = lines.map(|line| line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""))).collect();
    for (name, values) in &forwarded.headers {
        let there: Vec<_> = lines.iter().filter(|line| line.0.eq_ignore_ascii_case(name)).map(|line| line.1).collect();
        assert_eq!(&there, values, "{name} of {row:?}");
    }
}

#[tokio::test]
async fn every_row_has_the_answer_of_the_table() {
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/guard.json");
    let table: Table = serde_json::from_slice(&std::fs::read(table).unwrap()).unwrap();
    assert_eq!(table.now, NOW.get());
    let (address, mut arrivals) = upstream().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let edge = listener.local_addr().unwrap();
    let platform = Arc::new(platform(&table.edge, address));
    tokio::spawn(serve_http1(listener, router(platform), std::future::pending()));

    let (mut refused, mut passed, mut cut) = (0, 0, 0);
    for row in table.rows.iter().filter(|row| row.gate == "edge") {
        let (status, body) = ask(edge, row).await;
        let arrived = arrivals.try_recv().ok();
        if let Some(expected) = cut_by_hyper(row) {
            cut += 1;
            let line = expected.map(|target| format!("{} {target} HTTP/1.1", row.method));
            let seen = arrived.as_ref().map(|arrived| arrived.lines().next().unwrap().to_owned());
            assert_eq!(seen.ok_or(status), line, "{row:?}");
        } else if row.expect.status.is_some() {
            refused += 1;
            assert_eq!((Some(status), arrived.as_deref()), (row.expect.status, None), "{row:?}: {body}");
            // hyper itself answers a request that it cannot parse, without a body.
            if status != 400 || !body.is_empty() {
                let body: Value = serde_json::from_str(&body).unwrap();
                assert_eq!(body["message"].as_str(), row.expect.message.as_deref(), "{row:?}");
            }
        } else {
            passed += 1;
            let arrived = arrived.unwrap_or_else(|| panic!("{row:?}: {status} {body}"));
            assert_eq!(status, 200, "{row:?}");
            if let Some(forwarded) = &row.expect.forwarded {
                assert_forwarded(row, forwarded, &arrived);
            }
        }
    }
    assert!(refused >= 140 && passed >= 70 && cut == 8, "{refused} refused, {passed} passed, {cut} cut");
}
