//! The deployment of `vectors/guard.json`, and its rows.

#![allow(dead_code, reason = "each test uses a part")]

use http::{HeaderName, HeaderValue, Request};
use http_body_util::Full;
use sandgate::{AccessToken, Carrier, Carriers, Controller, Edge, Policy, Route, UnixSeconds, v1, v2};
use sandgate_tower::{Sandbox, StateUnavailable};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::future::ready;

/// The clock of the table.
pub(crate) const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);
/// The restricted sandbox of the table, and the one that is not.
pub(crate) const ID: &str = "i94gcaqbpvohfr764s5l";
pub(crate) const PUBLIC_ID: &str = "pub456";

#[derive(Deserialize)]
pub(crate) struct Table {
    pub(crate) now: i64,
    pub(crate) controllers: BTreeMap<String, Tokens>,
    pub(crate) edge: Deployment,
    pub(crate) rows: Vec<Row>,
}

#[derive(Deserialize)]
pub(crate) struct Tokens {
    pub(crate) access_tokens: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Deployment {
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
pub(crate) struct Row {
    pub(crate) gate: String,
    pub(crate) deployment: Option<String>,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) expect: Expect,
    pub(crate) normalised: Option<Normalised>,
}

/// The expected answer if a server does not provide the target as received.
#[derive(Deserialize, Debug)]
pub(crate) struct Normalised {
    pub(crate) target: String,
    pub(crate) expect: Expect,
}

#[derive(Deserialize, Debug, PartialEq)]
pub(crate) struct Expect {
    pub(crate) status: Option<u16>,
    pub(crate) message: Option<String>,
    pub(crate) allowed: Option<String>,
    pub(crate) preflight: Option<bool>,
    pub(crate) grant: Option<Granted>,
    pub(crate) passed: Option<String>,
    pub(crate) route: Option<String>,
    pub(crate) forwarded: Option<Forwarded>,
}

#[derive(Deserialize, Debug, PartialEq)]
pub(crate) struct Granted {
    pub(crate) operation: String,
    pub(crate) path: String,
    pub(crate) user: Option<String>,
    pub(crate) expires: Option<i64>,
}

#[derive(Deserialize, Debug, PartialEq)]
pub(crate) struct Forwarded {
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, Vec<String>>,
}

impl Table {
    pub(crate) fn read() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/guard.json");
        let table: Self = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(table.now, NOW.get());
        table
    }

    pub(crate) fn controller(&self, name: &str) -> Controller {
        let tokens = &self.controllers[name].access_tokens;
        let tokens: Vec<_> = tokens.iter().map(|token| AccessToken::try_from(token.as_str()).unwrap()).collect();
        if tokens.is_empty() { Controller::open() } else { Controller::new(&tokens, Policy::default()).unwrap() }
    }
}

impl Deployment {
    pub(crate) fn v1(&self) -> v1::Keyring {
        v1::Keyring::new(self.v1_seed.as_bytes()).unwrap()
    }

    pub(crate) fn v2(&self) -> v2::Keyring {
        let hex = self.v2_seed_hex.as_bytes().chunks(2);
        let seed: Vec<u8> = hex.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
        v2::Keyring::new(self.v2_kid.parse().unwrap(), &seed).unwrap()
    }

    /// An edge with the seeds of both formats, which looks everywhere for a credential.
    pub(crate) fn edge(&self) -> Edge {
        let policy = Policy::default().carriers(Carriers::of(&Carrier::ALL));
        Edge::new(policy).v1_keyring(self.v1()).v2_keyring(self.v2().traffic().clone())
    }

    pub(crate) fn lookup(
        &self,
    ) -> impl Fn(Route) -> std::future::Ready<Result<Option<Sandbox>, StateUnavailable>> + Clone + use<> {
        let state =
            |known: &Known| Sandbox { restricted: known.restricted, generation: known.generation, traffic_token: None };
        let known: BTreeMap<String, Sandbox> =
            self.sandboxes.iter().map(|(id, known)| (id.clone(), state(known))).collect();
        move |route: Route| ready(Ok(known.get(route.sandbox_id().as_str()).cloned()))
    }
}

/// Each character of the table is one byte.
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

impl Row {
    /// The request, unless `http` has no such target or header. A server then answers 400 itself.
    pub(crate) fn request(&self) -> Option<Request<Full<std::io::Cursor<Vec<u8>>>>> {
        let uri = http::Uri::try_from(bytes(&self.target)).ok()?;
        let body = Full::new(std::io::Cursor::new(bytes(&self.body)));
        let mut request = Request::builder().method(bytes(&self.method).as_slice()).uri(uri).body(body).ok()?;
        for (name, value) in &self.headers {
            let name = HeaderName::try_from(name.as_str()).ok()?;
            // A server removes the spaces around a value.
            let value = HeaderValue::try_from(bytes(value.trim_matches([' ', '\t']))).ok()?;
            request.headers_mut().append(name, value);
        }
        Some(request)
    }
}
