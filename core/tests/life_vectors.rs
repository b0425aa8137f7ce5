//! `vectors/life.json` in core: how controllers get and lose their token, who wakes a paused sandbox, short ids, webhooks,
//! and the deployment's default for public traffic.
#![cfg(feature = "initialize")]

mod deployment;
mod vectors;

use deployment::{EdgeSetup, bytes, controller};
use sandgate::{
    Controller, Denied, Head, HeaderLine, Misuse, Policy, Request, SandboxId, UnixSeconds, creation, wake, webhook,
};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    now: i64,
    controllers: BTreeMap<String, Vec<String>>,
    edge: EdgeSetup,
    initialize: Vec<Initialize>,
    wake: Vec<Wake>,
    shorten: Vec<Shorten>,
    creation: Vec<Creation>,
    webhook: Vec<Webhook>,
    webhook_sign: Vec<WebhookSign>,
}

#[derive(Debug, Deserialize)]
struct Initialize {
    note: String,
    start: State,
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
struct Step {
    body: String,
    expected_hash: String,
    expect: Expect,
    then: State,
}

#[derive(Deserialize, Debug, PartialEq, Clone)]
#[serde(untagged)]
enum State {
    /// `waiting` or `open`.
    Without(String),
    Tokens(Vec<String>),
}

#[derive(Deserialize, Debug, Default, PartialEq)]
struct Expect {
    outcome: Option<String>,
    wakes: Option<bool>,
    verified: Option<bool>,
    status: Option<u16>,
    gate: Option<String>,
    code: Option<String>,
    message: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Wake {
    note: String,
    controller: String,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    expect: Expect,
}

#[derive(Debug, Deserialize)]
struct Shorten {
    id: String,
    short: Option<String>,
}

#[derive(Deserialize, Debug)]
struct Webhook {
    secrets: Vec<String>,
    headers: Vec<(String, String)>,
    body: String,
    expect: Expect,
}

#[derive(Deserialize, Debug)]
struct WebhookSign {
    secret: String,
    body: String,
    signature: Option<String>,
}

#[derive(Deserialize, Debug)]
struct Creation {
    secure: Option<bool>,
    allow_public_traffic: Option<bool>,
    restricted_by_default: bool,
    envd_version: String,
    refused: Option<String>,
    access_token: Option<bool>,
    traffic_token: Option<bool>,
}

fn table() -> Table {
    vectors::read("life.json")
}

fn denied(denied: Denied) -> Expect {
    let (gate, code) = (denied.gate().to_string(), denied.code().to_string());
    let (status, message) = (Some(denied.status()), Some(denied.message().to_owned()));
    Expect { status, gate: Some(gate), code: Some(code), message, ..Expect::default() }
}

fn at(state: &State) -> Controller {
    match state {
        State::Without(name) if name == "waiting" => Controller::waiting(Policy::default()),
        State::Without(_) => Controller::open(),
        State::Tokens(tokens) => controller(tokens),
    }
}

/// Whether a controller behaves as one in this state. `others` are tokens that it must refuse in every state with tokens.
fn is_in(controller: &Controller, state: &State, others: &[&str]) -> bool {
    let now = UnixSeconds::new(0);
    let allows = |token: &str| {
        let request = Request::new(b"GET", b"/metrics").access_token(sandgate::Header::Once(token.as_bytes()));
        controller.check(&request, now).is_ok()
    };
    let answer = controller.check(&Request::new(b"GET", b"/metrics"), now).map_err(Denied::message);
    match state {
        State::Without(name) if name == "waiting" => {
            controller.is_waiting()
                && !controller.is_open()
                && answer.is_err_and(|message| message == "envd not initialized")
                && others.iter().all(|token| !allows(token))
        }
        State::Without(_) => controller.is_open() && !controller.is_waiting() && answer.is_ok(),
        State::Tokens(tokens) => {
            !controller.is_open()
                && !controller.is_waiting()
                && answer.is_err()
                && tokens.iter().all(|token| allows(token))
                && others.iter().all(|other| tokens.iter().any(|token| token == other) || !allows(other))
        }
    }
}

#[test]
fn controllers_are_initialised_as_the_table_says() {
    let rows = table().initialize;
    assert!(rows.len() >= 300);
    vectors::each("life.json/initialize", &rows, |Initialize { note, start, steps }| {
        let mut controller = at(start);
        let states = steps.iter().map(|step| &step.then).chain([start]);
        let named: Vec<&str> = states
            .flat_map(|state| if let State::Tokens(tokens) = state { &tokens[..] } else { &[] })
            .map(String::as_str)
            .collect();
        assert!(is_in(&controller, start, &named), "{note}");
        for step in steps {
            let answer = match controller.initialize(&bytes(&step.body), &bytes(&step.expected_hash)) {
                Ok(outcome) => Expect { outcome: Some(outcome.as_str().to_owned()), ..Expect::default() },
                Err(refusal) => denied(refusal),
            };
            assert_eq!(answer, step.expect, "{note}: {:?} {:?}", step.body, step.expected_hash);
            assert!(is_in(&controller, &step.then, &named), "{note}: {:?} leaves {controller:?}", step.body);
        }
    });
}

#[test]
fn paused_sandboxes_wake_as_the_table_says() {
    let table = table();
    let edge = table.edge.edge();
    assert!(table.wake.len() >= 190);
    vectors::each("life.json/wake", &table.wake, |row| {
        let (method, target) = (bytes(&row.method), bytes(&row.target));
        let headers: Vec<_> = row.headers.iter().map(|(name, value)| (bytes(name), bytes(value))).collect();
        let lines: Vec<HeaderLine<'_>> = headers.iter().map(|(name, value)| (&name[..], &value[..])).collect();
        let head = Head::new(&method, &target, &lines);
        let answer = edge.route(&head).and_then(|route| {
            let sandbox = &table.edge.sandboxes[route.sandbox_id().as_str()];
            let controller = controller(&table.controllers[&row.controller]);
            wake::check(&edge, &controller, &route, sandbox.state(), &head.request(), UnixSeconds::new(table.now))
        });
        let answer = match answer {
            Ok(()) => Expect { wakes: Some(true), ..Expect::default() },
            Err(refusal) => denied(refusal),
        };
        assert_eq!(answer, row.expect, "{}", row.note);
    });
}

#[test]
fn ids_are_shortened_as_the_table_says() {
    let rows = table().shorten;
    assert!(rows.len() >= 20);
    vectors::each("life.json/shorten", &rows, |Shorten { id, short }| {
        let answer = SandboxId::shorten(&bytes(id));
        let expected = short.as_deref().map(|short| short.parse().unwrap()).ok_or(Misuse::LongSandboxId);
        assert_eq!(answer, expected);
    });
}

#[test]
fn creation_takes_the_deployments_default() {
    let rows = table().creation;
    assert!(rows.len() >= 18);
    vectors::each("life.json/creation", &rows, |row| {
        let options = creation::Options {
            secure: row.secure,
            allow_public_traffic: row.allow_public_traffic,
            restricted_by_default: row.restricted_by_default,
            envd_version: Some(&row.envd_version),
        };
        match creation::decide(&options) {
            Ok(issued) => {
                assert_eq!(row.refused, None);
                assert_eq!(
                    (Some(issued.access_token), Some(issued.traffic_token)),
                    (row.access_token, row.traffic_token)
                );
            }
            Err(refused) => assert_eq!(Some(refused.as_str()), row.refused.as_deref()),
        }
    });
}

#[test]
fn webhooks_are_verified_as_the_table_says() {
    let rows = table().webhook;
    assert!(rows.len() >= 170);
    vectors::each("life.json/webhook", &rows, |row| {
        let mut secrets = row.secrets.iter().map(|secret| bytes(secret));
        let mut verifier = webhook::Verifier::new(&secrets.next().unwrap()).unwrap();
        secrets.for_each(|secret| verifier.add(&secret).unwrap());
        let headers: Vec<_> = row.headers.iter().map(|(name, value)| (bytes(name), bytes(value))).collect();
        let headers = webhook::Headers::read(headers.iter().map(|(name, value)| (&name[..], &value[..])));
        let body = bytes(&row.body);
        let said = |answer: Result<(), Denied>| match answer {
            Ok(()) => Expect { verified: Some(true), ..Expect::default() },
            Err(refusal) => denied(refusal),
        };
        assert_eq!(said(verifier.verify(&headers, &body)), row.expect, "{row:?}");
        for len in [1, 63, 64] {
            let in_pieces = verifier.start(&headers).and_then(|mut verification| {
                body.chunks(len).for_each(|piece| verification.update(piece));
                verification.finish()
            });
            assert_eq!(said(in_pieces), row.expect, "in pieces of {len}: {row:?}");
        }
    });
}

#[test]
fn webhooks_are_signed_as_the_table_says() {
    let rows = table().webhook_sign;
    assert!(rows.len() >= 30);
    vectors::each("life.json/webhook_sign", &rows, |row| {
        let signed = webhook::sign(&bytes(&row.secret), &bytes(&row.body));
        let expected = row.signature.as_deref().ok_or(Misuse::WebhookSecret);
        assert_eq!(signed.as_ref().map(|signature| signature.as_str()).map_err(|misuse| *misuse), expected, "{row:?}");
    });
}
