//! `vectors/guard.json` in core: requests as received, and the answer of every guard.

mod deployment;
mod vectors;

use deployment::{EdgeSetup, bytes, controller};
use sandgate::{Allowed, Denied, Edge, Grant, Head, HeaderLine, UnixSeconds, forward, unknown_sandbox};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    now: i64,
    controllers: BTreeMap<String, Deployment>,
    edge: EdgeSetup,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Deployment {
    access_tokens: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Row {
    note: String,
    gate: String,
    deployment: Option<String>,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    expect: Expect,
}

#[derive(Deserialize, PartialEq, Debug, Default)]
struct Expect {
    status: Option<u16>,
    gate: Option<String>,
    code: Option<String>,
    message: Option<String>,
    preflight: Option<bool>,
    allowed: Option<String>,
    grant: Option<Granted>,
    passed: Option<String>,
    carrier: Option<String>,
    route: Option<String>,
    #[serde(default)]
    forwarded: Option<Forwarded>,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Granted {
    operation: String,
    path: String,
    user: Option<String>,
    expires: Option<i64>,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Forwarded {
    target: String,
    headers: BTreeMap<String, Vec<String>>,
}

fn text(bytes: impl IntoIterator<Item = u8>) -> String {
    bytes.into_iter().map(char::from).collect()
}

fn denied(denied: Denied) -> Expect {
    let (gate, code) = (denied.gate().to_string(), denied.code().to_string());
    let (status, message) = (Some(denied.status()), Some(denied.message().to_owned()));
    Expect { status, gate: Some(gate), code: Some(code), message, ..Expect::default() }
}

fn granted(grant: &Grant<'_>) -> Granted {
    Granted {
        operation: grant.operation().as_str().to_owned(),
        path: text(grant.path().bytes()),
        user: grant.user().map(|user| text(user.bytes())),
        expires: grant.expires().map(UnixSeconds::get),
    }
}

fn allowed(allowed: &Allowed<'_>) -> Expect {
    Expect { allowed: Some(allowed.basis().to_owned()), grant: allowed.grant().map(granted), ..Expect::default() }
}

fn ask_edge(edge: &Edge, table: &Table, head: &Head<'_>) -> Expect {
    let route = match edge.route(head) {
        Ok(route) => route,
        Err(refusal) => return denied(refusal),
    };
    let Some(known) = table.edge.sandboxes.get(route.sandbox_id().as_str()) else {
        let (status, message) = (Some(unknown_sandbox::STATUS), Some(unknown_sandbox::MESSAGE.to_owned()));
        return Expect { status, message, ..Expect::default() };
    };
    let passed = match edge.guard(&route, known.state(), head, UnixSeconds::new(table.now)) {
        Ok(passed) => passed,
        Err(refusal) => return denied(refusal),
    };
    Expect {
        passed: Some(passed.basis().to_owned()),
        carrier: passed.carrier().map(|carrier| carrier.to_string()),
        route: Some(route.to_string()),
        ..Expect::default()
    }
}

fn collect(write: impl FnOnce(&mut dyn FnMut(&[u8])) -> bool) -> Option<String> {
    let mut out = Vec::new();
    write(&mut |piece| out.extend_from_slice(piece)).then(|| text(out))
}

/// The forwarded values of the row's headers.
fn goes_on(expected: &Forwarded, target: &[u8], lines: &[HeaderLine<'_>]) -> Forwarded {
    let values = |name: &String| {
        let named = lines.iter().filter(|line| line.0.eq_ignore_ascii_case(name.as_bytes()));
        let values = named.filter_map(|(name, value)| collect(|out| forward::header(name, value, out)));
        (name.clone(), values.collect())
    };
    let target = collect(|out| {
        forward::target(target, out);
        true
    });
    Forwarded { target: target.unwrap(), headers: expected.headers.keys().map(values).collect() }
}

#[test]
fn every_row_has_the_answer_of_the_table() {
    let table: Table = vectors::read("guard.json");
    let edge = table.edge.edge();
    assert!(table.rows.len() >= 300);
    vectors::each("guard.json/rows", &table.rows, |row| {
        let (method, target) = (bytes(&row.method), bytes(&row.target));
        let headers: Vec<_> = row.headers.iter().map(|(name, value)| (bytes(name), bytes(value))).collect();
        let lines: Vec<HeaderLine<'_>> = headers.iter().map(|(name, value)| (&name[..], &value[..])).collect();
        let head = Head::new(&method, &target, &lines);
        let mut answer = match row.deployment.as_deref() {
            Some(deployment) => match controller(&table.controllers[deployment].access_tokens)
                .guard(&head, UnixSeconds::new(table.now))
            {
                Ok(Some(basis)) => allowed(&basis),
                Ok(None) => Expect { preflight: Some(true), ..Expect::default() },
                Err(refusal) => denied(refusal),
            },
            None => ask_edge(&edge, &table, &head),
        };
        answer.forwarded = row.expect.forwarded.as_ref().map(|expected| goes_on(expected, &target, &lines));
        assert_eq!(row.deployment.is_some(), row.gate == "controller");
        assert_eq!(answer, row.expect, "{}", row.note);
    });
}
