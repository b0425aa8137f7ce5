//! A platform with fake controllers, and requests to it as raw text.
#![allow(dead_code, reason = "every test binary uses a part of it")]

pub(crate) mod program;

use sandgate::{Carrier, Carriers};
use sandgate_platform::{
    ApiKeys, EdgeTokens, Platform, Seeds, Settings, Version, api_router, edge_router, serve_http1,
};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const SEED: &str = "the seed of the test's platform";
/// The second seed never derives, but an edge that derives accepts its traffic tokens.
pub(crate) const SEEDS_V2: &str =
    "b the seed of v2 that derives, of 32 bytes\na the seed of v2 before that, of 32 bytes\n";
pub(crate) const API_KEY: &str = "e2b_0123456789abcdef0123456789abcdef01234567";

pub(crate) struct Running {
    pub(crate) api: SocketAddr,
    pub(crate) edge: SocketAddr,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    pub(crate) fn content_type(&self) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix("content-type: "))
    }
}

pub(crate) async fn start() -> Running {
    start_with(EdgeTokens::Stored).await
}

pub(crate) async fn start_with(edge_tokens: EdgeTokens) -> Running {
    start_platform(Settings { edge_tokens, ..settings() }).await
}

pub(crate) fn settings() -> Settings {
    Settings {
        seeds: Seeds::new(Some(SEED.as_bytes()), Some(SEEDS_V2.as_bytes())).unwrap(),
        issue: Version::V1,
        api_keys: ApiKeys::new(API_KEY.as_bytes()).unwrap(),
        controller: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fake_controller.py"),
        domain: "sandbox.test".into(),
        edge_tokens: EdgeTokens::Stored,
        carriers: Carriers::of(&Carrier::ALL),
        restricted_by_default: false,
    }
}

pub(crate) async fn start_platform(settings: Settings) -> Running {
    let platform = Arc::new(Platform::new(settings).unwrap());
    let api = serve(api_router(Arc::clone(&platform))).await;
    Running { api, edge: serve(edge_router(platform)).await }
}

async fn serve(router: axum::Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve_http1(listener, router, std::future::pending()));
    address
}

/// Sends a request line and headers, one per line, and an optional body.
pub(crate) async fn send(address: SocketAddr, head: &[&str], body: &str) -> Answer {
    let head = head.join("\r\n");
    send_raw(address, &format!("{head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())).await
}

/// Sends a whole request, which must ask to close the connection.
pub(crate) async fn send_raw(address: SocketAddr, request: &str) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.into(), body: body.into() }
}

impl Running {
    pub(crate) async fn api(&self, request_line: &str, body: &str) -> Answer {
        let key = format!("X-API-Key: {API_KEY}");
        send(self.api, &[&format!("{request_line} HTTP/1.1"), "Host: api", &key], body).await
    }

    pub(crate) async fn create(&self, path: &str, body: &str) -> Value {
        let answer = self.api(&format!("POST {path}"), body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.json()
    }

    /// What the controller of a sandbox says about itself.
    pub(crate) async fn process(&self, id: &str, headers: &[&str]) -> Value {
        self.edge("GET /process", 49983, id, headers).await.json()
    }

    /// A request to a port of a sandbox, by its host.
    pub(crate) async fn edge(&self, request_line: &str, port: u16, id: &str, headers: &[&str]) -> Answer {
        let (line, host) = (format!("{request_line} HTTP/1.1"), format!("Host: {port}-{id}.sandbox.test"));
        send(self.edge, &[&[line.as_str(), &host][..], headers].concat(), "").await
    }
}
